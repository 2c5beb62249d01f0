"""Whole configurations, as HCL and as plan: the set of results must be the one that their comments expect.

`# expect: NET_1 pass, ENC_1 fail` stands directly above a resource and lists everything that is reported on it.

- `# expect: nothing` says that the resource is deliberately not judged.
- `# expect["a"]: …` and `# expect[0, 1]: …` speak of instances, `# expect module.b: …` and `# expect module.b ["a"]: …`
  of a resource in instances of a module; several are separated by commas.
- `# expect in plan: NET_1 unknown — why` states what the plan says otherwise, `unknown` meaning that it reports nothing.
- `# no plan — why` in a folder's first file says why it has no plan twin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from checkov_aiml import catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
PLANS = REPOSITORY / "tests" / "fixtures" / "plans"
FOLDERS = {
    **{f"{path.parent.name}-{path.name}": path for path in REPOSITORY.glob("examples/a[wz]*/*") if path.is_dir()},
    **{path.name: path for path in REPOSITORY.glob("tests/fixtures/terraform/*") if path.is_dir()},
}
RESULTS = {"pass": "PASSED", "fail": "FAILED", "skip": "SKIPPED", "unknown": ""}

_EXPECTATION = re.compile(r"^\s*#\s*expect(?P<where>(?![\w-]).*?)(?P<plan>\s+in plan)?:\s+(?P<said>\S.*)$")
_RESOURCE = re.compile(r'^resource\s+"(?P<type>[^"]+)"\s+"(?P<name>[^"]+)"')
_KEYS = re.compile(r"(?:^|\s)\[(?P<keys>[^\]]*)\]$")
_NO_PLAN = re.compile(r"^# no plan — (?P<why>.+)$", re.MULTILINE)


class Expectation(NamedTuple):
    file: str
    control: str
    address: str
    result: str


def expectations(folder: Path, *, of_plan: bool) -> list[Expectation]:
    """What the comments of a folder expect of a scan of it, or of its plan."""
    found: dict[tuple[str, str, str], Expectation] = {}
    for path in sorted(folder.rglob("*.tf")):
        file = path.relative_to(folder).as_posix()
        for plan_only, control, address, result in _in_file(path):
            key = (file, address, control)
            if of_plan or not plan_only:
                assert plan_only or key not in found, f"{path}: {address}: {control} is expected twice"
                found[key] = Expectation("" if of_plan else file, control, address, result)
    return sorted(expectation for expectation in found.values() if expectation.result)


def _in_file(path: Path) -> Iterator[tuple[bool, str, str, str]]:
    """Whether it is said of the plan alone, control, address and result of each expectation."""
    pending: list[re.Match[str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        said, resource = _EXPECTATION.match(line), _RESOURCE.match(line)
        assert resource or line.lstrip().startswith("#") or not pending, f"{path}:{number}: no resource follows"
        if said:
            pending.append(said)
        if resource:
            for match in pending:
                for address in _addresses(f"{resource['type']}.{resource['name']}", match["where"].strip()):
                    yield from ((bool(match["plan"]), control, address, result) for control, result in _said(match))
            pending = []


def _addresses(name: str, where: str) -> list[str]:
    keys = _KEYS.search(where)
    modules = [module.strip() for module in _KEYS.sub("", where).split(",")]
    names = [f"{name}[{key.strip()}]" for key in keys["keys"].split(",")] if keys else [name]
    return [".".join(filter(None, (module, instance))) for module in modules for instance in names]


def _said(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    said, _, why = match["said"].partition(" — ")
    assert why or not match["plan"], f"{match[0]}: say why the plan differs"
    if said != "nothing":
        for part in said.split(", "):
            control, word = part.split()
            yield control, RESULTS[word]


@pytest.mark.parametrize("name", FOLDERS)
def test_hcl(scan, name: str) -> None:
    found = [result[:4] for result in scan(FOLDERS[name])]
    assert found == expectations(FOLDERS[name], of_plan=False)


@pytest.mark.parametrize("name", FOLDERS)
def test_plan(scan, name: str) -> None:
    plan = PLANS / f"{name}.json"
    if any(_NO_PLAN.search(path.read_text(encoding="utf-8")) for path in FOLDERS[name].rglob("*.tf")):
        assert not plan.exists()
        return
    found = [("", *result[1:4]) for result in scan(plan)]
    assert found == expectations(FOLDERS[name], of_plan=True)


def test_every_plan_has_its_folder() -> None:
    assert {path.stem for path in PLANS.glob("*.json")} <= FOLDERS.keys()


@pytest.mark.parametrize("result", ["PASSED", "FAILED"])
def test_every_control_is_expected_somewhere(result: str) -> None:
    said = {e.control for folder in FOLDERS.values() for e in expectations(folder, of_plan=False) if e.result == result}
    terraform = {c.id.removeprefix("CKV_AIML_") for c in catalogue.controls() if c.framework == "terraform"}
    assert terraform <= said
