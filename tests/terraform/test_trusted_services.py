"""Services that the settings approve beside those of AI, and the tag that an approval may ask for (IAM_6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkov_aiml import settings

ROLE = """
provider "aws" {{
  region = "eu-west-2"
{default_tags}
}}

resource "aws_iam_role" "training" {{
  name = "training"
  tags = {tags}
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Service = ["sagemaker.amazonaws.com", "Lambda.amazonaws.com"] }}
      Action    = "sts:AssumeRole"
    }}]
  }})
}}
"""
LAMBDA = {"service": "lambda.amazonaws.com"}
TAGGED = {**LAMBDA, "required_tag": {"key": "workload_type", "value": "ai_training"}}
ANY_VALUE = {**LAMBDA, "required_tag": {"key": "workload_type"}}


@pytest.mark.parametrize(
    ("approved", "tags", "default_tags", "expected"),
    [
        ([], {}, {}, "FAILED"),
        ([{"service": "ec2.amazonaws.com"}], {}, {}, "FAILED"),
        ([LAMBDA], {}, {}, "PASSED"),
        ([TAGGED], {}, {}, "FAILED"),
        ([TAGGED], {"workload_type": "web"}, {}, "FAILED"),
        ([TAGGED], {"workload_type": "ai_training"}, {}, "PASSED"),
        ([TAGGED], {}, {"workload_type": "ai_training"}, "PASSED"),
        ([ANY_VALUE], {"workload_type": "web"}, {}, "PASSED"),
    ],
)
def test_approved_services(
    scan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    approved: list[Any],
    tags: dict[str, str],
    default_tags: dict[str, str],
    expected: str,
) -> None:
    blocks = f"default_tags {{\n tags = {json.dumps(default_tags)}\n}}" if default_tags else ""
    text = ROLE.format(tags=json.dumps(tags), default_tags=blocks)
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    file = tmp_path / "settings.txt"
    file.write_text(json.dumps({"identity": {"trusted_services": approved}}), encoding="utf-8")
    monkeypatch.setenv(settings.VARIABLE, str(file))
    settings.forget()
    assert [one.result for one in scan(tmp_path) if one.control == "IAM_6"] == [expected]
