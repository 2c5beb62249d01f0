"""Checkov runs a control of ours only on the Terraform resources that concern it, and nothing is lost by that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checkov.terraform.checks.resource.registry import resource_registry

from checkov_aiml.control import Control

BUCKETS = """
resource "aws_s3_bucket" "training" {
  bucket = "training"
}

resource "aws_s3_bucket" "website" {%s
  bucket = "website"
}

resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
    model_data_url = "s3://${aws_s3_bucket.training.bucket}/model.tar.gz"
  }
}
"""
ENCRYPTION = "CKV_AIML_ENC_6"


@pytest.fixture
def asked(scan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The id and the resource's name of what a scan asks, in turn."""
    (tmp_path / "none").mkdir()
    scan(tmp_path / "none")
    found: list[tuple[str, str]] = []

    def watch(control: Any) -> None:
        run = control.run

        def watched(*arguments: Any, **keywords: Any) -> Any:
            found.append((control.id, keywords["entity_name"]))
            return run(*arguments, **keywords)

        monkeypatch.setattr(control, "run", watched)

    for control in {check for _, check in resource_registry.all_checks() if isinstance(check, Control)}:
        watch(control)
    return found


def estate(folder: Path, inside: str = "") -> Path:
    root = folder / "estate"
    root.mkdir()
    (root / "main.tf").write_text(BUCKETS.replace("%s", inside), encoding="utf-8")
    return root


def test_a_bucket_of_nobody_is_not_asked(scan: Any, asked: list[tuple[str, str]], tmp_path: Path) -> None:
    results = scan(estate(tmp_path))
    assert [name for control, name in asked if control == ENCRYPTION] == ["training"]
    assert [result.address for result in results if result.control == "ENC_6"] == ["aws_s3_bucket.training"]


def test_a_skip_is_reported_of_what_a_control_has_nothing_to_say_of(scan: Any, tmp_path: Path) -> None:
    results = scan(estate(tmp_path, f"\n  # checkov:skip={ENCRYPTION}:nothing of AI is in it"))
    found = {result.address: result.result for result in results if result.control == "ENC_6"}
    assert found == {"aws_s3_bucket.training": "FAILED", "aws_s3_bucket.website": "SKIPPED"}


def test_settings_that_cannot_be_used_fail_what_concerns_nobody(
    scan: Any, asked: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.txt").write_text("unresolved: [fail\n", encoding="utf-8")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "broken.txt"))
    results = scan(estate(tmp_path))
    found = {result.address: result.result for result in results if result.control == "ENC_6"}
    assert found == {"aws_s3_bucket.training": "FAILED", "aws_s3_bucket.website": "FAILED"}


def test_an_error_in_looking_what_concerns_a_control_is_contained(
    scan: Any, asked: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(_: object) -> bool:
        raise LookupError("not to be shown")

    control = next(check for _, check in resource_registry.all_checks() if check.id == ENCRYPTION)
    monkeypatch.setattr(control, "concerns", raises)
    reasons = {result.reason for result in scan(estate(tmp_path)) if result.control == "ENC_6"}
    assert reasons == {"could not be judged: LookupError; the log of this scan holds the traceback"}


def test_the_registry_is_as_it_was_after_a_scan(scan: Any, tmp_path: Path) -> None:
    scan(estate(tmp_path))
    assert ENCRYPTION in {check.id for check in resource_registry.get_checks("aws_s3_bucket")}
