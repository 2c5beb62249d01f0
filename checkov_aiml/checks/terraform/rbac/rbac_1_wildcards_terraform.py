"""RBAC_1 on the Kubernetes roles of Terraform's kubernetes provider."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_wildcards import RbacWildcards, judge_rule
from checkov_aiml.kubernetes_view.rbac import Rule, Spelling
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.state import UNSET, Value, plain
from checkov_aiml.verdict import Verdict, all_of, not_applicable, passed, unresolved

_FIELDS = ("api_groups", "resources", "verbs", "resource_names", "non_resource_urls")
_SPELLING = Spelling("rule", *_FIELDS)
_RULES = tuple(f"rule.{field}" for field in _FIELDS)
_CLUSTER_RULES = (*_RULES, "aggregation_rule")


class TerraformRbacWildcards(RbacWildcards, TerraformControl):
    resources = {
        "kubernetes_role": _RULES[:4],
        "kubernetes_role_v1": _RULES[:4],
        "kubernetes_cluster_role": _CLUSTER_RULES,
        "kubernetes_cluster_role_v1": _CLUSTER_RULES,
    }
    fails = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = ["batch"]
    resources  = ["jobs"]
    verbs      = ["get", "list", "create"]
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["*"]
  }
}
"""
    passes = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = ["batch"]
    resources  = ["jobs"]
    verbs      = ["get", "list", "create"]
  }
  rule {
    api_groups = ["kubeflow.org"]
    resources  = ["*"]
    verbs      = ["*"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        blocks = list(resource.blocks("rule"))
        if not blocks:
            if list(resource.blocks("aggregation_rule")):
                return not_applicable("Kubernetes fills in the rules of an aggregated role")
            return passed("the role has no rules and grants nothing")
        return all_of(_rule(index, place, block) for index, (place, block) in enumerate(blocks))


def _rule(index: int, place: str, block: Value) -> Verdict:
    """The verdict on one rule: wild where what is known of it is wild, else not known where any of it is not."""
    if not hasattr(block.known, "get"):
        return unresolved("rules that are not known").about(place)
    fields = {field: block.known.get(field) or UNSET for field in _FIELDS}
    verdict = judge_rule(Rule.parse({field: _texts(value) for field, value in fields.items()}, index, _SPELLING))
    unknown = [f"{place}.{field}" for field, value in fields.items() if not _is_plain(value)]
    return unresolved("not known", *unknown).about(unknown[0]) if unknown else verdict


def _texts(value: Value) -> list[str]:
    """The known texts of a list; the core API group is the empty string, which the view tells as unset."""
    members = value.known if isinstance(value.known, list) else []
    return [str(plain(member) or "") for member in members if _is_plain(member)]


def _is_plain(value: Value) -> bool:
    try:
        plain(value)
    except ValueError:
        return False
    return True


check = TerraformRbacWildcards()
