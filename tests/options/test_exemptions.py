"""Exemptions of the settings, in plain Checkov and in `scan`, on Terraform, plan JSON and manifests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from checkov.common.models.enums import CheckResult

from checkov_aiml import control_catalogue
from checkov_aiml.verdict import Verdict, failed

REPOSITORY = Path(__file__).resolve().parents[2]
FIXTURES = REPOSITORY / "tests" / "fixtures"
BARE = 'module.models.aws_sagemaker_model.this["bare"]'
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: NAME
  namespace: ml
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: ["*"]
"""
FOREVER, PAST = "2999-12-31", "2001-01-01"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A module called with several instances, its plan, and two manifests; each control below fails in them."""
    shutil.copytree(FIXTURES / "terraform" / "net_module_models", tmp_path / "hcl")
    shutil.copy(FIXTURES / "plans" / "net_module_models.json", tmp_path / "plan.json")
    (tmp_path / "manifests").mkdir()
    for name in ("trainer", "server"):
        (tmp_path / "manifests" / f"{name}.yaml").write_text(ROLE.replace("NAME", name), encoding="utf-8")
    return tmp_path


def exempt(folder: Path, *entries: Mapping[str, str]) -> None:
    words = {"reason": "agreed with the board", "owner": "ML platform", "expires": FOREVER}
    settings = {"exemptions": [{**words, **entry} for entry in entries]}
    (folder / ".checkov-aiml.yaml").write_text(json.dumps(settings), encoding="utf-8")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def checkov(folder: Path, *arguments: str) -> tuple[int, dict[tuple[str, str], dict[str, Any]]]:
    """Plain Checkov: its exit code, and what it says of each (resource, control)."""
    checks = ("--external-checks-dir", str(control_catalogue.directory()), "--skip-download", "-o", "json")
    finished = run(folder, "checkov.main", *checks, *arguments)
    reports = json.loads(finished.stdout)
    return finished.returncode, {
        (record["resource"], record["check_id"]): record
        for report in (reports if isinstance(reports, list) else [reports])
        for records in (report["results"][f"{outcome}_checks"] for outcome in ("passed", "failed", "skipped"))
        for record in records
    }


INPUTS = {
    "hcl": (("-d", "hcl", "--framework", "terraform"), "CKV_AIML_NET_1", BARE),
    "plan": (("-f", "plan.json", "--framework", "terraform_plan"), "CKV_AIML_NET_1", BARE),
    "manifests": (("-d", "manifests", "--framework", "kubernetes"), "CKV_AIML_RBAC_1", "Role.ml.trainer"),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_skips_with_reason_owner_and_date(estate: Path, kind: str) -> None:
    """The address is written as Checkov prints it, brackets and quotes included, and nothing else is skipped."""
    arguments, control, address = INPUTS[kind]
    _, without = checkov(estate, *arguments, "--check", control)
    assert without[address, control]["check_result"]["result"] == "FAILED"
    exempt(estate, {"control": control, "resource": address})
    code, results = checkov(estate, *arguments, "--check", control)
    said = results[address, control]["check_result"]
    assert said["result"] == "SKIPPED"
    assert said["suppress_comment"] == f"agreed with the board (exempted by ML platform until {FOREVER})"
    assert said["exemption"] == {"reason": "agreed with the board", "owner": "ML platform", "expires": FOREVER}
    others = {key: record["check_result"]["result"] for key, record in without.items() if key != (address, control)}
    assert others and others == {key: results[key]["check_result"]["result"] for key in others}
    assert code == int("FAILED" in others.values())


@pytest.mark.parametrize("kind", INPUTS)
def test_an_expired_one_fails_and_says_so(estate: Path, kind: str) -> None:
    arguments, control, address = INPUTS[kind]
    exempt(estate, {"control": control, "resource": address, "expires": PAST})
    code, results = checkov(estate, *arguments, "--check", control)
    record = results[address, control]
    assert (code, record["check_result"]["result"]) == (1, "FAILED")
    assert record["details"][0].endswith(f"; the exemption by ML platform expired on {PAST}")
    assert "exemption" not in record["check_result"]


def test_the_latest_date_counts(estate: Path) -> None:
    """A renewed exemption may stand beside the one that expired."""
    arguments, control, _ = INPUTS["manifests"]
    entry = {"control": control, "resource": "Role.ml.*"}
    exempt(estate, {**entry, "expires": PAST}, entry)
    code, results = checkov(estate, *arguments, "--check", control)
    assert code == 0
    assert {record["check_result"]["result"] for record in results.values()} == {"SKIPPED"}


@pytest.mark.parametrize(
    "entry",
    [
        {"control": "CKV_AIML_RBAC_2"},
        {"resource": "role.ml.trainer"},
        {"resource": "Role.ml.train"},
        {"resource": "Role.ml.[ts]*er"},
        {"resource": "trainer"},
    ],
    ids=str,
)
def test_near_misses_exempt_nothing(estate: Path, entry: Mapping[str, str]) -> None:
    """Another control, other letters, a part of the name, a set of letters: only `*` and `?` stand for others."""
    arguments, control, address = INPUTS["manifests"]
    exempt(estate, {"control": control, "resource": address, **entry})
    code, results = checkov(estate, *arguments, "--check", control)
    assert code == 1
    assert results[address, control]["check_result"]["result"] == "FAILED"


def test_what_passes_stays_passed(estate: Path) -> None:
    """An exemption changes failed results alone, so that nobody sees a weakness where none is."""
    arguments, control, _ = INPUTS["hcl"]
    exempt(estate, {"control": control, "resource": "*"})
    _, results = checkov(estate, *arguments, "--check", control)
    assert {record["check_result"]["result"] for record in results.values()} == {"PASSED", "SKIPPED"}


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"owner": ""}, "owner"),
        ({"reason": ""}, "reason"),
        ({"expires": "soon"}, "expires"),
        ({"control": "NET_1"}, "control"),
        ({"until": FOREVER}, "until"),
    ],
    ids=str,
)
def test_an_incomplete_one_fails_everything(estate: Path, entry: Mapping[str, str], key: str) -> None:
    arguments, control, address = INPUTS["manifests"]
    exempt(estate, {"control": control, "resource": address, **entry})
    code, results = checkov(estate, *arguments, "--check", control)
    assert code == 1
    for record in results.values():
        assert f"exemptions.0.{key}: " in record["details"][0]


def test_a_control_that_breaks_is_not_excused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was accepted is a finding; nobody knows what a control that raises would have found."""
    exempt(tmp_path, {"control": "CKV_AIML_RBAC_1", "resource": "*"})
    monkeypatch.chdir(tmp_path)
    control = control_catalogue.by_id()["CKV_AIML_RBAC_1"][0]

    def result_of(judge: Callable[[], Verdict]) -> CheckResult:
        return control.with_reason_and_exemption({"result": control.answer(judge, "Role.ml.x")})["result"]

    def breaks() -> Verdict:
        raise KeyError("gone")

    assert result_of(lambda: failed("found")) is CheckResult.SKIPPED
    assert result_of(breaks) is CheckResult.FAILED
    assert result_of(lambda: failed("found")) is CheckResult.SKIPPED


