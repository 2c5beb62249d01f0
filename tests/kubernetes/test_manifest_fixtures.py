"""Whole folders of manifests: the set of results must be the one that their comments expect.

`# expect: RBAC_1 fail, RBAC_2 pass` stands above an object and lists everything that is reported on it, `# expect:
nothing` says that the object is deliberately not judged, and a dash starts a remark. `# judged here: SEC_1` in a folder
names the controls whose results are compared; in a folder without it, and in the examples, all of the families RBAC and
SEC are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checkov.kubernetes.kubernetes_utils import get_resource_id
from checkov.kubernetes.parser.parser import parse

REPOSITORY = Path(__file__).resolve().parents[2]
FIXTURES = REPOSITORY / "tests" / "fixtures" / "kubernetes"
FOLDERS = {
    **{path.name: path for path in sorted(FIXTURES.iterdir()) if path.is_dir()},
    **{f"example-{path.name}": path for path in sorted((REPOSITORY / "examples" / "kubernetes").glob("*secure"))},
}
FAMILIES = ("RBAC", "SEC")

_SCOPE = re.compile(r"^# judged here: (?P<controls>.+)$", re.MULTILINE)
_EXPECTATION = re.compile(r"^\s*# expect: (?P<said>.+?)( — .*)?$")

Result = tuple[str, str, str, str]


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml"))


def judged_in(folder: Path, controls: dict[str, Any]) -> set[str]:
    """The controls whose results are compared in a folder."""
    scopes = [scope for path in files(folder) if (scope := _SCOPE.search(path.read_text(encoding="utf-8")))]
    if scopes:
        return {name.strip() for scope in scopes for name in scope["controls"].split(",")}
    return {name.removeprefix("CKV_AIML_") for name, one in controls.items() if one.family() in FAMILIES}


def expectations(folder: Path) -> Iterator[Result]:
    """File, control, object and result of each expectation of a folder."""
    for path in files(folder):
        documents, lines = parse(str(path)) or ([], [])
        assert documents, f"{path}: Checkov drops it"
        objects = [item for one in documents for item in (one["items"] if one["kind"] == "List" else [one])]
        told = set()
        for number, line in lines:
            match = _EXPECTATION.match(line)
            if match is None:
                continue
            below = min((o for o in objects if o["__startline__"] > number), key=lambda o: o["__startline__"])
            told.add(id(below))
            for part in match["said"].split(", ") if match["said"] != "nothing" else ():
                control, result = part.split()
                yield path.relative_to(folder).as_posix(), control, get_resource_id(below) or "", result
        assert told == {id(one) for one in objects}, f"{path}: every object has an expectation"


@pytest.mark.parametrize("name", FOLDERS)
def test_the_results_are_those_expected(scan: Any, loaded_controls: dict[str, Any], name: str) -> None:
    folder = FOLDERS[name]
    judged = judged_in(folder, loaded_controls)
    report = scan(folder, *(f"CKV_AIML_{control}" for control in judged))
    results = {"pass": report.passed_checks, "fail": report.failed_checks, "skip": report.skipped_checks}
    found = [
        (record.file_path.lstrip("/"), record.check_id.removeprefix("CKV_AIML_"), record.resource, result)
        for result, records in results.items()
        for record in records
    ]
    assert sorted(found) == sorted(expectations(folder))
    for record in report.failed_checks:
        [detail] = record.details
        assert detail and detail == record.check_result["reason"]


@pytest.mark.parametrize("result", ["pass", "fail"])
def test_every_control_is_expected_somewhere(loaded_controls: dict[str, Any], result: str) -> None:
    said = {control for folder in FOLDERS.values() for _, control, _, told in expectations(folder) if told == result}
    assert {c.removeprefix("CKV_AIML_") for c, one in loaded_controls.items() if one.family() in FAMILIES} <= said


def test_public_shapes_are_twenty_and_defended() -> None:
    """Each set of an operator's roles says in its first lines why what is found in it is true of it."""
    sets = files(FIXTURES / "public_rbac")
    assert len(sets) >= 20
    for path in sets:
        text = path.read_text(encoding="utf-8")
        defence, _, body = text.partition("apiVersion")
        assert defence.startswith("# ")
        said = {
            part.split()[0]
            for match in re.findall(r"# expect: (.+)", body)
            for part in match.split(", ")
            if "fail" in part
        }
        assert said <= set(re.findall(r"RBAC_\d+", defence)), path.name
