"""What roles may do: the roles of AI and of CI, and the union of the policies that each has.

A root module is looked through once a scan, whatever the number of roles and policies in it. Of the two types that say
which policies a role may have and no others, `aws_iam_role_policy_attachments_exclusive` attaches what it names;
`aws_iam_role_policies_exclusive` names inline policies that stand elsewhere, and gives none.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from checkov_aiml.terraform_view.iam_actions import (
    AI_PRINCIPAL,
    AI_SERVICES,
    covers,
    covers_everything,
    matches,
    service_of,
)
from checkov_aiml.terraform_view.policy import Condition, Member, Statement, statements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import MalformedError

DOCUMENTS = {
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
}
"""Types that hold one identity policy, and where."""

ATTACHMENTS = {
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachments_exclusive": "policy_arns",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
}
"""Types that give policies to someone, and where they name them."""

_ROLE_OF = {
    "aws_iam_policy_attachment": "roles",
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_role_policy_attachments_exclusive": "role_name",
}
"""Where those that give a policy to a role name it."""

IDENTITY_POLICIES = {
    "aws_iam_role": ("inline_policy.policy", "managed_policy_arns"),
    **{kind: (path,) for kind, path in (*DOCUMENTS.items(), *ATTACHMENTS.items())},
}
"""All types that a control on identity policies judges, and the paths of the policies."""


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy: the resource that a person edits, where in it, and what the policy says.

    `statements` is None where nobody can tell yet what it says; `error` says why its text is no policy; `managed` is
    the name of a policy of AWS's own, and `is_elsewhere` that it is one that the files do not hold.
    """

    holder: Resource
    path: str
    statements: tuple[Statement, ...] | None = None
    error: str = ""
    managed: str = ""
    is_elsewhere: bool = False

    @property
    def names_ai_actions(self) -> bool:
        """Whether it allows actions that it names by an AI service."""
        allowed = (statement for statement in self.statements or () if statement.allows)
        return any(service_of(action) in AI_SERVICES for statement in allowed for action in statement.actions)


@dataclass(frozen=True, eq=False)
class Permissions:
    """The union of the policies of a role, or of those that stand alone; `boundary` is None where there is none.

    A boundary of which nobody can tell what it says takes nothing away here.
    """

    policies: tuple[Policy, ...]
    role: Resource | None = None
    boundary: tuple[Statement, ...] | None = None

    @cached_property
    def allowed(self) -> tuple[tuple[Policy, Statement], ...]:
        """The statements that allow something, each with its policy."""
        return tuple((p, s) for p in self.policies for s in p.statements or () if s.allows)

    @cached_property
    def denied(self) -> tuple[Statement, ...]:
        """The statements that deny something and whose effect is known."""
        own = (s for p in self.policies for s in p.statements or () if not s.allows and s.is_known)
        return (*own, *(s for s in self.boundary or () if not s.allows and s.is_known))

    def leave(self, action: str) -> bool:
        """Whether denials and the boundary leave the right to an action, or to all for which a pattern stands.

        A denial takes it away that holds without a condition and for all resources; a boundary takes away what it does
        not allow for all resources.
        """
        if any(concerns(s, action) and not s.conditions and reach(s) is Reach.ALL for s in self.denied):
            return False
        if self.boundary is None:
            return True
        return any(s.allows and concerns(s, action) and reach(s) is Reach.ALL for s in self.boundary)

    def leave_administration(self, pattern: str) -> bool:
        """Whether denials and the boundary leave enough of a right to everything for it to be administrative."""
        if any(concerns(s, pattern) and not s.conditions and reach(s) is Reach.ALL for s in self.denied):
            return False
        allowed = (s for s in self.boundary or () if s.allows and reach(s) is Reach.ALL)
        return self.boundary is None or any(_is_wide(statement, pattern) for statement in allowed)


def _is_wide(statement: Statement, pattern: str) -> bool:
    """Whether a boundary's statement allows enough of what a pattern stands for to be administrative."""
    if statement.not_actions:
        return not any(covers(excluded, pattern) for excluded in statement.not_actions)
    return any(map(covers_everything, statement.actions))


