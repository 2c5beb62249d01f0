"""RBAC_1 on real manifests, how its rules are read and worded, and where aggregation and bindings lead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checkov_aiml.judgements.rbac_wildcards import judge_rule
from checkov_aiml.kubernetes_view.binding import Binding, Reach, granted_rules, reach_of
from checkov_aiml.kubernetes_view.in_terraform import _TerraformManifest as TerraformManifest
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import Objects
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, PartlyKnownMapping
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


EVERYTHING = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]


def together(*objects: dict[str, Any]) -> list[Manifest]:
    """Objects of RBAC that are scanned together."""
    scan = Objects()
    scan.manifests += [
        TerraformManifest(PartlyKnownMapping(apiVersion="rbac.authorization.k8s.io/v1", **one), objects=scan)
        for one in objects
    ]
    return scan.manifests


def cluster_role(name: str | NotKnown, **fields: Any) -> dict[str, Any]:
    metadata = PartlyKnownMapping(name=name, labels=PartlyKnownMapping(fields.pop("labels", {})))
    return {"kind": "ClusterRole", "metadata": metadata, **fields}


def gathering(*selectors: object) -> dict[str, Any]:
    return cluster_role("whole", aggregationRule={"clusterRoleSelectors": list(selectors)})


def binding_of(role: str | NotKnown, kind: str = "ClusterRoleBinding") -> dict[str, Any]:
    metadata = {"name": "b", **({"namespace": "training"} if kind == "RoleBinding" else {})}
    subjects = [{"kind": "User", "name": "someone"}]
    reference = PartlyKnownMapping(kind="ClusterRole", name=role)
    return {"kind": kind, "metadata": metadata, "roleRef": reference, "subjects": subjects}


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({}, True),
        ({"matchLabels": {}}, True),
        ({"matchLabels": {"tier": "ml"}}, True),
        ({"matchLabels": {"tier": "web"}}, False),
        ({"matchLabels": {"tier": "ml", "other": ""}}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["ml", "web"]}]}, True),
        ({"matchExpressions": [{"key": "other", "operator": "In", "values": ["ml"]}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["ml"]}]}, False),
        ({"matchExpressions": [{"key": "other", "operator": "NotIn", "values": ["ml"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, False),
        ({"matchLabels": {"tier": "ml"}, "matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "Near"}]}, False),
        ({"matchExpressions": [{"key": ["tier"], "operator": "Exists"}]}, False),
        ({"matchExpressions": "tier"}, False),
        ({"matchLabels": ["tier"]}, False),
        ("tier", False),
        (None, False),
    ],
)
def test_what_a_label_selector_selects(selector: object, selected: bool) -> None:
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    whole, _ = together(gathering(selector), cluster_role("part", labels={"tier": "ml"}, rules=rules))
    assert (("pods",) in [rule.resources for rule in granted_rules(whole)]) is selected


def test_an_empty_selector_selects_the_roles_of_every_cluster_too() -> None:
    [whole] = together(gathering({}))
    assert ("*",) in [rule.verbs for rule in granted_rules(whole)]
    [whole] = together(gathering({"matchLabels": {"tier": "ml"}}))
    assert granted_rules(whole) == []


def test_roles_that_are_aggregated_into_one_another_end() -> None:
    first, second = (
        gathering({"matchLabels": {"to": name}}) | {"metadata": {"name": name, "labels": {"to": other}}}
        for name, other in (("a", "b"), ("b", "a"))
    )
    one, _, part = together(first, second, cluster_role("c", labels={"to": "b"}, rules=EVERYTHING))
    assert [rule.verbs for rule in granted_rules(one)] == [("*",)]
    assert reach_of(part) is Reach.NOWHERE


def test_only_a_label_that_is_asked_for_must_be_known() -> None:
    part = cluster_role("part", labels={"team": NotKnown("var.team"), "tier": "ml"}, rules=EVERYTHING)
    whole, _ = together(gathering({"matchLabels": {"tier": "ml"}}), part)
    assert granted_rules(whole)
    whole, _ = together(gathering({"matchLabels": {"team": "ml"}}), part)
    with pytest.raises(NotKnownError):
        granted_rules(whole)


def test_a_role_without_a_known_name_may_be_what_a_role_binding_names() -> None:
    prefixed = cluster_role(NotKnown("${var.prefix}-a"), rules=EVERYTHING)
    role, _ = together(prefixed, binding_of("another", "RoleBinding"))
    assert reach_of(role) is Reach.EVERYWHERE
    role, _ = together(prefixed, binding_of(NotKnown("${var.prefix}-a")))
    assert reach_of(role) is Reach.EVERYWHERE
    for nameless in (prefixed, cluster_role("") | {"metadata": {"generateName": "a-"}}):
        role, _ = together(nameless, binding_of(NotKnown("var.role"), "RoleBinding"))
        with pytest.raises(NotKnownError):
            reach_of(role)


def test_names_of_one_source_are_the_same() -> None:
    here, elsewhere = NotKnown("random_id.a.hex", "random_id.a hex"), NotKnown("random_id.b.hex", "random_id.b hex")
    role, _, binding = together(cluster_role(here), cluster_role(elsewhere), binding_of(here, "RoleBinding"))
    assert (reach_of(role), read(binding).role()) == (Reach.NAMESPACES, role)
    assert read(together(cluster_role(NotKnown("var.a")), binding_of(NotKnown("var.a")))[1]).role() is None


def read(manifest: Manifest) -> Binding:
    binding = Binding.read(manifest)
    assert binding is not None
    return binding
