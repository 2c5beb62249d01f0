"""How role bindings are read, and what the role that they name grants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.objects import Objects, Place, objects_of, place_of
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, peek, peek_members
from checkov_aiml.kubernetes_view.rbac import Rule, is_rbac, rules_of

BINDING_FIELDS = ("roleRef.kind", "roleRef.name", "subjects.kind", "subjects.name", "subjects.namespace")
BINDING_KINDS = {"RoleBinding": BINDING_FIELDS, "ClusterRoleBinding": BINDING_FIELDS}

_ACCOUNT_USER = "system:serviceaccount:"
_ALL_ACCOUNTS = "system:serviceaccounts"


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
        name = self.name or "(not known)"
        return f"{self.kind} {self.namespace}/{name}" if self.namespace else f"{self.kind} {name}"

    @property
    def is_group_of_accounts(self) -> bool:
        """Whether it is the group of all service accounts of a namespace or of the cluster."""
        return self.kind == "Group" and (self.name == _ALL_ACCOUNTS or self.name.startswith(f"{_ALL_ACCOUNTS}:"))


@dataclass(frozen=True)
class Binding:
    """A RoleBinding or ClusterRoleBinding; without subjects it gives nobody anything.

    The role's name is empty while it is not known; `role_reference` then tells where it comes from, if anything does.
    """

    manifest: Manifest
    role_kind: str
    role_name: str
    subjects: tuple[Subject, ...]
    role_reference: str | NotKnown

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
            _told(name),
        )

    @property
    def role_is_known(self) -> bool:
        return not isinstance(self.role_reference, NotKnown)

    @property
    def role_shown(self) -> str:
        """The role in a message."""
        return self.role_name or "the role"

    @property
    def cluster_wide(self) -> bool:
        return self.manifest.kind == "ClusterRoleBinding"

    def role(self) -> Manifest | None:
        """The role that the binding names, when it is scanned."""
        objects = objects_of(self.manifest)
        if not _is_told(self.role_reference):
            return None
        if isinstance(self.role_reference, NotKnown):
            where = place_of(self.manifest) if self.role_kind == "Role" else _CLUSTER
            return _unnamed_roles(objects).get((self.role_kind, self.role_reference, where))
        if self.role_kind == "ClusterRole":
            return objects.cluster_wide("ClusterRole", self.role_name, self.manifest)
        return objects.named("Role", self.role_name, self.manifest)


def _subject(entry: Any, own_namespace: str, path: str) -> Subject:
    fields = [peek(mapping(entry), field) for field in ("kind", "name", "namespace")]
    is_known = not any(isinstance(field, NotKnown) for field in (entry, *fields))
    kind, name, namespace = map(text, fields)
    if kind == "User" and name.startswith(_ACCOUNT_USER):
        namespace, _, name = name.removeprefix(_ACCOUNT_USER).partition(":")
        return Subject("ServiceAccount", name, namespace, path, is_known)
    return Subject(kind, name, (namespace or own_namespace) * (kind == "ServiceAccount"), path, is_known)


_CLUSTER: Place = ("", "")
_Name = tuple[str, "str | NotKnown", Place]
"""The kind, name and place of a role. Two names that are not known are the same when they have one source."""


class Reach(Enum):
    """Where the bindings that are scanned give the rights of a ClusterRole."""

    EVERYWHERE = "in the whole cluster, or nothing says where"
    NAMESPACES = "in the namespaces of RoleBindings"
    NOWHERE = "in roles that it is aggregated into, which nothing binds"


def reach_of(role: Manifest) -> Reach:
    """Where a ClusterRole reaches. One that nobody binds, and that is no part of another, may be meant for anything."""
    in_namespaces = False
    for binding in bindings_of(role):
        if binding.cluster_wide and binding.subjects:
            return Reach.EVERYWHERE
        in_namespaces = in_namespaces or not binding.cluster_wide
    if in_namespaces:
        return Reach.NAMESPACES
    return Reach.NOWHERE if next(_wholes(role), None) else Reach.EVERYWHERE


def bindings_of(role: Manifest) -> Iterator[Binding]:
    """The scanned bindings that give a role: those that name it (beside it, if it is a Role), and those that name a
    ClusterRole that it is aggregated into.

    Raises `NotKnownError` where the name of the role is not known and a RoleBinding may name it.
    """
    yield from _naming(role, role)
    if role.kind == "ClusterRole":
        for whole in _wholes(role):
            yield from _naming(whole, role)


def _naming(role: Manifest, beside: Manifest) -> list[Binding]:
    bindings, wanted = _by_role(objects_of(beside)), _name_of(role)
    found = bindings.get(wanted, []) if _is_told(wanted[1]) else []
    if found or (isinstance(wanted[1], str) and wanted[1]):
        return found
    # Any ClusterRoleBinding only confirms what is assumed of a role that nothing binds.
    unknown = (each for (kind, other, _), each in bindings.items() if kind == role.kind and isinstance(other, NotKnown))
    if not all(binding.cluster_wide for each in unknown for binding in each):
        raise NotKnownError("metadata.name")
    return []


def _by_role(objects: Objects) -> dict[_Name, list[Binding]]:
    if "bindings" not in objects.memo:
        found: dict[_Name, list[Binding]] = {}
        for one in objects.of_kind(*BINDING_KINDS):
            try:
                binding = Binding.read(one)
            except NotKnownError:  # Who binds the role is then not known, and the binding's own result says so.
                continue
            if binding:
                where = place_of(one) if binding.role_kind == "Role" else _CLUSTER
                found.setdefault((binding.role_kind, binding.role_reference, where), []).append(binding)
        objects.memo["bindings"] = found
    bindings: dict[_Name, list[Binding]] = objects.memo["bindings"]
    return bindings


def _unnamed_roles(objects: Objects) -> dict[_Name, Manifest]:
    """The roles whose names are not known."""
    if "unnamed roles" not in objects.memo:
        names = ((_name_of(role), role) for role in objects.of_kind("Role", "ClusterRole"))
        objects.memo["unnamed roles"] = {name: role for name, role in names if isinstance(name[1], NotKnown)}
    roles: dict[_Name, Manifest] = objects.memo["unnamed roles"]
    return roles


def _name_of(role: Manifest) -> _Name:
    where = place_of(role) if role.kind == "Role" else _CLUSTER
    try:
        return role.kind, role.name or "", where
    except NotKnownError:
        name = _told(peek(mapping(peek(role.conf, "metadata")), "name"))
        return role.kind, name or NotKnown("metadata"), where


def _told(name: Any) -> str | NotKnown:
    """A name by which roles and bindings may meet."""
    return NotKnown(name.source, name.source) if isinstance(name, NotKnown) else text(name)


def _is_told(name: str | NotKnown) -> bool:
    return bool(name.source if isinstance(name, NotKnown) else name)


def granted_rules(role: Manifest) -> list[Rule]:
    """The rules of a role that can be read, those that Kubernetes aggregates into it from other roles included.

    Aggregation goes on through roles that are aggregated themselves. Raises `NotKnownError` where a label decides that
    is not known. Source: the Kubernetes documentation, "Using RBAC Authorization", aggregated ClusterRoles.
    """
    parts = _closure(role, lambda one: _parts(one, objects_of(role)))
    return [rule for one in (role, *parts) for rule in rules_of(one) if isinstance(rule, Rule)]


def _closure(start: Manifest, step: Callable[[Manifest], Iterable[Manifest]]) -> Iterator[Manifest]:
    """What is reached from an object by some steps, each once and without the object itself."""
    seen, ahead = {id(start)}, [start]
    while ahead:
        for one in step(ahead.pop()):
            if id(one) not in seen:
                seen.add(id(one))
                ahead.append(one)
                yield one


def _parts(whole: Manifest, objects: Objects) -> Iterator[Manifest]:
    selectors = _selectors(whole)
    return (one for one in _cluster_roles(objects) if any(_selects(selector, one) for selector in selectors))


def _wholes(part: Manifest) -> Iterator[Manifest]:
    """The ClusterRoles that a ClusterRole is aggregated into, directly or through others."""
    objects = objects_of(part)
    if "aggregated roles" not in objects.memo:
        aggregated = ((one, _selectors(one)) for one in _cluster_roles(objects))
        objects.memo["aggregated roles"] = [(one, selectors) for one, selectors in aggregated if selectors]
    wholes: list[tuple[Manifest, list[Any]]] = objects.memo["aggregated roles"]
    return _closure(
        part,
        lambda role: (one for one, selectors in wholes if any(_selects(selector, role) for selector in selectors)),
    )


def _selectors(role: Manifest) -> list[Any]:
    if role.conf.get("aggregationRule") is None:  # Most have none, and reading what they hold copies it.
        return []
    return members(mapping(role.read("aggregationRule")).get("clusterRoleSelectors"))


def _cluster_roles(objects: Objects) -> list[Manifest]:
    """The scanned ClusterRoles, and those of every cluster that aggregation may meet."""
    scanned = [role for role in objects.of_kind("ClusterRole") if is_rbac(role)]
    names = {_name_of(role)[1] for role in scanned}
    return [*scanned, *(role for role in _BUILT_IN if role.name not in names)]


def _selects(selector: Any, role: Manifest) -> bool:
    """Whether a label selector selects a role; an empty one selects every role.

    Source: the Kubernetes API reference, LabelSelector.
    """
    if not isinstance(selector, Mapping):
        return False
    wanted, expressions = selector.get("matchLabels", {}), selector.get("matchExpressions") or []
    if isinstance(wanted, NotKnown):
        raise NotKnownError(wanted.text)
    if not isinstance(wanted, Mapping) or not isinstance(expressions, list):
        return False  # What stands there instead of labels cannot be read, and so does not select everything.
    labels = mapping(mapping(role.conf.get("metadata")).get("labels"))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _meets(labels, mapping(expression)) for expression in expressions
    )


def _meets(labels: Mapping[str, Any], expression: Mapping[str, Any]) -> bool:
    value, values = labels.get(text(expression.get("key"))), members(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False


def _built_in(name: str, *labels: str, **fields: Any) -> Manifest:
    given = {"kubernetes.io/bootstrapping": "rbac-defaults", **dict.fromkeys(labels, "true")}
    about = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
    return Manifest({**about, "metadata": {"name": name, "labels": given}, **fields})


def _gathers(label: str) -> dict[str, Any]:
    return {"clusterRoleSelectors": [{"matchLabels": {label: "true"}}]}


_TO_ADMIN, _TO_EDIT, _TO_VIEW = (f"rbac.authorization.k8s.io/aggregate-to-{role}" for role in ("admin", "edit", "view"))
_BUILT_IN = (
    _built_in("cluster-admin", rules=[{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]),
    _built_in("admin", aggregationRule=_gathers(_TO_ADMIN)),
    _built_in("edit", _TO_ADMIN, aggregationRule=_gathers(_TO_EDIT)),
    _built_in("view", _TO_EDIT, aggregationRule=_gathers(_TO_VIEW)),
)
"""Roles of every cluster, as far as aggregation needs them (`plugin/pkg/auth/authorizer/rbac/bootstrappolicy`)."""
