"""The script that makes the snapshot reads what providers and inventories write."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = "aws_sagemaker_notebook_instance"

# The same block as `terraform providers schema -json` writes it, and with the shorter names.
LONG = {
    "attributes": {
        "id": {"type": "string", "computed": True},
        "kms_key_id": {"type": "string", "optional": True, "computed": True},
        "rules": {"nested_type": {"attributes": {"cidr": {"type": "string", "required": True}}}, "optional": True},
        "limits": {"type": ["list", ["object", {"idle": "number"}]], "optional": True},
    },
    "block_types": {
        "metadata": {"block": {"attributes": {"version": {"type": "string", "required": True}}}},
        "timeouts": {"block": {"attributes": {"create": {"type": "string", "optional": True}}}},
    },
}
SHORT = {
    "attributes": {
        "id": {"type": "string", "c": 1},
        "kms_key_id": {"type": "string", "o": 1, "c": 1},
        "rules": {"nt": {"attributes": {"cidr": {"type": "string", "r": 1}}}, "o": 1},
        "limits": {"type": ["list", ["object", {"idle": "number"}]], "o": 1},
    },
    "blocks": {
        "metadata": {"block": {"attributes": {"version": {"type": "string", "r": 1}}}},
        "timeouts": {"block": {"attributes": {"create": {"type": "string", "o": 1}}}},
    },
}


def _made(folder: Path) -> dict[str, Any]:
    output = folder / "snapshot.json"
    script = REPOSITORY / "scripts" / "make_schema_ledger.py"
    command = [sys.executable, str(script), "--date", "2026-08", "--output", str(output), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return json.loads(output.read_text(encoding="utf-8"))


@pytest.mark.parametrize("block", [LONG, SHORT], ids=["long names", "short names"])
def test_arguments_of_every_version_are_taken_together(tmp_path: Path, block: dict[str, Any]) -> None:
    older = {"attributes": {"accelerator_types": {"type": ["set", "string"], "optional": True}}}
    records = [
        {"kind": "resource", "type": NOTEBOOK, "version": "6.66.0", "block": block},
        {"kind": "resource", "type": NOTEBOOK, "version": "5.100.0", "block": older},
        {"kind": "data", "type": NOTEBOOK, "version": "6.66.0", "block": {"attributes": {"arn": {"optional": True}}}},
        {"kind": "resource", "type": "aws_nobody_reads", "version": "6.66.0", "block": block},
    ]
    with gzip.open(tmp_path / "aws.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)
    snapshot = _made(tmp_path)
    paths = ["accelerator_types", "kms_key_id", "limits", "limits.idle", "metadata", "metadata.version", "rules"]
    assert snapshot["types"][NOTEBOOK] == [*paths, "rules.cidr"]
    assert "aws_nobody_reads" not in snapshot["types"]
    assert snapshot["providers"]["hashicorp/aws"] == ["6.66.0", "5.100.0"]


def test_marks_are_those_of_ai_types_on_their_innermost_attributes(tmp_path: Path) -> None:
    attributes = [
        {"path": "encryption", "guardrail": "encryption"},
        {"path": "encryption.keys[].id", "guardrail": "encryption"},
        {"path": "retention", "guardrail": "logging"},
        {"path": "ssh", "guardrail": "isolation"},
        {"path": "ssh_port", "guardrail": "isolation"},
    ]
    inventory = {
        "_meta": {"source": "a note"},
        "Microsoft.Example/models": {"ai": True, "service": "Example", "api_version": "1", "attributes": attributes},
        "Microsoft.Example/stores": {"ai": False, "service": "Example", "api_version": "1", "attributes": attributes},
    }
    (tmp_path / "azapi.json").write_text(json.dumps(inventory), encoding="utf-8")
    snapshot = _made(tmp_path)
    marks = {"encryption": ["encryption.keys.id"], "isolation": ["ssh", "ssh_port"]}
    assert snapshot["marks"] == {"Microsoft.Example/models": marks}
    assert "retention" in snapshot["types"]["Microsoft.Example/models"]
    assert "Microsoft.Example/stores" not in snapshot["types"]
    assert snapshot["providers"]["Azure/azapi"] == ["Example 1"]