@dataclass(frozen=True, eq=False)
class RoleIndex:
    """The AI roles and roles of CI in a root module, and which of them has a policy of a resource.

    A role that is looked up counts where an AI resource names it: policies in the files may still be its own.
    """

    ai: dict[Resource, str] = field(default_factory=dict)
    ci: dict[Resource, str] = field(default_factory=dict)
    permissions: dict[Resource, Permissions] = field(default_factory=dict)

    @cached_property
    def by_holder(self) -> dict[tuple[str, str], list[Resource]]:
        """The roles that have a policy, by the address and path of the policy."""
        found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for role, permissions in self.permissions.items():
            for policy in permissions.policies:
                for address in dict.fromkeys((policy.holder.address, _without_index(policy.holder))):
                    found[address, policy.path].append(role)
        return found

    def holding(self, policy: Policy) -> list[Resource]:
        """The roles that have a policy."""
        return self.by_holder.get((policy.holder.address, policy.path), [])

    @cached_property
    def holders(self) -> frozenset[str]:
        """The addresses of the resources in which policies of these roles stand."""
        return frozenset(address for address, _ in self.by_holder)


def _without_index(resource: Resource) -> str:
    """The address that Checkov gives to the one block that it keeps for several instances."""
    return re.sub(r"\[[^\[\]]*\]$", "", resource.address) if resource.index is not None else resource.address


def roles_of(resource: Resource) -> RoleIndex:
    """The roles of the resource's root module."""
    estate, root = resource.estate, resource.root
    return estate.once(("roles", root), lambda: _index(resource))


def _index(resource: Resource) -> RoleIndex:
    estate, root, index = resource.estate, resource.root, RoleIndex()
    for role in estate.of_type("aws_iam_role", root=root):
        why, federated = _trusted(role)
        why = why or _ai_use(role)
        if why:
            index.ai[role] = why
        elif federated:
            index.ci[role] = federated
    for user in estate.ai_resources(root):
        elsewhere = (named for named in user.references if named.mode == "data" and named.type == "aws_iam_role")
        index.ai.update((role, f"used by {user.address}") for role in elsewhere)
    judged = [*index.ai, *index.ci]
    given = _given_policies(resource, judged) if judged else {}
    for role in judged:
        own = (policy for one in estate.instances_of(role) for policy in policies_in(one, following=True))
        policies = [*own, *given.get(role, ())]
        index.permissions[role] = Permissions(tuple(policies), role, _boundary(role))
    return index


def _ai_use(role: Resource) -> str | None:
    """Why a role is one of AI by who works with it; that a resource's policy admits it is no work."""
    found = role.estate.ai_use(role)
    if found is None or not found.startswith("used by"):
        return found
    users = (user for user in role.referrers if role.estate.is_ai(user) and not user.type.endswith("_policy"))
    return next((f"used by {user.address}" for user in users), None)


def _trusted(role: Resource) -> tuple[str, str]:
    """Which AI service and which federated provider a role trusts; empty where it trusts none."""
    trust = role.attribute("assume_role_policy") if may_mention(role, "assume_role_policy", _TRUSTED) else None
    try:
        found = (trust is not None and statements(trust)) or []
    except MalformedError:  # The control on trust policies says so.
        return "", ""
    principals = [p for statement in found if statement.allows for p in statement.principals]
    service = next((f"trusted by {p}" for p in principals if p.kind == "Service" and AI_PRINCIPAL.fullmatch(p)), "")
    providers = (p for p in principals if p.kind == "Federated" and "saml-provider" not in p)
    return service, next((f"assumed through {p}" for p in providers if not _is_of_a_cluster(p)), "")


_TRUSTED = re.compile(rf"{AI_PRINCIPAL.pattern}|Federated", re.IGNORECASE)


def _is_of_a_cluster(provider: Member) -> bool:
    """Whether a provider is that of an EKS cluster, whose service accounts are workloads and not CI."""
    named = (other for target in provider.targets for other in (target, *target.references))
    return "oidc.eks." in provider or any(other.type.startswith("aws_eks_cluster") for other in named)


_ONE_DOCUMENT = re.compile(r"data\.aws_iam_policy_document\.[\w-]+(?:\[[^\]]+\])?\.(?:minified_)?json")
_INDIRECT = re.compile(r"\b(?:var|local|module|each|data|file|templatefile)\b[.(]")


def may_mention(resource: Resource, name: str, words: re.Pattern[str]) -> bool:
    """Whether the value of an attribute may hold one of some words; false only where its source tells so.

    This spares the reading of most policies of an estate: a data source is looked at as text first.
    """
    text = resource.body.written(name)  # type: ignore[attr-defined]
    if text is None or words.search(text):
        return True
    if not _INDIRECT.search(text):
        return False
    named = [target for target in resource.references if target.type == "aws_iam_policy_document"]
    if named and _ONE_DOCUMENT.fullmatch(text.strip()):
        return any(_document_may_mention(document, words, ()) for document in named)
    return True


