"""How RBAC rules are read.

Sources: the Kubernetes documentation, "Using RBAC Authorization" and "Role Based Access Control Good Practices"; in the
Kubernetes source `pkg/apis/rbac/v1/evaluation_helpers.go` (which requests a rule matches) and
`pkg/apis/rbac/validation/validation.go` (which rules the API server refuses).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed

# The empty group stands for OpenShift's legacy `v1` and for an API version that names no group.
RBAC_API_GROUPS = ("rbac.authorization.k8s.io", "authorization.openshift.io", "")

# A custom group is a DNS subdomain with a dot (validation of CustomResourceDefinition); the API server protects the
# groups of the Kubernetes community (`IsProtectedCommunityGroup`), and OpenShift's are its platform's own.
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_PLATFORM_DOMAINS = ("k8s.io", "kubernetes.io", "openshift.io")


class MalformedRule(ValueError):
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
    """

    index: int
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = ()
    spelling: Spelling = MANIFEST

    @classmethod
    def parse(cls, entry: object, index: int, spelling: Spelling = MANIFEST) -> Rule:
        """The rule that a mapping spells; an absent or null field is empty. Raises `MalformedRule`."""
        path = f"{spelling.rules}[{index}]"
        if not isinstance(entry, Mapping):
            raise MalformedRule(path, entry, "a mapping")

        def texts(field: str) -> tuple[str, ...]:
            return _texts(entry.get(field), f"{path}.{field}")

        return cls(
            index,
            api_groups=texts(spelling.api_groups),
            resources=texts(spelling.resources),
            verbs=texts(spelling.verbs),
            resource_names=texts(spelling.resource_names),
            non_resource_urls=texts(spelling.non_resource_urls),
            spelling=spelling,
        )

    def path(self, field: str | None = None) -> str:
        """Where the rule stands, or one of its fields (named as here): `rules[1]`, `rules[1].apiGroups`."""
        rule = f"{self.spelling.rules}[{self.index}]"
        return f"{rule}.{getattr(self.spelling, field)}" if field else rule

    @property
    def is_confined_to_custom_groups(self) -> bool:
        """Whether the rule reaches nothing but kinds that custom resource definitions add to Kubernetes."""
        return bool(self.api_groups) and not self.non_resource_urls and all(map(is_custom_group, self.api_groups))


def is_custom_group(api_group: str) -> bool:
    """Whether custom resource definitions own an API group: neither Kubernetes, its community nor OpenShift does."""
    platform = any(f".{api_group}".endswith(f".{domain}") for domain in _PLATFORM_DOMAINS)
    return _DOMAIN.fullmatch(api_group) is not None and not platform


def judge_role(manifest: Manifest, judge: Callable[[Rule], Verdict]) -> Verdict:
    """The verdict on a Role or ClusterRole: `judge` judges each rule, and a rule that cannot be read has failed.

    A role without rules grants nothing. Not applicable are another API group's kind of the same name (cloud operators
    have an IAM `Role`), and a ClusterRole without rules of its own into which Kubernetes aggregates those of others.
    """
    if manifest.api_group not in RBAC_API_GROUPS:
        return not_applicable(f"a {manifest.kind} of {manifest.api_group} is no RBAC role")
    entries = manifest.read("rules")
    if entries is None or entries == []:
        if manifest.kind == "ClusterRole" and manifest.read("aggregationRule") is not None:
            return not_applicable("Kubernetes fills in the rules of an aggregated ClusterRole")
        return passed("the role has no rules and grants nothing")
    if not isinstance(entries, list):
        return _malformed(MalformedRule("rules", entries, "a list"))
    verdicts = []
    for index, entry in enumerate(entries):
        try:
            verdicts.append(judge(Rule.parse(entry, index)))
        except MalformedRule as error:
            verdicts.append(_malformed(error))
    return all_of(verdicts)


def _malformed(error: MalformedRule) -> Verdict:
    return failed(str(error), error.path)


def _texts(value: object, path: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedRule(path, value, "a list")
    for index, text in enumerate(value):
        if not isinstance(text, str):
            raise MalformedRule(f"{path}[{index}]", text, "a string")
    return tuple(value)


def _type_name(value: object) -> str:
    names: dict[type[Any], str] = {dict: "a mapping", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), f"a value of type {type(value).__name__}")
