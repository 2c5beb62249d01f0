"""One role, five ways to write it, one verdict: manifest, typed resource, object, YAML text, and the plan of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform.runner import Runner as TerraformRunner

from checkov_aiml import control_catalogue

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: runner
  namespace: training
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, create]
  - apiGroups: [""]
    resources: [pods/exec, secrets]
    verbs: ["*"]
"""
RESOURCES = {
    "kubernetes_role_v1.runner",
    "kubernetes_manifest.runner",
    "kubectl_manifest.runner",
    "kubectl_manifest.runner_encoded",
}


def verdicts(report: Any) -> dict[str, dict[str, tuple[str, str]]]:
    """Resource to the result and reason of each control that judges roles."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for record in (*report.passed_checks, *report.failed_checks):
        reason = record.check_result["reason"].replace("rule[", "rules[")
        found.setdefault(record.resource, {})[record.check_id] = (record.check_result["result"].value, reason)
    return found


@pytest.mark.parametrize("form", ["hcl", "plan"])
def test_one_role_has_one_verdict(scan: Any, tmp_path: Path, form: str) -> None:
    (tmp_path / "role.yaml").write_text(ROLE, encoding="utf-8")
    [manifest] = verdicts(scan(tmp_path, "CKV_AIML_RBAC_*")).values()
    options: dict[str, Any] = {
        "external_checks_dir": [str(control_catalogue.directory())],
        "runner_filter": RunnerFilter(checks=["CKV_AIML_RBAC_*"]),
    }
    if form == "plan":
        report = PlanRunner().run(files=[str(FIXTURES / "plans" / "kubernetes_objects.json")], **options)
    else:
        report = TerraformRunner().run(root_folder=str(FIXTURES / "terraform" / "kubernetes_objects"), **options)
    written = {name: found for name, found in verdicts(report).items() if name in RESOURCES}
    assert written.keys() == RESOURCES
    assert len(manifest) == 7
    for name, found in written.items():
        assert found == manifest, name
