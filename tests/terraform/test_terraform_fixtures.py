"""Whole configurations, as HCL and as plan: the set of results must be the one that their comments expect.

`# expect: NET_1 pass, ENC_1 fail` stands directly above a resource, or a provider configuration, and lists everything
that is reported on it.

- `# judged here: NET_1, ENC_1` in a fixture names the controls whose results are compared; in an example all are.
- `# expect: nothing` says that the resource is deliberately not judged.
- `# expect["a"]: …` and `# expect[0, 1]: …` speak of instances, `# expect module.b: …` and `# expect module.b ["a"]: …`
  of a resource in instances of a module; several are separated by commas.
- `# expect in plan: NET_1 unknown — why` states what the plan says otherwise; `unknown` is no result.
- `# no plan — why` in a folder's first file says why it has no plan twin.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from checkov_aiml import control_catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
PLANS = REPOSITORY / "tests" / "fixtures" / "plans"
FOLDERS = {
    **{f"{path.parent.name}-{path.name}": path for path in REPOSITORY.glob("examples/a[wz]*/*") if path.is_dir()},
    **{path.name: path for path in REPOSITORY.glob("tests/fixtures/terraform/*") if path.is_dir()},
}
CONTROLS = {c.id.removeprefix("CKV_AIML_") for c in control_catalogue.controls() if c.framework == "terraform"}
RESULTS = {"pass": "PASSED", "fail": "FAILED", "skip": "SKIPPED", "unknown": ""}

_EXPECTATION = re.compile(r"^\s*#\s*expect(?P<where>(?![\w-]).*?)(?P<plan>\s+in plan)?:\s+(?P<said>\S.*)$")
_RESOURCE = re.compile(r'^resource\s+"(?P<type>[^"]+)"\s+"(?P<name>[^"]+)"')
_PROVIDER = re.compile(r'^provider\s+"(?P<type>[^"]+)"\s+\{(?P<body>.*\}$|(?s:.*?)^\})', re.MULTILINE)
_ALIAS = re.compile(r'^\s*alias\s*=\s*"(?P<name>[^"]+)"', re.MULTILINE)
_KEYS = re.compile(r"(?:^|\s)\[(?P<keys>[^\]]*)\]$")
_SCOPE = re.compile(r"^# judged here: (?P<controls>.+)$", re.MULTILINE)
_NO_PLAN = re.compile(r"^# no plan — (?P<why>.+)$", re.MULTILINE)


class Expectation(NamedTuple):
    file: str
    control: str
    address: str
    result: str


def controls_of(name: str) -> set[str]:
    """The controls whose results are compared in a folder."""
    folder = FOLDERS[name]
    said = [match for path in folder.rglob("*.tf") for match in _SCOPE.finditer(path.read_text(encoding="utf-8"))]
    if folder.is_relative_to(REPOSITORY / "examples"):
        assert not said
        return CONTROLS
    (scope,) = said
    return set(scope["controls"].split(", "))


def expectations(folder: Path, *, of_plan: bool) -> list[Expectation]:
    """What the comments of a folder expect of a scan of it, or of its plan; what is said of the plan alone replaces."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for path in sorted(folder.rglob("*.tf")):
        file = path.relative_to(folder).as_posix()
        for plan_only, control, address, result in sorted(_in_file(path)):
            results = found.setdefault((file, control, address), [])
            if plan_only and of_plan:
                results[:] = [result]
            elif not plan_only:
                results.append(result)
    return sorted(
        Expectation("" if of_plan else file, control, address, result)
        for (file, control, address), results in found.items()
        for result in results
        if result
    )


def _in_file(path: Path) -> Iterator[tuple[bool, str, str, str]]:
    """Whether it is said of the plan alone, control, address and result of each expectation."""
    pending: list[re.Match[str]] = []
    text = path.read_text(encoding="utf-8-sig")
    providers = _providers(text)
    for number, line in enumerate(text.splitlines(), start=1):
        said, resource = _EXPECTATION.match(line), _RESOURCE.match(line)
        name = f"{resource['type']}.{resource['name']}" if resource else providers.get(number)
        assert name or line.lstrip().startswith("#") or not pending, f"{path}:{number}: no resource follows"
        if said:
            pending.append(said)
        if name:
            for match in pending:
                for address in _addresses(name, match["where"].strip()):
                    yield from ((bool(match["plan"]), control, address, result) for control, result in _said(match))
            pending = []


