"""How RBAC rules are read.

Sources: the Kubernetes documentation, "Using RBAC Authorization" and "Role Based Access Control Good Practices"; in the
Kubernetes source `pkg/apis/rbac/v1/evaluation_helpers.go` (which requests a rule matches) and
`pkg/apis/rbac/validation/validation.go` (which rules the API server refuses).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import NotKnown, peek, peek_members
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

# The empty group stands for OpenShift's legacy `v1` and for an API version that names no group.
RBAC_API_GROUPS = ("rbac.authorization.k8s.io", "authorization.openshift.io", "")

# A custom group is a DNS subdomain with a dot (validation of CustomResourceDefinition); the API server protects the
# groups of the Kubernetes community (`IsProtectedCommunityGroup`), and OpenShift's are its platform's own.
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_PLATFORM_DOMAINS = ("k8s.io", "kubernetes.io", "openshift.io")


class MalformedRuleError(ValueError):
    """A rule that cannot be read: `path` says where, the text says where and why."""

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(f"{path} is {_type_name(value)} where {expected} is expected")
        self.path = path


@dataclass(frozen=True)
class Spelling:
    """What a framework calls the rules of a role and the fields of a rule."""

    rules: str = "rules"
    api_groups: str = "apiGroups"
    resources: str = "resources"
    verbs: str = "verbs"
    resource_names: str = "resourceNames"
    non_resource_urls: str = "nonResourceURLs"


MANIFEST = Spelling()


@dataclass(frozen=True)
class Rule:
    """One rule: every verb on every resource (or only those named) of every API group in it. Rules only add up.

    Kubernetes reads a lone `*` in API groups, resources, verbs and non-resource URLs as everything, the resource
    `*/scale` as that subresource of every resource, and a `*` that ends a non-resource URL as any ending. Everywhere
    else a star is an ordinary character that matches nothing: `pods/*`, `get*`, a resource name `*`.

    `cluster_wide` tells the rules of a ClusterRole. `unknown` are the places of what is not known yet: the rule holds
    what is known, and a text that stands for resource names that are not, since any name would narrow the rule.
    """

    index: int
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = ()
    spelling: Spelling = MANIFEST
    cluster_wide: bool = False
    unknown: tuple[str, ...] = ()

    @classmethod
    def parse(cls, entry: object, index: int, spelling: Spelling = MANIFEST, cluster_wide: bool = False) -> Rule:
        """The rule that a mapping spells; an absent or null field is empty. Raises `MalformedRuleError`."""
        path = f"{spelling.rules}[{index}]"
        if isinstance(entry, NotKnown):
            return cls(index, spelling=spelling, unknown=(path,))
        if not isinstance(entry, Mapping):
            raise MalformedRuleError(path, entry, "a mapping")
        unknown: list[str] = []

        def texts(field: str) -> tuple[str, ...]:
            known, is_all = _known_texts(peek(entry, field), f"{path}.{field}")
            if is_all:
                return known
            unknown.append(f"{path}.{field}")
            return (*known, _SOME_NAME) if field == spelling.resource_names else known

        rule = cls(
            index,
            api_groups=texts(spelling.api_groups),
            resources=texts(spelling.resources),
            verbs=texts(spelling.verbs),
            resource_names=texts(spelling.resource_names),
            non_resource_urls=texts(spelling.non_resource_urls),
            spelling=spelling,
            cluster_wide=cluster_wide,
        )
        return replace(rule, unknown=tuple(unknown))

    def path(self, field: str | None = None) -> str:
        """Where the rule stands, or one of its fields (named as here): `rules[1]`, `rules[1].apiGroups`."""
        rule = f"{self.spelling.rules}[{self.index}]"
        return f"{rule}.{getattr(self.spelling, field)}" if field else rule

    @property
    def is_confined_to_custom_groups(self) -> bool:
        """Whether the rule reaches nothing but kinds that custom resource definitions add to Kubernetes."""
        return bool(self.api_groups) and not self.non_resource_urls and all(map(is_custom_group, self.api_groups))

    @property
    def is_limited_by_name(self) -> bool:
        """Whether the rule reaches named objects alone; a request without a name has the empty one."""
        return bool(self.resource_names) and "" not in self.resource_names

    def verbs_among(self, wanted: Collection[str]) -> list[str]:
        """The verbs of the rule, as they are written, that allow one of some verbs."""
        return [verb for verb in dict.fromkeys(self.verbs) if verb == "*" or verb in wanted]

    def resources_among(self, wanted: Collection[tuple[str, str]]) -> list[str]:
        """The resources of the rule, as they are written, that reach one of some (API group, resource)."""
        reached = {resource for group, resource in wanted if {group, "*"} & set(self.api_groups)}
        return [one for one in dict.fromkeys(self.resources) if any(_matches(one, resource) for resource in reached)]


def _matches(written: str, resource: str) -> bool:
    """Whether a resource of a rule reaches a resource: `*` does, and `*/exec` reaches `pods/exec`."""
    return written in ("*", resource) or ("/" in resource and written == f"*/{resource.partition('/')[2]}")


def is_custom_group(api_group: str) -> bool:
    """Whether custom resource definitions own an API group: neither Kubernetes, its community nor OpenShift does."""
    platform = any(f".{api_group}".endswith(f".{domain}") for domain in _PLATFORM_DOMAINS)
    return _DOMAIN.fullmatch(api_group) is not None and not platform


def is_rbac(manifest: Manifest) -> bool:
    """Whether an object is of RBAC's API group: cloud operators have a kind `Role` of their own."""
    return manifest.api_group in RBAC_API_GROUPS


