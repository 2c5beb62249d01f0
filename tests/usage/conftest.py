"""A new user's machine: a fresh virtual environment, a container with Checkov alone, and the controls behind a git URL.

The documentation's `https://git.example.org/checkov-aiml.git` leads to a clone of the working tree, tagged with its
version, so that commands and pipeline files are run as they are written. pip finds what Checkov requires installed
already (by PYTHONPATH); it builds and installs this package itself.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from checkov_aiml import __version__

REPOSITORY = Path(__file__).resolve().parents[2]
URL = "https://git.example.org/checkov-aiml.git"
TIME_LIMIT = 300

BAD = """\
resource "aws_sagemaker_model" "fraud" {
  name               = "fraud"
  execution_role_arn = "arn:aws:iam::111122223333:role/fraud-model"

  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/fraud:1.4.2"
  }
}
"""
FIXED = """\
resource "aws_sagemaker_model" "fraud" {
  name                     = "fraud"
  execution_role_arn       = "arn:aws:iam::111122223333:role/fraud-model"
  enable_network_isolation = true

  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/fraud:1.4.2"
  }

  vpc_config {
    subnets            = ["subnet-0a1b2c3d4e5f60718"]
    security_group_ids = ["sg-0a1b2c3d4e5f60718"]
  }
}
"""


def _loading_conftest() -> ModuleType:
    """The fixtures of `tests/loading`: a conftest cannot be imported by its name."""
    path = REPOSITORY / "tests" / "loading" / "conftest.py"
    specification = importlib.util.spec_from_file_location("fixtures_of_loading", path)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[module.__name__] = module
    specification.loader.exec_module(module)
    return module


_loading = _loading_conftest()
clone = _loading.clone
distributions = _loading.distributions


@dataclass(frozen=True)
class Done:
    """What commands did: the exit code of the last one, and all that they printed."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class Machine:
    """A user's machine: its programs and its environment."""

    programs: Path
    environment: Mapping[str, str]

    def run(self, script: str, cwd: Path, every_framework: bool = False, **variables: str) -> Done:
        """Run a shell script as pipelines do: it stops at the first command that fails.

        Checkov starts its twenty frameworks unless it is told which: here by a variable, so that commands stay as they
        are written, except where `every_framework` is wanted.
        """
        asked = {} if every_framework else {"CKV_FRAMEWORK": "terraform"}
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=cwd,
            env={**self.environment, **asked, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def add_program(self, name: str, script: str, folder: Path | None = None) -> None:
        """Give the machine a program, written in shell."""
        path = (folder or self.programs) / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)


@pytest.fixture(scope="session")
def published(clone: Path) -> Mapping[str, str]:
    """The environment in which git finds the tagged clone behind the documentation's URL."""
    subprocess.run(["git", "tag", "--force", f"v{__version__}"], cwd=clone, check=True, capture_output=True)
    identity = {"NAME": "tests", "EMAIL": "tests@example.org"}
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{clone.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": URL,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in identity.items()},
    }


def _link(folder: Path, *names: str) -> Path:
    """Links to the named distributions of this environment and to all that they require."""
    folder.mkdir()
    for distribution in {
        found.name: found for name in names for found in _loading._requirements_of(name).values()
    }.values():
        for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())
    return folder


def _inherited() -> dict[str, str]:
    """What pip and git need to reach their servers, and nothing that says how this machine is set up for the tests."""
    unwanted = ("CHECKOV", "CKV", "BC_", "PYTHON", "GIT_", "PRE_COMMIT", "VIRTUAL_ENV", "GITHUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


@pytest.fixture(scope="session")
def machine(published: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A fresh virtual environment with pip, `checkov` and `pre-commit` at hand, and without this package."""
    folder = tmp_path_factory.mktemp("machine")
    venv.create(folder / "environment", symlinks=True, with_pip=True)
    backend = ["setuptools"] if _loading._is_installed("setuptools>=77") else []
    packages = _link(folder / "packages", "checkov", "pre-commit", "presidio-analyzer", "pyarrow", *backend)
    programs = folder / "environment" / "bin"
    made = Machine(
        programs,
        {
            **_inherited(),
            **published,
            "PATH": os.pathsep.join((str(programs), *os.environ["PATH"].split(os.pathsep))),
            "PYTHONPATH": str(packages),
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "ANSI_COLORS_DISABLED": "true",
            # Nothing has to be downloaded to build the package where its build backend is at hand.
            **({"PIP_NO_BUILD_ISOLATION": "0"} if backend else {}),
        },
    )
    for name, module in {"checkov": "checkov.main", "pre-commit": "pre_commit"}.items():
        made.add_program(name, f'exec "{programs}/python" -P -m {module} "$@"')
    return made


@pytest.fixture(scope="session")
def container(published: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """What Checkov's image holds: Checkov, what it requires, git, and nothing else."""
    folder = tmp_path_factory.mktemp("container")
    python = _loading._environment_of_checkov(folder / "environment")
    made = Machine(python.parent, {**_inherited(), **published, "PATH": f"{python.parent}{os.pathsep}/usr/bin:/bin"})
    made.add_program("checkov", f'exec "{python}" -P -m checkov.main "$@"')
    return made


@pytest.fixture(scope="session")
def installed_machine(machine: Machine) -> Machine:
    """The machine after the documentation's installation command."""
    done = machine.run(f'python -m pip install "git+{URL}@v{__version__}"', machine.programs)
    assert done.exit_code == 0, done.output
    return machine


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git repository with one bad file, staged."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "main.tf").write_text(BAD, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    return folder


def commands(page: str, heading: str) -> list[str]:
    """The commands of the shell blocks below a heading of a documentation page."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    section = re.search(rf"^(#+) {re.escape(heading)}$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, heading
    blocks: Sequence[str] = re.findall(r"^```sh\n(.*?)^```", section[2], re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", "").splitlines() if line.strip()]


@pytest.fixture(scope="session", name="commands")
def documented_commands() -> object:
    return commands


@pytest.fixture(scope="session")
def fixed() -> str:
    return FIXED
