"""How the tests of the command line run it: as users do, in a process of its own, on files made for the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TIME_LIMIT = 300
"""Seconds after which a command hangs: it raises `subprocess.TimeoutExpired`."""
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get]
"""


CONTROL = """
from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.kubernetes_control import KubernetesControl


class Extra(KubernetesControl):
    id = "{identifier}"
    name = "Ensure that the tests have a control of their own"
    severity = HIGH
    category = CheckCategories.KUBERNETES
    why = "A control that breaks must not go unnoticed."
    fix = "Correct the control."
    guideline = "https://kubernetes.io/docs/"
    kinds = {{"Role": ("rules",)}}
    fails = passes = ""

    def judge(self, manifest):
        {judgement}


check = Extra()
"""


@dataclass(frozen=True)
class Result:
    """What a command did."""

    exit_code: int
    output: str
    words: str

    def lines(self) -> list[str]:
        """What it said on standard error, without Checkov's own log lines and tracebacks."""
        return [line for line in self.words.splitlines() if ": " in line and not line.startswith((" ", "20"))]


@dataclass(frozen=True)
class Scan(Result):
    """What `checkov-aiml scan` did, and what it answered as JSON."""

    answers: Mapping[str, Any]

    def unlooked(self) -> set[tuple[str, str]]:
        return {(one["path"], one["place"]) for one in self.answers["not_looked_at"]}

    def reason(self, path: str) -> str:
        return "; ".join(one["reason"] for one in self.answers["not_looked_at"] if one["path"] == path)


def _run(
    command: list[str], cwd: Path, package: Path, environment: Mapping[str, str], time_limit: int = TIME_LIMIT
) -> Result:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHECKOV", "CKV", "BC_"))}
    process = subprocess.run(
        [sys.executable, "-P", *command],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(package), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=time_limit,
    )
    return Result(process.returncode, process.stdout, process.stderr)


@pytest.fixture(scope="session")
def aiml() -> Callable[..., Result]:
    """Runs `checkov-aiml` in a folder; `package` is the folder that holds the package."""

    def run(*arguments: str, cwd: Path, package: Path = REPOSITORY, **environment: str) -> Result:
        return _run(["-m", "checkov_aiml", *arguments], cwd, package, environment)

    return run


@pytest.fixture(scope="session")
def scan(aiml: Callable[..., Result], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Scan]:
    """Runs `checkov-aiml scan` in a folder and reads its answers."""

    def run(*arguments: str, cwd: Path, package: Path = REPOSITORY, **environment: str) -> Scan:
        file = tmp_path_factory.mktemp("answers") / "answers.json"
        result = aiml("scan", "--quiet", *arguments, "--answers", str(file), cwd=cwd, package=package, **environment)
        assert file.exists(), result.words
        return Scan(result.exit_code, result.output, result.words, json.loads(file.read_text(encoding="utf-8")))

    return run


@pytest.fixture(scope="session")
def checkov() -> Callable[..., Result]:
    """Runs Checkov itself with the controls, without this package's command."""

    def run(*arguments: str, cwd: Path, time_limit: int = TIME_LIMIT, **environment: str) -> Result:
        checks = REPOSITORY / "checkov_aiml" / "checks"
        own = ["-m", "checkov.main", "--skip-download", "--quiet", "--external-checks-dir", str(checks)]
        return _run([*own, *arguments], cwd, REPOSITORY, environment, time_limit)

    return run


@pytest.fixture(scope="session")
def write() -> Callable[[Path, Mapping[str, str]], Path]:
    """Writes files, given by their paths below a folder, and returns the folder."""

    def files(folder: Path, texts: Mapping[str, str]) -> Path:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return files


@pytest.fixture(scope="session")
def role() -> Callable[[str], str]:
    """A harmless Kubernetes role of a name."""
    return lambda name: ROLE.format(name=name)


@pytest.fixture(scope="session")
def plan() -> str:
    """The text of a genuine plan with one resource."""
    return (Path(__file__).parent / "plan" / "plan.json").read_text(encoding="utf-8")


@pytest.fixture
def copied_package(tmp_path: Path) -> Path:
    """A folder that holds a copy of the package, for tests that break it."""
    package = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "checkov_aiml", package / "checkov_aiml", ignore=ignored)
    return package


@pytest.fixture
def add_control(copied_package: Path) -> Callable[..., Path]:
    """Adds a control on Kubernetes roles to the copied package: its id and the code of its judgement."""

    def add(file: str, identifier: str, judgement: str) -> Path:
        path = copied_package / "checkov_aiml" / "checks" / "kubernetes" / "rbac" / file
        path.write_text(CONTROL.format(identifier=identifier, judgement=judgement), encoding="utf-8")
        return path

    return add
