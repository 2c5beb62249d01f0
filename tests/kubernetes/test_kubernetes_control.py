"""The base of controls on manifests: nothing ends in silence, and every reason reaches the reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkov.common.models.enums import CheckResult

CHECKS = Path(__file__).resolve().parents[2] / "checkov_aiml" / "checks" / "kubernetes"
FRAMEWORKS = [("kubernetes",), ("kubernetes", "terraform")]
"""One framework runs in Checkov's own process, several run in forked children."""

CONTROLS = "CKV_AIML_RBAC_1,CKV_AIML_TEST_1"
REASON = "rules[0] grants verb * on secrets in the core API group"
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
  namespace: training
{annotations}rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: ["{verb}"]
"""
RAISES = """
from checkov_aiml.kubernetes_control import KubernetesControl
from checkov_aiml.control import LOW
from checkov.common.models.enums import CheckCategories


class Raises(KubernetesControl):
    id = "CKV_AIML_TEST_1"
    name = "Ensure that a judgement that raises is contained"
    severity = LOW
    category = CheckCategories.GENERAL_SECURITY
    guideline = "https://example.org/"
    kinds = {"Role": ("rules",)}

    def judge(self, manifest):
        raise LookupError("an error text that must not be shown")


check = Raises()
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A folder with a role that has a wildcard, one that has none, and a Terraform file for the second framework."""
    root = tmp_path / "estate"
    root.mkdir()
    (root / "wild.yaml").write_text(ROLE.format(verb="*", annotations=""), encoding="utf-8")
    (root / "tame.yaml").write_text(
        ROLE.format(verb="get", annotations="").replace("reader", "tame-reader"), encoding="utf-8"
    )
    (root / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n', encoding="utf-8")
    return root


@pytest.mark.parametrize("frameworks", FRAMEWORKS)
def test_reasons_reach_terminal_and_json(
    command_line: Callable[..., Any], estate: Path, frameworks: tuple[str, ...]
) -> None:
    finished = command_line(estate, controls=CONTROLS, frameworks=frameworks)
    assert finished.exit_code == 1, finished.log
    assert f"Details: {REASON}" in finished.outputs["cli"]
    results = {record["resource"]: record for record in finished.results}
    assert results.keys() == {"Role.training.reader", "Role.training.tame-reader"}
    wild, tame = results["Role.training.reader"], results["Role.training.tame-reader"]
    assert wild["details"] == [REASON]
    assert wild["check_result"]["evaluated_keys"] == ["rules[0].verbs"]
    assert (wild["check_result"]["result"], tame["check_result"]["result"]) == ("FAILED", "PASSED")
    assert (wild["severity"], wild["guideline"][:22]) == ("HIGH", "https://kubernetes.io/")


def test_sarif_carries_no_details(command_line: Callable[..., Any], estate: Path) -> None:
    finished = command_line(estate, controls=CONTROLS, outputs=("cli", "sarif"))
    [run] = json.loads(finished.outputs["sarif"])["runs"]
    [result] = run["results"]
    assert result["ruleId"] == "CKV_AIML_RBAC_1"
    assert not result.get("attachments")
    assert REASON not in finished.outputs["cli"]


@pytest.mark.parametrize("frameworks", FRAMEWORKS)
def test_a_judgement_that_raises_is_a_failed_result(
    command_line: Callable[..., Any], estate: Path, tmp_path: Path, frameworks: tuple[str, ...]
) -> None:
    folder = tmp_path / "raising"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "raising_control.py").write_text(RAISES, encoding="utf-8")
    finished = command_line(estate, controls=CONTROLS, frameworks=frameworks, check_folders=(CHECKS, folder))
    assert finished.exit_code == 1
    results = {(record["check_id"], record["resource"]): record for record in finished.results}
    assert {key: record["check_result"]["result"] for key, record in results.items()} == {
        ("CKV_AIML_RBAC_1", "Role.training.reader"): "FAILED",
        ("CKV_AIML_RBAC_1", "Role.training.tame-reader"): "PASSED",
        ("CKV_AIML_TEST_1", "Role.training.reader"): "FAILED",
        ("CKV_AIML_TEST_1", "Role.training.tame-reader"): "FAILED",
    }
    [reason] = results["CKV_AIML_TEST_1", "Role.training.reader"]["details"]
    assert reason == "could not be judged: LookupError; the log of this scan holds the traceback"
    assert "CKV_AIML_TEST_1 could not judge Role.training.reader" in finished.log
    assert 'raise LookupError("an error' in finished.log
    assert "must not be shown" not in "".join(finished.outputs.values())


@pytest.mark.parametrize("frameworks", FRAMEWORKS)
def test_settings_that_cannot_be_used_fail_every_result(
    command_line: Callable[..., Any], estate: Path, tmp_path: Path, frameworks: tuple[str, ...]
) -> None:
    broken = tmp_path / "broken-settings.yaml"
    broken.write_text("unresolved: [fail\n", encoding="utf-8")
    finished = command_line(estate, controls=CONTROLS, frameworks=frameworks, CHECKOV_AIML_CONFIG=str(broken))
    assert finished.exit_code == 1
    assert {record["resource"]: record["check_result"]["result"] for record in finished.results} == {
        "Role.training.reader": "FAILED",
        "Role.training.tame-reader": "FAILED",
    }
    for record in finished.results:
        [reason] = record["details"]
        assert reason.startswith(f"the settings cannot be used: {broken}: ")
    assert str(broken) in finished.outputs["cli"]


def test_a_skip_annotation_skips(scan: Any, tmp_path: Path) -> None:
    annotations = "  annotations:\n    checkov.io/skip1: CKV_AIML_RBAC_1=reviewed by the platform team\n"
    (tmp_path / "role.yaml").write_text(ROLE.format(verb="*", annotations=annotations), encoding="utf-8")
    report = scan(tmp_path, "CKV_AIML_RBAC_1")
    assert not report.failed_checks and not report.passed_checks
    [record] = report.skipped_checks
    assert record.check_result["suppress_comment"] == "reviewed by the platform team"
    assert record.check_result["result"] is CheckResult.SKIPPED


@pytest.mark.parametrize(("expires", "result"), [("2999-12-31", "skipped"), ("2001-01-01", "failed")])
def test_an_exemption_holds_until_it_expires(
    scan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expires: str, result: str
) -> None:
    (tmp_path / "role.yaml").write_text(ROLE.format(verb="*", annotations=""), encoding="utf-8")
    exemption = {
        "control": "CKV_AIML_RBAC_1",
        "resource": "Role.training.*",
        "reason": "migration",
        "owner": "ml-platform",
        "expires": expires,
    }
    file = tmp_path / "settings.txt"
    file.write_text(json.dumps({"exemptions": [exemption]}), encoding="utf-8")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(file))
    report = scan(tmp_path, "CKV_AIML_RBAC_1")
    found = {"skipped": report.skipped_checks, "failed": report.failed_checks}
    [record] = found.pop(result)
    assert not any(found.values())
    if result == "skipped":
        assert record.check_result["suppress_comment"] == "migration (exempted by ml-platform until 2999-12-31)"
    else:
        assert record.details == [f"{REASON}; the exemption by ml-platform expired on {expires}"]