def _document_may_mention(document: Resource, words: re.Pattern[str], seen: tuple[Resource, ...]) -> bool:
    text = document.body.written()  # type: ignore[attr-defined]
    if words.search(text) or re.search(r"\b(?:var|local|module|each|file|templatefile)\b[.(]", text):
        return True
    inner = [t for t in document.references if t.type == "aws_iam_policy_document" and t not in seen]
    return any(_document_may_mention(each, words, (*seen, document)) for each in inner)


def _given_policies(resource: Resource, roles: list[Resource]) -> dict[Resource, list[Policy]]:
    """The policies that other resources of the root module give to roles."""
    estate, found = resource.estate, defaultdict[Resource, list[Policy]](list)
    by_address = {role.address: role for role in roles}
    by_name = {name: role for role in roles if (name := role.text("name"))}
    for kind, path in _ROLE_OF.items():
        for giving in estate.of_type(kind, root=resource.root):
            for one in estate.instances_of(giving):
                named = one.attribute(path)
                receivers = [by_address[t.address] for t in named.targets if t.address in by_address]
                texts = [item.known for item in named.items()]
                receivers += [by_name[text] for text in texts if isinstance(text, str) and text in by_name]
                policies = list(policies_in(one, following=True)) if receivers else []
                for role in dict.fromkeys(receivers):
                    found[role].extend(policies)
    return found


def policies_in(resource: Resource, *, following: bool = False) -> Iterator[Policy]:
    """The policies that stand in a resource, as documents or by name.

    `following` also gives those that the resource names and that stand in another one, as an attachment does.
    """
    if resource.type in DOCUMENTS:
        yield _document_policy(resource, resource.attribute(DOCUMENTS[resource.type]))
        return
    if resource.type == "aws_iam_role":
        for attribute in resource.attributes("inline_policy.policy"):
            if not isinstance(attribute.state, Unset):
                yield _document_policy(resource, attribute)
    path = ATTACHMENTS.get(resource.type, "managed_policy_arns")
    attribute = resource.attribute(path)
    for item in attribute.items():
        yield from _named_policies(resource, item, attribute, following)


def _document_policy(holder: Resource, attribute: Attribute) -> Policy:
    def find() -> Policy:
        try:
            found = statements(attribute)
        except MalformedError as error:
            return Policy(holder, attribute.path, (), error=str(error))
        return Policy(holder, attribute.path, None if found is None else tuple(found))

    return holder.estate.once(("policy", holder.address, holder.root, attribute.path), find)


_MANAGED = re.compile(r":iam::aws:policy/(?:[\w-]+/)*(?P<name>[\w+=,.@-]+)$")


def _named_policies(holder: Resource, item: Attribute, whole: Attribute, following: bool) -> Iterator[Policy]:
    targets = item.targets or (whole.targets if not isinstance(item.known, str) else ())
    own = [target for target in targets if target.type == "aws_iam_policy" and target.mode == "managed"]
    own = own or _named_in_text(holder, item)
    name = next(filter(None, [_managed_name(item), *map(_looked_up_name, targets)]), None)
    if own:
        found = (_document_policy(target, target.attribute("policy")) for target in own)
        yield from found if following else ()
    elif name:
        yield holder.estate.once(
            ("policy", holder.address, holder.root, item.path),
            lambda: Policy(holder, item.path, _managed_statements(name, item.path), managed=name),
        )
    elif isinstance(item.known, str) or any(target.mode == "data" for target in targets):
        yield Policy(holder, item.path, (), is_elsewhere=True)
    elif not isinstance(item.state, Unset):
        yield Policy(holder, item.path)


_OF_CUSTOMER = re.compile(r":iam::(?!aws:)[^:]*:policy/(?:.*/)?(?P<name>[\w+=,.@-]+)$")


def _named_in_text(holder: Resource, item: Attribute) -> list[Resource]:
    """The policy of the same root module that an ARN names in its text."""
    found = _OF_CUSTOMER.search(item.known if isinstance(item.known, str) else getattr(item.state, "text", None) or "")
    if found is None:
        return []
    estate, root = holder.estate, holder.root

    def by_name() -> dict[str | None, Resource]:
        return {policy.text("name"): policy for policy in estate.of_type("aws_iam_policy", root=root)}

    policy = estate.once(("policies by name", root), by_name).get(found["name"])
    return [policy] if policy else []


