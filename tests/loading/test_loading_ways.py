"""However the controls are loaded, the same ones run and say the same."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

from checkov_aiml import loading

if TYPE_CHECKING:
    from conftest import Checkov, Scan

FOLDERS = ("", "terraform", "kubernetes")
FRAMEWORKS = (("terraform",), ("terraform_plan",), ("terraform", "kubernetes"), ("all",))
BOTH = ("terraform", "kubernetes")
NEED_PRESIDIO = ("CKV_AIML_PII_1", "CKV_AIML_PII_2")
"""Controls that judge a dataset; where Presidio is not installed, PII_4 fails in their place."""


def controls_in(folder: str) -> frozenset[tuple[str, str]]:
    """Id and framework of every control below a subfolder of `checks`, told from the names of its files."""
    return frozenset(control for control in loading.expected() if folder in ("", control[1]))


def assert_same(scan: Scan, installed: Scan, folder: str = "") -> None:
    """All controls of the folder were loaded without a complaint, and said what the installed ones say."""
    assert "Cannot load external check" not in scan.log
    errors = [line for line in scan.log.splitlines() if "[ERROR]" in line]
    # pre-commit wants a list in .pre-commit-hooks.yaml, and Checkov says of a list that it is no policy.
    assert [line for line in errors if "checkov-aiml-pii" not in line] == []
    assert scan.loaded == controls_in(folder)
    assert scan.results == installed.results
    assert scan.exit_code == installed.exit_code == 1


@pytest.mark.parametrize("frameworks", FRAMEWORKS, ids=" ".join)
def test_installed(installed: Checkov, installed_checks: Path, frameworks: tuple[str, ...]) -> None:
    scan = installed.scan(*frameworks, external_checks=installed_checks)
    assert_same(scan, scan)
    assert len(scan.failing) > 10
    chosen = [pair for pair in controls_in("") if {pair[1], "all"} & set(frameworks) and pair[0] not in NEED_PRESIDIO]
    assert [pair for pair in chosen if "FAILED" not in scan.results_in("_".join(pair), pair[0])] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_clone_without_pip(bare: Checkov, clone: Path, installed: Checkov, installed_checks: Path, folder: str) -> None:
    scan = bare.scan(*BOTH, external_checks=clone / "checkov_aiml" / "checks" / folder)
    assert_same(scan, installed.scan(*BOTH, external_checks=installed_checks / folder), folder)


@pytest.mark.parametrize("frameworks", FRAMEWORKS, ids=" ".join)
def test_clone_in_every_framework(
    bare: Checkov, clone: Path, installed: Checkov, installed_checks: Path, frameworks: tuple[str, ...]
) -> None:
    scan = bare.scan(*frameworks, external_checks=clone / "checkov_aiml" / "checks")
    assert_same(scan, installed.scan(*frameworks, external_checks=installed_checks))


def test_whole_repository(bare: Checkov, clone: Path, installed: Checkov, installed_checks: Path) -> None:
    scan = bare.scan(*BOTH, external_checks=clone)
    assert_same(scan, installed.scan(*BOTH, external_checks=installed_checks))


def test_git_url(bare: Checkov, clone: Path, installed: Checkov, installed_checks: Path) -> None:
    scan = bare.scan(*BOTH, external_checks=f"{clone.as_uri()}//checkov_aiml/checks")
    assert_same(scan, installed.scan(*BOTH, external_checks=installed_checks))


@pytest.mark.parametrize(
    ("outdated", "folder"), [("importable", ""), *(("imported", folder) for folder in FOLDERS)], indirect=["outdated"]
)
def test_clone_beside_an_older_installed_copy(
    outdated: Checkov, clone: Path, installed: Checkov, installed_checks: Path, folder: str
) -> None:
    scan = outdated.scan(*BOTH, external_checks=clone / "checkov_aiml" / "checks" / folder)
    assert_same(scan, installed.scan(*BOTH, external_checks=installed_checks / folder), folder)


def test_bare_environment_holds_checkov_alone(
    bare: Checkov, checkov_and_its_requirements: dict[str, importlib.metadata.Distribution]
) -> None:
    """Nothing else that the tests' own environment holds can be found or imported there."""
    others = {
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if module.isidentifier() and not checkov_and_its_requirements.keys() & set(map(canonicalize_name, owners))
    }
    assert {"pytest", "hypothesis"} <= others
    program = (
        "import importlib.metadata, importlib.util, json, sys;"
        "names = [distribution.metadata['Name'] for distribution in importlib.metadata.distributions()];"
        "print(json.dumps([names, [module for module in sys.argv[1:] if importlib.util.find_spec(module)]]))"
    )
    command = [bare.python, "-I", "-c", program, "checkov_aiml", *others]
    names, importable = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert set(map(canonicalize_name, names)) == checkov_and_its_requirements.keys()
    assert importable == []


def test_wheel_and_sdist_hold_all_that_is_loaded(clone: Path, distributions: Path) -> None:
    """Every module, every control and its bootstrap file, and the tables."""
    files = {
        path.relative_to(clone).as_posix()
        for pattern in ("*.py", "data/*.json")
        for path in (clone / "checkov_aiml").rglob(pattern)
    }
    assert {"checkov_aiml/checks/aiml_checks_copy.py", "checkov_aiml/data/provider_defaults.json"} <= files
    with zipfile.ZipFile(next(distributions.glob("*.whl"))) as wheel:
        assert files <= set(wheel.namelist())
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as sdist:
        assert files <= {name.partition("/")[2] for name in sdist.getnames()}
