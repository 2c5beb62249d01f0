"""Checkov's own options, comments and output formats work on these controls as on Checkov's."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from checkov_aiml import control_catalogue

INSECURE = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
}
resource "aws_sagemaker_notebook_instance" "excused" {
  # checkov:skip=CKV_AIML_NET_3:an air-gapped account
  name          = "excused"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  kms_key_id    = "alias/research"
}
resource "aws_kms_key" "ml" {
  description = "ML"
}
resource "aws_sagemaker_model_card" "triage" {
  model_card_name   = "triage"
  model_card_status = "Draft"
  content           = "{}"
  security_config {
    kms_key_id = aws_kms_key.ml.arn
  }
}
"""


def checkov(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checkov.main", "-d", str(folder), "--framework", "terraform", "--skip-download"]
    checks = ["--external-checks-dir", str(control_catalogue.directory())]
    return subprocess.run([*command, *checks, *options], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate")
    (folder / "main.tf").write_text(INSECURE, encoding="utf-8")
    return folder


def failed(completed: subprocess.CompletedProcess[str]) -> set[tuple[str, str]]:
    results = json.loads(completed.stdout)["results"]["failed_checks"]
    return {(check["check_id"], check["resource"]) for check in results}


def test_family_and_skip_comment(estate: Path) -> None:
    completed = checkov(estate, "--check", "CKV_AIML_NET_*", "-o", "json")
    assert completed.returncode == 1
    assert ("CKV_AIML_NET_3", "aws_sagemaker_notebook_instance.analysis") in failed(completed)
    assert {identifier.rpartition("_")[0] for identifier, _ in failed(completed)} == {"CKV_AIML_NET"}
    (skipped,) = json.loads(completed.stdout)["results"]["skipped_checks"]
    assert skipped["resource"] == "aws_sagemaker_notebook_instance.excused"
    assert skipped["check_result"]["suppress_comment"] == "an air-gapped account"


def test_json_points_at_the_attribute_and_says_why(estate: Path) -> None:
    completed = checkov(estate, "--check", "CKV_AIML_NET_3", "-o", "json")
    (finding,) = json.loads(completed.stdout)["results"]["failed_checks"]
    assert finding["check_result"]["evaluated_keys"] == ["direct_internet_access"]
    assert finding["details"] == ["direct_internet_access: not set, which means Enabled; set it to Disabled"]
    assert finding["severity"] == "HIGH"
    assert finding["guideline"].startswith("https://docs.aws.amazon.com/")


def test_severities_select_and_decide(estate: Path) -> None:
    high = failed(checkov(estate, "--check", "HIGH", "-o", "json"))
    assert ("CKV_AIML_NET_3", "aws_sagemaker_notebook_instance.analysis") in high
    assert not {finding for finding in high if finding[0] == "CKV_AIML_ENC_9"}
    ours = ("--check", "CKV_AIML_*", "-o", "json")
    assert ("CKV_AIML_ENC_9", "aws_kms_key.ml") in failed(checkov(estate, *ours))
    assert checkov(estate, *ours, "--hard-fail-on", "CRITICAL").returncode == 0
    assert checkov(estate, *ours, "--hard-fail-on", "HIGH").returncode == 1
    assert checkov(estate, *ours, "--soft-fail-on", "HIGH").returncode == 0


def test_terminal_and_junit_say_why(estate: Path) -> None:
    completed = checkov(estate, "--check", "CKV_AIML_NET_3", "-o", "cli", "-o", "junitxml", "--output-file-path", "out")
    assert completed.returncode == 1
    terminal = (estate / "out" / "results_cli.txt").read_text(encoding="utf-8")
    assert "Ensure SageMaker notebook instances have no direct internet access" in terminal
    assert "direct_internet_access: not set, which means Enabled; set it to Disabled" in terminal
    report = ElementTree.parse(estate / "out" / "results_junitxml.xml")
    (failure,) = report.iter("failure")
    assert "Resource: aws_sagemaker_notebook_instance.analysis" in str(failure.text)


def test_settings_change_what_an_unresolved_expression_means(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        INSECURE.replace('"ml.t3.medium"', '"ml.t3.medium"\n  direct_internet_access = var.x')
    )
    select = ("--check", "CKV_AIML_NET_3", "-o", "json")
    assert checkov(tmp_path, *select).returncode == 0
    (tmp_path / ".checkov-aiml.yaml").write_text("unresolved: fail\n", encoding="utf-8")
    completed = checkov(tmp_path, *select)
    assert failed(completed) == {("CKV_AIML_NET_3", "aws_sagemaker_notebook_instance.analysis")}
    assert "unresolved: fail" in completed.stdout


@pytest.mark.parametrize(("expires", "code"), [("2999-12-31", 0), ("2001-01-01", 1)])
def test_exemptions_skip_until_they_expire(tmp_path: Path, expires: str, code: int) -> None:
    (tmp_path / "main.tf").write_text(INSECURE, encoding="utf-8")
    exemption = (
        "exemptions:\n  - control: CKV_AIML_NET_3\n    resource: '*.analysis'\n    reason: moves to the VPC in May\n"
        f"    owner: platform team\n    expires: {expires}\n"
    )
    (tmp_path / ".checkov-aiml.yaml").write_text(exemption, encoding="utf-8")
    completed = checkov(tmp_path, "--check", "CKV_AIML_NET_3", "-o", "json")
    assert completed.returncode == code
    text = (
        "moves to the VPC in May (exempted by platform team until 2999-12-31)" if code == 0 else "expired on 2001-01-01"
    )
    assert text in completed.stdout


@pytest.mark.parametrize("frameworks", [("terraform",), ("terraform", "kubernetes"), ("all",)])
def test_settings_with_an_error_are_red_in_every_combination(tmp_path: Path, frameworks: tuple[str, ...]) -> None:
    (tmp_path / "main.tf").write_text(INSECURE, encoding="utf-8")
    (tmp_path / ".checkov-aiml.yaml").write_text("unresolved: maybe\n", encoding="utf-8")
    completed = checkov(tmp_path, "--framework", *frameworks, "--check", "CKV_AIML_*", "-o", "json")
    assert completed.returncode == 1
    reports = json.loads(completed.stdout)
    findings = [c for r in (reports if isinstance(reports, list) else [reports]) for c in r["results"]["failed_checks"]]
    first_lines = {finding["details"][0].splitlines()[0] for finding in findings}
    (line,) = first_lines
    assert ".checkov-aiml.yaml: unresolved: " in line
    assert {f["resource"] for f in findings} >= {"aws_sagemaker_notebook_instance.analysis", "aws_kms_key.ml"}
