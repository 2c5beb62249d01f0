"""What Checkov's loader does to a folder, and what the repository must therefore not hold."""

from __future__ import annotations

import importlib.machinery
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from checkov.common.checks_infra.checks_parser import GraphCheckParser
from checkov.common.checks_infra.registry import Registry

from checkov_aiml import control_catalogue

PACKAGE = control_catalogue.CHECKS.parent
GIVEN = {
    "checkov_aiml": "the package itself",
    "kubernetes": "a folder of checks is named by its framework; neither Checkov nor a dependency imports the client",
    "terraform": "a folder of checks is named by its framework",
}
"""Names that may equal an installed module's, with the reason."""


def _names(folder: Path, pattern: str) -> Iterator[str]:
    yield from (path.stem for path in folder.rglob(pattern) if "__pycache__" not in path.parts)


def _is_a_module_elsewhere(name: str, paths: list[str]) -> bool:
    if name in sys.stdlib_module_names:
        return True
    specification = importlib.machinery.PathFinder.find_spec(name, paths)
    return specification is not None and specification.origin is not None  # A folder without code shadows nothing.


def test_no_name_shadows_a_module_of_python_or_of_an_installed_package(clone: Path) -> None:
    """Checkov puts every folder that it walks on the import path and loads each file of the package by its stem."""
    repository = PACKAGE.parent
    folders = {path: Path(path).resolve() for path in sys.path}
    installed = {path for path, at in folders.items() if "site-packages" in at.parts}  # Also inside the repository.
    elsewhere = [path for path, at in folders.items() if path in installed or not at.is_relative_to(repository)]
    assert _is_a_module_elsewhere("checkov", elsewhere)
    walked = {*_names(clone, "*.py"), *_names(clone / "checkov_aiml", "*"), *(path.name for path in clone.iterdir())}
    names = {name for name in walked if name.isidentifier()} - GIVEN.keys() - {"__init__", "__main__"}
    assert sorted(name for name in names if _is_a_module_elsewhere(name, elsewhere)) == []


def test_stems_of_checks_are_unique() -> None:
    """Checkov verifies signatures and keeps modules by the stem alone."""
    stems = Counter(path.stem for path in control_catalogue.CHECKS.rglob("*.py") if path.stem != "__init__")
    assert [stem for stem, number in stems.items() if number > 1] == []


def test_checks_folder_holds_controls_and_bootstrap_files_alone() -> None:
    """Whatever lies there is executed: a file in another place would be a control that no list shows."""
    bootstrap = set(control_catalogue.CHECKS.rglob("aiml_*_copy.py"))
    assert {path.parent for path in bootstrap} == {control_catalogue.CHECKS, *_folders(control_catalogue.CHECKS)}
    files = {path for path in control_catalogue.CHECKS.rglob("*.py") if path.name != "__init__.py"}
    assert files == bootstrap | set(control_catalogue.control_files())


def _folders(parent: Path) -> Iterator[Path]:
    yield from (path for path in parent.iterdir() if path.is_dir() and path.name != "__pycache__")


def test_only_the_package_is_executed(clone: Path) -> None:
    """Checkov executes the files of every folder with an `__init__.py`, and skips a folder of checks without one."""
    outside = [path for path in clone.rglob("__init__.py") if clone / "checkov_aiml" not in path.parents]
    assert outside == []
    folders = {path.parent for path in (clone / "checkov_aiml").rglob("*.py")}
    skipped = [folder for folder in folders if not (folder / "__init__.py").exists()]
    # What imports Presidio must not be executed where Presidio is not installed.
    assert skipped == [clone / "checkov_aiml" / "pii" / "engine"]


def test_yaml_and_json_files_are_one_document_each(clone: Path) -> None:
    for path in _policies(clone):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            assert isinstance(json.loads(text), dict), path
        else:
            assert len(list(yaml.safe_load_all(text))) == 1, path


def test_checkov_reads_the_repository_as_a_folder_of_policies(clone: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A whole repository as external checks is a folder of YAML policies too; one bad file ends the scan.

    pre-commit wants its list of hooks in a file of that name and form; Checkov says so in one line, and goes on.
    """
    registry = Registry("nowhere", GraphCheckParser())
    with caplog.at_level(logging.ERROR):
        registry.load_external_checks(str(clone))
    assert [record.getMessage() for record in caplog.records if "checkov-aiml-pii" not in record.getMessage()] == []
    assert registry.checks == []


def test_checkov_refuses_what_is_kept_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The same reading of a list says so, and of two documents ends with an error: the test above can fail."""
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    Registry("nowhere", GraphCheckParser()).load_external_checks(str(tmp_path))
    assert "not Dict" in caplog.text
    (tmp_path / "two.yaml").write_text("a: 1\n---\nb: 2\n", encoding="utf-8")
    with pytest.raises(yaml.YAMLError):
        Registry("nowhere", GraphCheckParser()).load_external_checks(str(tmp_path))


def _policies(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root, name) for name in names if Path(name).suffix in (".yaml", ".yml", ".json"))
