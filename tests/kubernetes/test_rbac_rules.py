"""RBAC_1 on real manifests, and how its rules are read and worded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checkov_aiml.judgements.rbac_wildcards import judge_rule
from checkov_aiml.kubernetes_view.rbac import MalformedRuleError, Rule, Spelling, is_custom_group
from checkov_aiml.verdict import Outcome


def test_the_examples_of_every_control(scan: Any, loaded_controls: dict[str, Any], tmp_path: Path) -> None:
    for control in (one for one in loaded_controls.values() if one.family() in ("RBAC", "SEC")):
        for example, records in (("fails", "failed_checks"), ("passes", "passed_checks")):
            folder = tmp_path / control.id / example
            folder.mkdir(parents=True)
            (folder / "example.yaml").write_text(getattr(control, example), encoding="utf-8")
            report = scan(folder, control.id)
            results = [*report.passed_checks, *report.failed_checks]
            assert [record.check_id for record in results if record.check_id == control.id] == [control.id]
            assert control.id in {record.check_id for record in getattr(report, records)}


@pytest.mark.parametrize(
    ("rule", "reason", "attributes"),
    [
        (
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]},
            "rules[1] grants verb * on secrets in the core API group",
            ["rules[1].verbs"],
        ),
        (
            {"apiGroups": ["apps", ""], "resources": ["*"], "verbs": ["get", "list"]},
            "rules[1] grants get, list on resource * in the apps, core API groups",
            ["rules[1].resources"],
        ),
        (
            {"apiGroups": ["*"], "resources": ["*", "pods"], "verbs": ["*"]},
            "rules[1] grants verb * on resource * in the * API group",
            ["rules[1].verbs", "rules[1].resources", "rules[1].apiGroups"],
        ),
        (
            {"apiGroups": [""], "resources": ["*/exec", "*/scale"], "verbs": ["create"]},
            "rules[1] grants create on resource */exec in the core API group",
            ["rules[1].resources"],
        ),
        (
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["*"], "resourceNames": ["a", "b"]},
            "rules[1] grants verb * on configmaps named a, b in the core API group",
            ["rules[1].verbs"],
        ),
        (
            {"nonResourceURLs": ["/metrics", "/*"], "verbs": ["get"]},
            "rules[1] grants get on URL /*",
            ["rules[1].nonResourceURLs"],
        ),
        (
            {"apiGroups": ["ray.io"], "resources": ["*"], "nonResourceURLs": ["/healthz"], "verbs": ["*"]},
            "rules[1] grants verb * on resource * in the ray.io API group and /healthz",
            ["rules[1].verbs", "rules[1].resources"],
        ),
        (
            {"resources": ["*"]},
            "rules[1] grants no verb on resource * in no API group",
            ["rules[1].resources"],
        ),
        (
            {"apiGroups": [""], "resources": list("abcdefg"), "verbs": ["*"]},
            "rules[1] grants verb * on a, b, c, d, e and 2 more in the core API group",
            ["rules[1].verbs"],
        ),
    ],
)
def test_the_reason_says_what_the_rule_grants(rule: dict[str, Any], reason: str, attributes: list[str]) -> None:
    verdict = judge_rule(Rule.parse(rule, 1))
    assert (verdict.outcome, verdict.reason, list(verdict.attributes)) == (Outcome.FAILED, reason, attributes)


def test_a_rule_speaks_the_language_of_its_framework() -> None:
    hcl = Spelling("rule", "api_groups", resource_names="resource_names", non_resource_urls="non_resource_urls")
    rule = Rule.parse({"api_groups": ["*"], "resources": ["pods"], "verbs": ["get"]}, 0, hcl)
    verdict = judge_rule(rule)
    assert verdict.reason == "rule[0] grants get on pods in the * API group"
    assert verdict.attributes == ("rule[0].api_groups",)


@pytest.mark.parametrize(
    ("group", "custom"),
    [
        ("kubeflow.org", True),
        ("serving.kserve.io", True),
        ("kueue.x-k8s.io", True),
        ("notk8s.io", True),
        ("", False),
        ("*", False),
        ("apps", False),
        ("extensions", False),
        ("k8s.io", False),
        ("rbac.authorization.k8s.io", False),
        ("node.kubernetes.io", False),
        ("security.openshift.io", False),
        ("*.kubeflow.org", False),
        ("${var.group}.example.org", False),
        ("kubeflow.org\n", False),
    ],
)
def test_custom_groups(group: str, custom: bool) -> None:
    assert is_custom_group(group) is custom


MALFORMED = [
    ("text", "rules is a string where a list is expected"),
    ({"verbs": ["*"]}, "rules is a mapping where a list is expected"),
    (False, "rules is a boolean where a list is expected"),
    ([None], "rules[0] is null where a mapping is expected"),
    ([["get"]], "rules[0] is a list where a mapping is expected"),
    ([{"verbs": "get"}], "rules[0].verbs is a string where a list is expected"),
    ([{"apiGroups": {"a": 1}}], "rules[0].apiGroups is a mapping where a list is expected"),
    ([{"resources": ["pods", None]}], "rules[0].resources[1] is null where a string is expected"),
    ([{"resourceNames": [7]}], "rules[0].resourceNames[0] is a value of type int where a string is expected"),
]


@pytest.mark.parametrize(("rules", "reason"), MALFORMED)
def test_malformed_rules_fail_with_where_and_why(scan: Any, tmp_path: Path, rules: object, reason: str) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "broken"},
        "rules": rules,
    }
    (tmp_path / "role.yaml").write_text(yaml.safe_dump(role), encoding="utf-8")
    [record] = scan(tmp_path, "CKV_AIML_RBAC_1").failed_checks
    assert record.details == [reason]
    assert record.check_result["evaluated_keys"] == [reason.split(" is ")[0]]


def test_a_malformed_rule_hides_no_wildcard_in_another(scan: Any, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(
        """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: broken
rules:
  - verbs: get
  - apiGroups: [""]
    resources: [pods]
    verbs: ["*"]
""",
        encoding="utf-8",
    )
    [record] = scan(tmp_path, "CKV_AIML_RBAC_1").failed_checks
    assert record.details == [
        "rules[0].verbs is a string where a list is expected; rules[1] grants verb * on pods in the core API group"
    ]


def test_a_malformed_rule_names_its_place() -> None:
    with pytest.raises(MalformedRuleError) as caught:
        Rule.parse({"verbs": ["get", 3]}, 4)
    assert caught.value.path == "rules[4].verbs[1]"
