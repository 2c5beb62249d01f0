"""Rights that a rule of a role should not give, and how a verdict tells them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from checkov_aiml.judgements.rbac_wildcards import in_groups, listed
from checkov_aiml.kubernetes_view.binding import Reach, reach_of
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import Rule, judge_role
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable, passed

ROLE_FIELDS = ("rules.apiGroups", "rules.resources", "rules.verbs", "rules.resourceNames")
ROLE_KINDS = {"Role": ROLE_FIELDS, "ClusterRole": (*ROLE_FIELDS, "aggregationRule")}

READ = frozenset({"get", "list", "watch"})
CHANGE = frozenset({"update", "patch"})
WRITE = frozenset({"create", "update", "patch", "delete", "deletecollection"})


@dataclass(frozen=True)
class Right:
    """Verbs on resources, each an API group and a resource: a right that a rule has when it allows any of them.

    `unless_named` says whether a rule that is limited by resource names is free of it; those named `never` are not. The
    rules of a Role never reach `cluster_scoped` resources, whatever they say.
    """

    verbs: Collection[str]
    targets: Collection[tuple[str, str]]
    unless_named: bool = False
    never: Collection[str] = ()
    cluster_scoped: bool = False

    def given_by(self, rule: Rule) -> str | None:
        """What the rule grants of this right, as a sentence; None when nothing."""
        verbs, resources = rule.verbs_among(self.verbs), rule.resources_among(self.targets)
        if not verbs or not resources or (self.cluster_scoped and not rule.cluster_wide):
            return None
        named = [name for name in rule.resource_names if name in self.never]
        if self.unless_named and rule.is_limited_by_name and not named:
            return None
        return granted(rule, verbs, resources)


def granted(rule: Rule, verbs: list[str], resources: list[str]) -> str:
    """What a rule grants: `rules[1] grants get, list on secrets in the core API group`."""
    named = f" named {listed(rule.resource_names)}" if rule.is_limited_by_name else ""
    return f"{rule.path()} grants {listed(verbs)} on {listed(resources)}{named} in {in_groups(rule.api_groups)}"


def without(*rights: Right, good: str) -> Callable[[Rule], Verdict]:
    """The judgement that a rule gives none of some rights; `good` is what is said of one that gives none."""

    def judge(rule: Rule) -> Verdict:
        given = [sentence for right in rights if (sentence := right.given_by(rule))]
        if given:
            return failed("; ".join(dict.fromkeys(given)), rule.path("verbs"), rule.path("resources"))
        return passed(good)

    return judge


def judge_where_given(
    role: Manifest, everywhere: Callable[[Rule], Verdict], in_namespaces: Callable[[Rule], Verdict]
) -> Verdict:
    """The verdict on a role by where its bindings give it: `in_namespaces` judges where RoleBindings alone do.

    Not applicable is a ClusterRole that is a part of others which nothing binds, when it would pass in a namespace.
    """
    verdict = judge_role(role, everywhere)
    if role.kind != "ClusterRole" or verdict.outcome is not Outcome.FAILED:
        return verdict
    reach = reach_of(role)
    limited = verdict if reach is Reach.EVERYWHERE else judge_role(role, in_namespaces)
    if limited.outcome is not Outcome.PASSED:
        return verdict
    return limited if reach is Reach.NAMESPACES else not_applicable("a part of other roles, which nothing binds")
