"""The ways in which users have the controls: installed, cloned, beside Checkov alone, beside an older copy."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checkov_aiml import control_catalogue, journal

REPOSITORY = Path(__file__).resolve().parents[2]
PLANS = REPOSITORY / "tests" / "fixtures" / "plans"


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in an environment without Checkov's and Python's own variables."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(("CHECKOV_", "CKV_", "PYTHON"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, "ANSI_COLORS_DISABLED": "true", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _succeed(*command: str | Path, cwd: Path) -> str:
    finished = run(*command, cwd=cwd)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@dataclass(frozen=True)
class Scan:
    """What one scan gave: (id, file, resource, result) of every result, (id, framework) of every control loaded."""

    results: frozenset[tuple[str, str, str, str]]
    loaded: frozenset[tuple[str, str]]
    exit_code: int
    log: str

    @property
    def failing(self) -> frozenset[str]:
        """The ids of the controls that found something."""
        return frozenset(identifier for identifier, _, _, result in self.results if result == "FAILED")

    def results_in(self, folder: str, identifier: str) -> frozenset[str]:
        """What a control said of a folder of the scan input."""
        return frozenset(
            result
            for control, file, _, result in self.results
            if control == identifier and file.startswith(f"/{folder}/")
        )


class Checkov:
    """Checkov's command line, with one Python and the scan input of these tests; equal scans are run once."""

    def __init__(self, python: Path, scan_input: Path, work: Path) -> None:
        self.python = python
        self._scan_input = scan_input
        self._work = work
        self._scans: dict[tuple[str, ...], Scan] = {}

    def on(self, scan_input: Path) -> Checkov:
        """The same Checkov with another input."""
        return Checkov(self.python, scan_input, self._work / scan_input.name)

    def scan(self, *frameworks: str, external_checks: Path | str) -> Scan:
        """Scan with a folder of external checks, or with a git URL."""
        option = "--external-checks-dir" if isinstance(external_checks, Path) else "--external-checks-git"
        arguments = ("--framework", *frameworks, option, str(external_checks))
        if arguments not in self._scans:
            self._scans[arguments] = self._run(*arguments)
        return self._scans[arguments]

    def _run(self, *arguments: str) -> Scan:
        folder = self._work / f"scan{len(self._scans)}"
        folder.mkdir(parents=True)
        notes = folder / "journal"
        common = ("-d", self._scan_input, "--check", "CKV_AIML_*", "-o", "json", "--skip-download")
        # Isolated (-I), so that neither the current folder nor a variable makes this package importable.
        finished = run(
            self.python, "-I", "-m", "checkov.main", *common, *arguments, cwd=folder, **{journal.VARIABLE: str(notes)}
        )
        try:
            reports = json.loads(finished.stdout)
        except ValueError:
            pytest.fail(f"no report:\n{finished.stdout}\n{finished.stderr}")
        return Scan(
            frozenset(_results(reports if isinstance(reports, list) else [reports])),
            frozenset((str(n["id"]), str(n["framework"])) for n in journal.read(notes) if n["event"] == "loaded"),
            finished.returncode,
            finished.stderr,
        )


def _results(reports: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, str, str, str]]:
    for report in reports:
        records = report.get("results", {})
        assert isinstance(records, dict), report
        for kind in ("passed_checks", "failed_checks", "skipped_checks"):
            for record in records.get(kind, ()):
                yield record["check_id"], record["file_path"], record["resource"], record["check_result"]["result"]