def _providers(text: str) -> dict[int, str]:
    """The line of each provider configuration, and how Checkov names it: `aws.us` by its alias, or `aws.default`."""
    found = {}
    for match in _PROVIDER.finditer(text):
        alias = _ALIAS.search(match["body"])
        found[text.count("\n", 0, match.start()) + 1] = f"{match['type']}.{alias['name'] if alias else 'default'}"
    return found


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


def differences(name: str, results: Iterable[tuple[str, ...]], *, of_plan: bool) -> list[str]:
    """What is missing from the results of a folder or of its plan, and what is there that nobody expects."""
    scope = controls_of(name)
    found = sorted(("" if of_plan else file, *rest[:3]) for file, *rest in results if rest[0] in scope)
    expected: list[tuple[str, ...]] = list(map(tuple, expectations(FOLDERS[name], of_plan=of_plan)))
    unexpected = list(found)
    missing = [one for one in expected if one not in unexpected or unexpected.remove(one)]
    return [f"missing: {' '.join(one)}" for one in missing] + [f"unexpected: {' '.join(one)}" for one in unexpected]


def has_plan(name: str) -> bool:
    return not any(_NO_PLAN.search(path.read_text(encoding="utf-8")) for path in FOLDERS[name].rglob("*.tf"))


@pytest.mark.parametrize("name", FOLDERS)
def test_hcl(scan, name: str) -> None:
    assert differences(name, scan(FOLDERS[name]), of_plan=False) == []


@pytest.mark.parametrize("name", list(filter(has_plan, FOLDERS)))
def test_plan(scan, name: str) -> None:
    assert differences(name, scan(PLANS / f"{name}.json"), of_plan=True) == []


@pytest.mark.parametrize("name", list(filter(has_plan, FOLDERS)))
def test_plan_with_unknown_values_marked(scan, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkov then puts the text `true_after_unknown` where a plan has no value yet."""
    monkeypatch.setenv("EVAL_TF_PLAN_AFTER_UNKNOWN", "1")
    assert differences(name, scan(PLANS / f"{name}.json"), of_plan=True) == []


SCAN_EACH = """
import json, logging, sys
logging.disable(logging.ERROR)
from checkov.runner_filter import RunnerFilter
from checkov.terraform.runner import Runner
checks, *folders = sys.argv[1:]
answers = []
for folder in folders:
    first = [] if answers else [checks]
    runner = Runner()
    report = runner.run(folder, external_checks_dir=first, runner_filter=RunnerFilter(checks=["CKV_AIML_*"]))
    assert type(runner.graph_manager.db_connector).__name__ == "NetworkxConnector"
    records = (*report.passed_checks, *report.failed_checks, *report.skipped_checks)
    answers.append([(r.file_path, r.check_id, r.resource, r.check_result["result"].value) for r in records])
print(json.dumps(answers))
"""


def test_the_other_graph_library() -> None:
    """In a process of its own: Checkov asks for its graph library when it is imported."""
    finished = subprocess.run(
        [sys.executable, "-c", SCAN_EACH, str(control_catalogue.directory()), *map(str, FOLDERS.values())],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "CHECKOV_GRAPH_FRAMEWORK": "NETWORKX"},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    for name, records in zip(FOLDERS, json.loads(finished.stdout), strict=True):
        results = [(file.lstrip("/"), check.removeprefix("CKV_AIML_"), *rest) for file, check, *rest in records]
        assert differences(name, results, of_plan=False) == [], name


def test_every_plan_has_its_folder() -> None:
    assert {path.stem for path in PLANS.glob("*.json")} == set(filter(has_plan, FOLDERS))


@pytest.mark.parametrize("result", ["PASSED", "FAILED"])
def test_every_control_is_expected_somewhere(result: str) -> None:
    said = {e.control for folder in FOLDERS.values() for e in expectations(folder, of_plan=False) if e.result == result}
    datasets = {control for control in CONTROLS if control.startswith("PII_")}  # These depend on what is installed.
    assert CONTROLS - datasets <= said <= CONTROLS
