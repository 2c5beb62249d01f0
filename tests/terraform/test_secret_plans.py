"""SEC_10 on the plan of a Secret: a plan holds the value of a variable, and not that it is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PROVIDER = "registry.terraform.io/hashicorp/kubernetes"
MADE_UP = "n0tArealOne"


def plan_of(data: dict[str, Any], unknown: dict[str, Any], configured: dict[str, Any]) -> dict[str, Any]:
    named = {"address": "kubernetes_secret_v1.db", "mode": "managed", "type": "kubernetes_secret_v1", "name": "db"}
    values = {"data": data, "metadata": [{"name": "db", "namespace": "training"}]}
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {"data": unknown}}
    expressions = {"data": configured, "metadata": [{"name": {"constant_value": "db"}}]}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [{**named, "provider_name": PROVIDER, "values": values}]}},
        "resource_changes": [{**named, "provider_name": PROVIDER, "change": change}],
        "configuration": {
            "provider_config": {"kubernetes": {"name": "kubernetes", "full_name": PROVIDER}},
            "root_module": {
                "resources": [{**named, "provider_config_key": "kubernetes", "expressions": expressions}],
                "variables": {"password": {}},
            },
        },
    }


@pytest.mark.parametrize(
    ("data", "unknown", "configured", "result"),
    [
        ({"password": MADE_UP}, {}, {"constant_value": {"password": MADE_UP}}, ["FAILED"]),
        ({"password": MADE_UP}, {}, {"references": ["var.password"]}, []),
        ({"username": "ml"}, {"password": True}, {"references": ["random_password.db.result"]}, ["PASSED"]),
    ],
    ids=["written", "variable", "to come"],
)
def test_secret_in_a_plan(scan, tmp_path: Path, data, unknown, configured, result: list[str]) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_of(data, unknown, configured)), encoding="utf-8")
    assert [one.result for one in scan(plan) if one.control == "SEC_10"] == result