def test_a_comment_cannot_pose_as_an_exemption(tmp_path: Path) -> None:
    """Its words may say the same; only an exemption of the settings carries an owner and a date as facts."""
    words = f"agreed (exempted by ML platform until {FOREVER})"
    (tmp_path / "main.tf").write_text(
        'resource "aws_sagemaker_model" "m" {\n'
        f"  # checkov:skip=CKV_AIML_NET_1:{words}\n"
        '  execution_role_arn = "arn:aws:iam::111122223333:role/m"\n}\n',
        encoding="utf-8",
    )
    _, results = checkov(tmp_path, "-d", ".", "--framework", "terraform", "--check", "CKV_AIML_NET_1")
    said = results["aws_sagemaker_model.m", "CKV_AIML_NET_1"]["check_result"]
    assert (said["result"], said["suppress_comment"]) == ("SKIPPED", words)
    assert "exemption" not in said


@pytest.mark.parametrize("frameworks", [("kubernetes",), ("terraform", "kubernetes")], ids="-".join)
def test_scan_lists_those_in_force_expired_and_not_needed(estate: Path, frameworks: tuple[str, ...]) -> None:
    control = "CKV_AIML_RBAC_1"
    exempt(
        estate,
        {"control": control, "resource": "Role.ml.trainer"},
        {"control": control, "resource": "Role.ml.server", "expires": PAST},
        {"control": control, "resource": "Role.ml.gone", "owner": "Nobody left"},
        {"control": "CKV_AIML_RBAC_2", "resource": "*"},
    )
    arguments = ("-d", "manifests", "--framework", *frameworks, "--check", control, "--skip-download", "--quiet")
    finished = run(estate, "checkov_aiml", "scan", *arguments, "--answers", "answers.json")
    assert finished.returncode == 1, finished.stderr
    answers = json.loads((estate / "answers.json").read_text(encoding="utf-8"))
    known = {"id": control, "owner": "ML platform"}
    assert answers["exemptions"] == [{**known, "address": "Role.ml.trainer", "expires": FOREVER}]
    assert answers["exemptions_expired"] == [{**known, "address": "Role.ml.server", "expires": PAST}]
    assert answers["exemptions_unmatched"] == [
        {"id": control, "resource": "Role.ml.gone", "owner": "Nobody left", "expires": FOREVER},
        {"id": "CKV_AIML_RBAC_2", "resource": "*", "owner": "ML platform", "expires": FOREVER},
    ]
    lines = finished.stderr.splitlines()
    assert f"Role.ml.trainer: {control} is exempted by ML platform until {FOREVER}" in lines
    assert (
        f"Role.ml.server: the exemption of {control} by ML platform expired on {PAST}: "
        "correct the resource, or renew the exemption"
    ) in lines
    not_needed = f"{control} on Role.ml.gone, CKV_AIML_RBAC_2 on *"
    assert f"exemptions that no failed result of this scan needed: {not_needed}" in lines
