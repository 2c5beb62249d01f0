"""RBAC_1: the words and the judgement, the same for manifests and for Terraform's Kubernetes resources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import Rule, judge_role
from checkov_aiml.verdict import Verdict, failed, passed

_RULES = ("rules.apiGroups", "rules.resources", "rules.verbs", "rules.resourceNames", "rules.nonResourceURLs")


class RbacWildcards(ManifestJudgement):
    """A rule may hold no wildcard, unless it is confined to API groups of custom resources."""

    id = "CKV_AIML_RBAC_1"
    name = "Ensure Kubernetes roles grant no wildcard verbs, resources or API groups"
    severity = HIGH
    category = CheckCategories.IAM
    why = (
        "A wildcard also grants what nobody had in mind: Secrets, impersonation, and every kind or verb that is added "
        "to the cluster later. A notebook, pipeline or model server that is taken over then takes the namespace or the "
        "cluster with it."
    )
    fix = "Name the verbs, resources and API groups that the workload uses, one rule for each purpose."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"
    covers = ("N1", "N13")
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "CIS-EKS:4.1.3", "CIS-AKS:4.1.3")
    limits = (
        "Wildcards on the API groups of custom resources pass, although an operator may do more on their behalf than "
        "its user could. The resource `*/scale` passes, in every API group: it reaches replica counts alone, and an "
        "autoscaler cannot know all scalable kinds; every other `*/subresource` fails. Stars that Kubernetes takes "
        "literally (`pods/*`, `get*`, a resource name `*`) grant nothing and pass. Roles that exist only in the "
        "cluster are not seen."
    )
    kinds = {"Role": _RULES, "ClusterRole": (*_RULES, "aggregationRule")}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, judge_rule)


_EVERYTHING = re.compile(r"\*")
_WILDCARDS = {
    "verbs": _EVERYTHING,
    "resources": re.compile(r"\*(/(?!scale$)[^*]+)?"),
    "api_groups": _EVERYTHING,
    "non_resource_urls": re.compile(r"/?\*+"),  # Every path starts with a slash, and trailing stars count as one.
}


def judge_rule(rule: Rule) -> Verdict:
    """Failed, saying what the rule grants and in which fields the wildcards stand; else passed."""
    wild = [field for field in _WILDCARDS if _wildcards(rule, field)]
    if rule.resources and all(resource.endswith("/scale") for resource in rule.resources):
        wild = [field for field in wild if field != "api_groups"]
    if wild and not rule.is_confined_to_custom_groups:
        return failed(_grant(rule), *map(rule.path, wild))
    return passed("no rule grants a wildcard verb, resource or API group, unless confined to custom resources")


def _wildcards(rule: Rule, field: str) -> list[str]:
    return list(dict.fromkeys(value for value in getattr(rule, field) if _WILDCARDS[field].fullmatch(value)))


def _grant(rule: Rule) -> str:
    """What a rule grants, in a few words: `rules[1] grants verb * on secrets in the core API group`."""
    targets = []
    if rule.resources or not rule.non_resource_urls:
        named = f" named {listed(rule.resource_names)}" if rule.resource_names else ""
        targets.append(f"{_say(rule, 'resources', 'resource')}{named} in {in_groups(rule.api_groups)}")
    if rule.non_resource_urls:
        targets.append(_say(rule, "non_resource_urls", "URL"))
    return f"{rule.path()} grants {_say(rule, 'verbs', 'verb')} on {' and '.join(targets)}"


def in_groups(api_groups: Sequence[str]) -> str:
    """API groups in words: `the core, apps API groups`."""
    if not api_groups:
        return "no API group"
    plural = "s" if len(api_groups) > 1 else ""
    return f"the {listed([group or 'core' for group in api_groups])} API group{plural}"


def _say(rule: Rule, field: str, noun: str) -> str:
    wild = _wildcards(rule, field)
    return f"{noun} {listed(wild)}" if wild else listed(getattr(rule, field)) or f"no {noun}"


def listed(words: Sequence[str], most: int = 5) -> str:
    """Words with commas between them, the first few of many."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