@pytest.fixture(scope="session")
def scan_input(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is scanned: the failing example of every control, each in a folder of its own, and two plans."""
    root = tmp_path_factory.mktemp("input")
    names = {"terraform": "main.tf", "kubernetes": "manifest.yaml"}
    for control in control_catalogue.controls():
        folder = root / f"{control.id}_{control.framework}"
        folder.mkdir()
        (folder / names[control.framework]).write_text(control.fails, encoding="utf-8")
    for plan in ("aws-insecure.json", "azure-insecure.json"):
        shutil.copy(PLANS / plan, root)
    return root


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that holds what a commit of the working tree would hold."""
    root = tmp_path_factory.mktemp("clone") / "checkov-aiml"
    listed = _succeed("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY)
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, root / name)
    identity = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    _succeed("git", "init", "--quiet", cwd=root)
    _succeed("git", "add", "--all", cwd=root)
    _succeed("git", *identity, "commit", "--quiet", "--message", "The working tree", cwd=root)
    return root


@pytest.fixture(scope="session")
def distributions(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built as `python -m build` builds them for a release."""
    source = tmp_path_factory.mktemp("source") / "checkov-aiml"
    shutil.copytree(clone, source, ignore=shutil.ignore_patterns(".git"))
    target = tmp_path_factory.mktemp("distributions")
    backend = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    # Where the running environment has the build backend, nothing needs to be downloaded for the build.
    options = ["--no-isolation"] if all(map(_is_installed, backend)) else []
    _succeed(sys.executable, "-m", "build", *options, "--outdir", target, source, cwd=target)
    return target


def _is_installed(requirement: str) -> bool:
    wanted = Requirement(requirement)
    try:
        return wanted.specifier.contains(importlib.metadata.version(wanted.name))
    except importlib.metadata.PackageNotFoundError:
        return False


def _requirements_of(name: str) -> dict[str, importlib.metadata.Distribution]:
    found: dict[str, importlib.metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    wanted = [(name, "")]
    while wanted:
        pair = canonicalize_name(wanted[-1][0]), wanted.pop()[1]
        if pair in seen:
            continue
        seen.add(pair)
        distribution, extra = importlib.metadata.distribution(pair[0]), pair[1]
        found[pair[0]] = distribution
        for requirement in map(Requirement, distribution.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                wanted += [(requirement.name, extra) for extra in ("", *requirement.extras)]
    return found


@pytest.fixture(scope="session")
def checkov_and_its_requirements() -> dict[str, importlib.metadata.Distribution]:
    """Checkov and everything that it requires in this environment, by canonical name."""
    return _requirements_of("checkov")


def _environment_of_checkov(folder: Path) -> Path:
    """A virtual environment with links to Checkov and what it requires, and to nothing else; gives its Python."""
    venv.create(folder, symlinks=True)
    packages = _site_packages(folder)
    for distribution in _requirements_of("checkov").values():
        tops = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
        for top in tops:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())
    return folder / "bin" / "python"


def _site_packages(environment: Path) -> Path:
    return next(environment.glob("lib/python*/site-packages"))


@pytest.fixture(scope="session")
def bare(scan_input: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkov:
    """An environment that holds Checkov alone, as Checkov's container does."""
    python = _environment_of_checkov(tmp_path_factory.mktemp("bare") / "environment")
    return Checkov(python, scan_input, tmp_path_factory.mktemp("bare-scans"))


@pytest.fixture(scope="session")
def installed(distributions: Path, scan_input: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkov:
    """An environment with Checkov and the wheel."""
    python = _environment_of_checkov(tmp_path_factory.mktemp("installed") / "environment")
    pip = (sys.executable, "-m", "pip", "--quiet", "--python", python, "install", "--no-index", "--no-deps")
    _succeed(*pip, next(distributions.glob("*.whl")), cwd=distributions)
    return Checkov(python, scan_input, tmp_path_factory.mktemp("installed-scans"))


@pytest.fixture(scope="session")
def installed_checks(installed: Checkov) -> Path:
    """The folder that the installed command names."""
    return Path(_succeed(installed.python.with_name("checkov-aiml"), "path", cwd=installed.python.parent).strip())


@pytest.fixture(scope="session")
def outdated(request: pytest.FixtureRequest, scan_input: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkov:
    """An environment with Checkov and an older, useless `checkov_aiml`, importable or even imported already."""
    python = _environment_of_checkov(tmp_path_factory.mktemp("outdated") / "environment")
    packages = _site_packages(python.parents[1])
    (packages / "checkov_aiml").mkdir()
    (packages / "checkov_aiml" / "__init__.py").write_text('__version__ = "0.0.1"\n', encoding="utf-8")
    (packages / "checkov_aiml" / "control.py").write_text(
        "class Control:\n"
        "    def __init_subclass__(cls) -> None:\n"
        '        raise RuntimeError("the older copy is in use")\n',
        encoding="utf-8",
    )
    if request.param == "imported":
        (packages / "older.pth").write_text("import checkov_aiml.control\n", encoding="utf-8")
    return Checkov(python, scan_input, tmp_path_factory.mktemp("outdated-scans"))
