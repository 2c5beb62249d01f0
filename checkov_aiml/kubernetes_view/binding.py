"""How role bindings are read, and what the role that they name grants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.objects import Place, objects_of, place_of
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, peek, peek_members
from checkov_aiml.kubernetes_view.rbac import Rule, is_rbac, rules_of

BINDING_FIELDS = ("roleRef.kind", "roleRef.name", "subjects.kind", "subjects.name", "subjects.namespace")
BINDING_KINDS = {"RoleBinding": BINDING_FIELDS, "ClusterRoleBinding": BINDING_FIELDS}

_ACCOUNT_USER = "system:serviceaccount:"


@dataclass(frozen=True)
class Subject:
    """Who gets a role: `kind` is User, Group or ServiceAccount, `path` says where it stands.

    What is not known of a subject is empty, and the subject then not `is_known`. A user of the name that Kubernetes
    gives a service account counts as that service account.
    """

    kind: str
    name: str
    namespace: str
    path: str
    is_known: bool = True

    @property
    def shown(self) -> str:
        """The subject in a message: `ServiceAccount training/runner`."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Binding:
    """A RoleBinding or ClusterRoleBinding; without subjects it gives nobody anything.

    The role's name is empty while it is not known.
    """

    manifest: Manifest
    role_kind: str
    role_name: str
    subjects: tuple[Subject, ...]
    role_is_known: bool = True

    @classmethod
    def read(cls, manifest: Manifest) -> Binding | None:
        """The binding that a manifest is; None for another API group's kind of the same name."""
        if not is_rbac(manifest):
            return None
        role = mapping(manifest.read("roleRef"))
        kind, name = peek(role, "kind"), peek(role, "name")
        # A service account without namespace is refused in a ClusterRoleBinding and taken as the binding's own else.
        own = "" if manifest.kind == "ClusterRoleBinding" else manifest.namespace or ""
        subjects = enumerate(peek_members(members(manifest.read("subjects"))))
        return cls(
            manifest,
            text(kind),
            text(name),
            tuple(_subject(entry, own, f"subjects[{index}]") for index, entry in subjects),
            not isinstance(name, NotKnown),
        )

    @property
    def cluster_wide(self) -> bool:
        return self.manifest.kind == "ClusterRoleBinding"

    def role(self) -> Manifest | None:
        """The role that the binding names, when it is scanned."""
        objects = objects_of(self.manifest)
        if self.role_kind == "ClusterRole":
            return objects.cluster_wide("ClusterRole", self.role_name)
        return objects.named("Role", self.role_name, self.manifest)


def _subject(entry: Any, own_namespace: str, path: str) -> Subject:
    fields = [peek(mapping(entry), field) for field in ("kind", "name", "namespace")]
    is_known = not any(isinstance(field, NotKnown) for field in (entry, *fields))
    kind, name, namespace = map(text, fields)
    if kind == "User" and name.startswith(_ACCOUNT_USER):
        namespace, _, name = name.removeprefix(_ACCOUNT_USER).partition(":")
        return Subject("ServiceAccount", name, namespace, path, is_known)
    return Subject(kind, name, (namespace or own_namespace) * (kind == "ServiceAccount"), path, is_known)


def bindings_of(role: Manifest) -> list[Binding]:
    """The scanned bindings that name a role; those of a Role are beside it."""
    where = place_of(role) if role.kind == "Role" else ("", "")
    return _by_role(role).get((role.kind, role.name or "", where), [])


def _by_role(manifest: Manifest) -> dict[tuple[str, str, Place], list[Binding]]:
    objects = objects_of(manifest)
    if "bindings" not in objects.memo:
        found: dict[tuple[str, str, Place], list[Binding]] = {}
        for one in objects.of_kind(*BINDING_KINDS):
            try:
                binding = Binding.read(one)
            except NotKnownError:  # Who binds the role is then not known, and the binding's own result says so.
                continue
            if binding:
                where = place_of(one) if binding.role_kind == "Role" else ("", "")
                found.setdefault((binding.role_kind, binding.role_name, where), []).append(binding)
        objects.memo["bindings"] = found
    bindings: dict[tuple[str, str, Place], list[Binding]] = objects.memo["bindings"]
    return bindings


def granted_rules(role: Manifest) -> list[Rule]:
    """The rules of a role that can be read, those that Kubernetes aggregates into it from other roles included."""
    rules = [rule for rule in rules_of(role) if isinstance(rule, Rule)]
    for selector in members(mapping(role.read("aggregationRule")).get("clusterRoleSelectors")):
        wanted = mapping(mapping(selector).get("matchLabels"))
        for other in objects_of(role).of_kind("ClusterRole"):
            if other is not role and wanted and wanted.items() <= other.labels.items():
                rules += [rule for rule in rules_of(other) if isinstance(rule, Rule)]
    return rules