def _managed_name(item: Attribute) -> str | None:
    text = item.known if isinstance(item.known, str) else getattr(item.state, "text", None)
    found = _MANAGED.search(text or "")
    return found["name"] if found else None


def _looked_up_name(target: Resource) -> str | None:
    """The name of the AWS-managed policy that a data source looks up by its ARN, or by a name that only AWS's has."""
    if target.mode != "data" or target.type != "aws_iam_policy":
        return None
    name = target.text("name")
    return _managed_name(target.attribute("arn")) or (name if name in managed_policies() else None)


@lru_cache(maxsize=1)
def managed_policies() -> dict[str, dict[str, Any]]:
    """AWS-managed policies that matter, by name: what each allows for all resources."""
    content = (files("checkov_aiml") / "data" / "aws_managed_policies.json").read_text(encoding="utf-8")
    return json.loads(content)["policies"]


def _managed_statements(name: str, path: str) -> tuple[Statement, ...]:
    """What a policy of AWS's own allows for all resources, as far as it matters; nothing of those not in the table."""
    found = managed_policies().get(name)
    if found is None:
        return ()
    actions, but = (tuple(map(Member, found.get(key, ()))) for key in ("allows", "allows_all_but"))
    everything = (Member("*"),)
    return (Statement(f"{path} ({name})", True, actions=actions, not_actions=but, resources=everything),)


def _boundary(role: Resource) -> tuple[Statement, ...] | None:
    named = role.attribute("permissions_boundary")
    found = [policy for item in named.items() for policy in _named_policies(role, item, named, following=True)]
    if len(found) != 1 or found[0].statements is None or found[0].is_elsewhere or found[0].error:
        return None
    known = found[0].managed in managed_policies() if found[0].managed else True
    return found[0].statements if known and all(s.is_known for s in found[0].statements) else None


class Reach(Enum):
    """How far a statement goes: to all resources, to those that it names, or nobody can tell."""

    ALL = "all"
    NAMED = "named"
    UNKNOWN = "unknown"


_HOLE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_WILD = re.compile(r"[*?:/]*")


def is_unlimited(resource: str) -> bool:
    """Whether a resource of a statement stands for all of its kind: `*`, `arn:aws:s3:::*`, `arn:aws:kms:*:*:key/*`."""
    text = _HOLE.sub("x", resource)
    if _WILD.fullmatch(text):
        return True
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return parts[0] == "arn" and text.endswith("*") and not re.search(r"\w", "".join(parts[3:]))
    name = parts[5]
    if parts[2] == "s3":
        return _WILD.fullmatch(name.partition("/")[0]) is not None
    kind = re.match(r"[\w-]+[:/]", name)
    return _WILD.fullmatch(name[kind.end() :] if kind else name) is not None


_LIMITING_KEY = re.compile(
    r"(?:[\w-]+:)(?:resourcetag/.+|existingobjecttag/.+|resourcealiases|requestalias|accesspointarn|dataaccesspointarn)"
)


def limits_resources(condition: Condition) -> bool:
    """Whether a condition says which resources: by tag, alias or access point, and not by a bare wildcard."""
    named = bool(condition.values) and not any(set(value) <= set("*?") for value in condition.values)
    return named and not condition.is_negative and _LIMITING_KEY.fullmatch(condition.key) is not None


def reach(statement: Statement) -> Reach:
    """Whether a statement names its resources, by ARN or by condition."""
    everything = bool(statement.not_resources) or any(
        not member.is_unresolved and is_unlimited(member) for member in statement.resources
    )
    if not everything:
        return Reach.UNKNOWN if statement.unresolved_in("resources") else Reach.NAMED
    if any(map(limits_resources, statement.conditions)):
        return Reach.NAMED
    return Reach.ALL if all(condition.is_known for condition in statement.conditions) else Reach.UNKNOWN


def concerns(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action, or about all actions for which a pattern stands."""
    if statement.not_actions:
        return not any(_meet(excluded, action) for excluded in statement.not_actions)
    return any(covers(pattern, action) for pattern in statement.actions if pattern.is_known)


def _meet(one: str, other: str) -> bool:
    """Whether two patterns have anything in common, as far as one holds the other."""
    return covers(one, other) or matches(other, one) or covers(other, one)


def pattern_for(statement: Statement, action: str) -> str | None:
    """The pattern by which a statement allows an action; None where it does not, or nobody can tell."""
    if statement.not_actions:
        return None if not concerns(statement, action) else f"NotAction {', '.join(statement.not_actions)}"
    return next((pattern for pattern in statement.actions if pattern.is_known and matches(pattern, action)), None)
