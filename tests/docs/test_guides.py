"""Every command of the guides is run as it stands there, in the order of the page, by a user's shell."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from checkov_aiml import control_catalogue, doctor, settings

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PLANS = REPOSITORY / "tests" / "fixtures" / "plans"


def _conftest_of_usage() -> ModuleType:
    """The user's machine of `tests/usage`: a conftest cannot be imported by its name."""
    specification = importlib.util.spec_from_file_location("fixtures_of_usage", DOCS.parent / "tests/usage/conftest.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[module.__name__] = module
    specification.loader.exec_module(module)
    return module


_usage = _conftest_of_usage()
clone, published, machine = _usage.clone, _usage.published, _usage.machine


@dataclass(frozen=True)
class Block:
    """A code block of a page, with the prose before and after it."""

    language: str
    code: str
    before: str
    after: str

    @property
    def exit_code(self) -> int:
        """The exit code that the prose after it promises, or else 0."""
        promised = re.search(r"exit code is (\d)", self.after)
        return int(promised[1]) if promised else 0


def _blocks(page: str) -> list[Block]:
    parts = re.split(r"^( *)```(\w*)\n(.*?)^\1```$", (DOCS / page).read_text("utf-8"), flags=re.M | re.S)
    prose = parts[::4]
    codes = zip(parts[2::4], parts[3::4], strict=True)
    return [Block(lang, textwrap.dedent(code), prose[n], prose[n + 1]) for n, (lang, code) in enumerate(codes)]


@dataclass
class Session:
    """A shell in which one command follows another, in a folder of its own."""

    machine: object
    folder: Path
    output: str = ""
    ran: list[str] = field(default_factory=list)

    def go_through(self, page: str, after: int = 0) -> None:
        """Do what the blocks of a page say, without the first ones."""
        for block in _blocks(page)[after:]:
            match block.language:
                case "sh":
                    self.run(block)
                case "text":
                    self.expect(block.code)
                case "hcl":
                    path = self.folder / "main.tf"
                    kept = path.read_text(encoding="utf-8") if block.before.strip().startswith("Add") else ""
                    path.write_text(kept + block.code, encoding="utf-8")
                case other:
                    pytest.fail(f"{page}: nothing runs a block in {other}")

    def run(self, block: Block) -> None:
        state = self.folder.parent / f"{self.folder.name}.state"
        restored = f'[ ! -f "{state}" ] || . "{state}"\n'
        # What a command sets, such as an activated environment, holds for those after it.
        script = f"{restored}trap 'code=$?; export -p | grep -v PWD= > \"{state}\"; exit $code' EXIT\n{block.code}"
        done = self.machine.run(script, self.folder)
        self.output = done.output
        self.ran.append(block.code)
        assert done.exit_code == block.exit_code, f"{block.code}\n{done.output}"

    def expect(self, text: str) -> None:
        """Every line stands in the output of the last command, in this order."""
        rest = self.output
        for line in filter(None, map(str.strip, text.splitlines())):
            _, found, rest = rest.partition(line)
            assert found, f"{line}\n--- is not in:\n{self.output}"


@pytest.fixture(scope="module")
def user(machine: object, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Somebody who did what the first block of the page for those who start says: it installs."""
    session = Session(machine, tmp_path_factory.mktemp("user") / "project")
    session.folder.mkdir()
    session.run(_blocks("getting-started.md")[0])
    return session


@pytest.fixture
def elsewhere(user: Session, tmp_path: Path) -> Iterator[Session]:
    """The same user, in an empty folder."""
    session = Session(user.machine, tmp_path / "other")
    session.folder.mkdir()
    shutil.copy(user.folder.parent / "project.state", tmp_path / "other.state")
    yield session


def test_getting_started_goes_from_nothing_to_red_and_green(user: Session) -> None:
    user.go_through("getting-started.md", after=1)
    commands = [line for block in user.ran for line in block.splitlines()]
    red = next(number for number, line in enumerate(commands, 1) if line.startswith("checkov -d"))
    assert red < 5, "a gate in under five commands"


def test_upgrading(elsewhere: Session) -> None:
    elsewhere.go_through("upgrading.md")
    assert (elsewhere.folder / "new.json").exists()


def test_from_the_rego_policies(elsewhere: Session) -> None:
    shutil.copy(PLANS / "aws-insecure.json", elsewhere.folder / "plan.json")
    elsewhere.go_through("from-rego-policies.md")
    written = settings.read(elsewhere.folder / settings.FILE_NAME)
    assert written.classification.values == ("public", "internal", "confidential", "pii")


def test_from_stock_checks(elsewhere: Session) -> None:
    (elsewhere.folder / "main.tf").write_text(_usage.FIXED, encoding="utf-8")
    elsewhere.go_through("from-stock-checks.md")


def test_commands_of_the_first_page(elsewhere: Session) -> None:
    """Those that scan; the tests of `make` and of the pipeline files are elsewhere."""
    shutil.copy(PLANS / "azure-secure.json", elsewhere.folder / "plan.json")
    (elsewhere.folder / "main.tf").write_text(_usage.FIXED, encoding="utf-8")
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^checkov.*$", "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)), re.M)
    assert len(commands) > 2
    for command in commands:
        # What the machine cannot reach is not asked, and the example is judged by these controls alone.
        line, _, _ = command.partition("  #")
        block = Block("sh", f"{line} --skip-download --compact --quiet --check 'CKV_AIML_*'\n", "", "")
        elsewhere.run(block)


def test_example_of_the_settings_page_is_valid(tmp_path: Path) -> None:
    (example,) = (block.code for block in _blocks("settings.md") if block.language == "yaml")
    (tmp_path / settings.FILE_NAME).write_text(example, encoding="utf-8")
    assert settings.read(tmp_path / settings.FILE_NAME).unresolved == "fail"


def test_upgrading_names_the_supported_versions_of_checkov() -> None:
    text = (DOCS / "upgrading.md").read_text(encoding="utf-8")
    oldest, newest = sorted(str(one) for one in doctor.SUPPORTED_CHECKOV)[::-1]
    assert (oldest, newest) == (">=3.2.448", "<3.4")
    assert "3.2.448 to 3.3.x" in text


def test_ids_of_the_guides_are_of_the_catalogue() -> None:
    """A family that is renamed, or an id with a slip, would stay an unlinked word."""
    for name in ("from-rego-policies.md", "from-stock-checks.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        linked = set(re.findall(r"\[([A-Z]+_\d+)\]\(controls/CKV_AIML_\1\.md\)", text))
        future = set(re.findall(r"([A-Z]+_\d+) \(not yet\)", text))
        existing = {identifier.removeprefix("CKV_AIML_") for identifier in control_catalogue.by_id()}
        assert linked <= existing and not future & existing, "run `python -m checkov_aiml.documentation docs`"