def rules_of(manifest: Manifest) -> Iterator[Rule | MalformedRuleError]:
    """The rules of a Role or ClusterRole, each as it was parsed or with the error that keeps it from that."""
    entries = manifest.read("rules")
    spelling = manifest.spelling or MANIFEST
    if entries is not None and not isinstance(entries, list):
        yield MalformedRuleError(spelling.rules, entries, "a list")
        return
    for index, entry in enumerate(peek_members(entries or [])):
        try:
            yield Rule.parse(entry, index, spelling, manifest.kind == "ClusterRole")
        except MalformedRuleError as error:
            yield error


def judge_role(manifest: Manifest, judge: Callable[[Rule], Verdict]) -> Verdict:
    """The verdict on a Role or ClusterRole: `judge` judges each rule, and a rule that cannot be read has failed.

    A role without rules grants nothing. Not applicable are another API group's kind of the same name, and a ClusterRole
    without rules of its own into which Kubernetes aggregates those of others.
    """
    if not is_rbac(manifest):
        return not_applicable(f"a {manifest.kind} of {manifest.api_group} is no RBAC role")
    rules = list(rules_of(manifest))
    if not rules:
        if manifest.kind == "ClusterRole" and manifest.read("aggregationRule") is not None:
            return not_applicable("Kubernetes fills in the rules of an aggregated ClusterRole")
        return passed("the role has no rules and grants nothing")
    return all_of(_malformed(rule) if isinstance(rule, MalformedRuleError) else _judged(rule, judge) for rule in rules)


def _judged(rule: Rule, judge: Callable[[Rule], Verdict]) -> Verdict:
    """The verdict on one rule: what is known of it may be bad enough to decide, else what is not known decides.

    Rules only add up, so nothing that comes to be known mends a failed rule, once it is known to reach anything.
    """
    verdict = judge(rule)
    if rule.unknown and not (verdict.outcome is Outcome.FAILED and (rule.api_groups or rule.non_resource_urls)):
        return unresolved("not known").about(rule.unknown[0])
    return verdict


def _malformed(error: MalformedRuleError) -> Verdict:
    return failed(str(error), error.path)


_SOME_NAME = "(a name that is not known)"


def _known_texts(value: object, path: str) -> tuple[tuple[str, ...], bool]:
    """The texts of a list that are known, and whether all are."""
    if isinstance(value, NotKnown):
        return (), False
    if value is None:
        return (), True
    if not isinstance(value, list):
        raise MalformedRuleError(path, value, "a list")
    members = peek_members(value)
    known = [text for text in members if not isinstance(text, NotKnown)]
    for index, text in enumerate(members):
        if not isinstance(text, (str, NotKnown)):
            raise MalformedRuleError(f"{path}[{index}]", text, "a string")
    return tuple(known), len(known) == len(members)


def _type_name(value: object) -> str:
    names: dict[type[Any], str] = {dict: "a mapping", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), f"a value of type {type(value).__name__}")
