"""A control more takes one file: the one that docs/writing-a-control.md shows, dropped into a copy without it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkov

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "writing-a-control.md"
ID = "CKV_AIML_NET_3"


def _control_of_the_guide() -> tuple[str, str]:
    """The path that the guide names and the code that it shows."""
    text = GUIDE.read_text(encoding="utf-8")
    path = re.search(r"`(checkov_aiml/checks/\S+\.py)`", text)
    code = re.search(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert path and code
    return path[1], code[1]


@pytest.fixture(scope="module")
def reduced(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository that never heard of the control."""
    root = tmp_path_factory.mktemp("reduced") / "checkov-aiml"
    shutil.copytree(clone, root, ignore=shutil.ignore_patterns(".git"))
    (root / _control_of_the_guide()[0]).unlink()
    _python(root, "-m", "checkov_aiml.documentation", "docs")
    return root


@pytest.fixture(scope="module")
def extended(reduced: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That copy with one file more."""
    root = tmp_path_factory.mktemp("extended") / "checkov-aiml"
    shutil.copytree(reduced, root)
    path, code = _control_of_the_guide()
    (root / path).write_text(code, encoding="utf-8")
    return root


def _python(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, *arguments]
    finished = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_guide_shows_the_control_as_it_is(clone: Path) -> None:
    path, code = _control_of_the_guide()
    assert (clone / path).read_text(encoding="utf-8") == code, f"copy {path} into {GUIDE.name}"


def test_it_is_listed(reduced: Path, extended: Path) -> None:
    def listed(root: Path) -> list[dict[str, object]]:
        return json.loads(_python(root, "-m", "checkov_aiml", "list", "--format", "json"))

    before, after = listed(reduced), listed(extended)
    name = "Ensure SageMaker notebook instances have no direct internet access"
    control = {"id": ID, "severity": "HIGH", "name": name, "frameworks": ["terraform"]}
    assert control not in before
    assert [other for other in after if other != control] == before
    assert len(after) == len(before) + 1


def test_it_is_documented_and_passes_the_tests_of_every_control(reduced: Path, extended: Path) -> None:
    assert not (reduced / "docs" / "controls" / f"{ID}.md").exists()
    _python(extended, "-m", "checkov_aiml.documentation", "docs")
    page = (extended / "docs" / "controls" / f"{ID}.md").read_text(encoding="utf-8")
    assert f"# {ID}: Ensure SageMaker notebook instances have no direct internet access" in page
    assert f"({ID}.md)" in (extended / "docs" / "controls" / "README.md").read_text(encoding="utf-8")
    tests = ("tests/loading/test_control_heads.py", "tests/docs/test_docs_generated.py")
    _python(extended, "-m", "pytest", "-p", "no:cacheprovider", *tests)


def test_it_runs(reduced: Path, extended: Path, bare: Checkov, tmp_path: Path) -> None:
    program = (
        "import json; from checkov_aiml import control_catalogue;"
        f"control, = control_catalogue.by_id()['{ID}']; print(json.dumps([control.fails, control.passes]))"
    )
    for folder, example in zip(("fails", "passes"), json.loads(_python(extended, "-c", program)), strict=True):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.tf").write_text(example, encoding="utf-8")
    checkov = bare.on(tmp_path)
    before, after = (
        checkov.scan("terraform", external_checks=root / "checkov_aiml" / "checks") for root in (reduced, extended)
    )
    assert {before.results_in(folder, ID) for folder in ("fails", "passes")} == {frozenset()}
    assert after.results_in("fails", ID) == {"FAILED"}
    assert after.results_in("passes", ID) == {"PASSED"}
    assert after.loaded == before.loaded | {(ID, "terraform")}
    assert "[ERROR]" not in after.log
