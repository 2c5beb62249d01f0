"""What a custom role of Azure allows on AI services: its actions, less those that it takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import zip_longest

from checkov_aiml.judgements.azure_role_assignments import (
    ASSIGNMENTS,
    ai_identity,
    concerns_ai,
    gives_role,
    paths_of,
)
from checkov_aiml.judgements.azure_scopes import AI_PROVIDERS
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Known
from checkov_aiml.verdict import MalformedError, Verdict, all_of, failed, passed, unresolved

PERMISSIONS = {
    "azurerm_role_definition": (
        ("permissions.actions", "permissions.not_actions"),
        ("permissions.data_actions", "permissions.not_data_actions"),
    ),
    "Microsoft.Authorization/roleDefinitions": (
        ("properties.permissions.actions", "properties.permissions.notActions"),
        ("properties.permissions.dataActions", "properties.permissions.notDataActions"),
    ),
}
"""Types of custom role: where the control plane's actions and the exceptions from them stand, then the data's."""

_WRITING = ("write", "delete", "action")
_ALL = ("read", *_WRITING)
"""How the operations of Azure end. https://learn.microsoft.com/azure/role-based-access-control/role-definitions"""


def names_ai(role: Resource) -> bool:
    """Whether the role names actions of AI services."""
    paths = [path for pairs in permissions_of(role) for path, _ in pairs]
    actions = [action.known for path in paths for one in role.attributes(path) for action in one.items()]
    return any(_is_of_ai(action) for action in actions)


def ai_use(role: Resource) -> str | None:
    """What makes a role one of AI that names none of its actions: an assignment to or on AI, or a marker."""
    assigned = next((one for one in _assignments(role) if concerns_ai(one) or ai_identity(one)), None)
    return f"assigned by {assigned.address}" if assigned else role.estate.ai_use(role)


def permissions_of(role: Resource) -> list[tuple[tuple[str, str], ...]]:
    """The pairs of paths of actions and exceptions that the type has."""
    return [pairs for kind, pairs in PERMISSIONS.items() if kind.lower() == role.type.lower()]


def _is_of_ai(action: object) -> bool:
    """Whether an action is one of AI services, rather than of all services."""
    provider = action.lower().partition("/")[0] if isinstance(action, str) else ""
    return any(provider == ai.lower() for ai in AI_PROVIDERS)


def _assignments(role: Resource) -> Iterator[Resource]:
    """The assignments of the role, which name it by reference or, literally, by its name."""
    found = role.estate.once(("assignments of roles", role.root), lambda: _by_role(role.estate, role.root))
    yield from (one for one in found.get(role, ()) if gives_role(one))
    name = role.text("name") or role.text("properties.roleName")
    yield from (one for one in found.get(str(name).lower(), ()) if gives_role(one))


def _by_role(estate: Estate, root: str) -> dict[Resource | str, list[Resource]]:
    """The assignments by the role that they name, as a resource or in lower case as it is written."""
    found: dict[Resource | str, list[Resource]] = {}
    for assignment in estate.of_type(*ASSIGNMENTS, root=root):
        # A body that cannot be parsed is said of the assignment itself.
        with suppress(MalformedError):
            for key in _roles_named(assignment):
                found.setdefault(key, []).append(assignment)
    return found


def _roles_named(assignment: Resource) -> list[Resource | str]:
    paths = paths_of(assignment)
    named: list[Resource | str] = []
    for role in map(assignment.value, filter(None, (paths.role_id, paths.role_name))):
        named.extend(role.targets)
        named.extend([role.known.lower()] if isinstance(role.known, str) else [])
    return named


def no_wildcards(role: Resource) -> Verdict:
    """Whether the role allows nothing on AI services by a wildcard; reading their configuration does not count."""
    verdicts: list[Verdict] = []
    for pairs in permissions_of(role):
        for (path, exceptions), kinds in zip(pairs, (_WRITING, _ALL), strict=True):
            allowed, denied = list(role.attributes(path)), list(role.attributes(exceptions))
            nothing = Attribute(exceptions, UNSET)
            verdicts.extend(_judge(*pair, kinds) for pair in zip_longest(allowed, denied, fillvalue=nothing))
    return all_of(verdicts) if verdicts else unresolved("what the role allows is not known")


def _judge(allowed: Attribute, denied: Attribute, kinds: tuple[str, ...]) -> Verdict:
    items, exceptions = allowed.items(), [item.known for item in denied.items()]
    excepted = [text for text in exceptions if isinstance(text, str)]
    bad = {item.path: left for item in items if (left := _left(item.known, excepted, kinds))}
    if bad and len(excepted) < len(exceptions):
        return unresolved("what is taken away again is not known").about(denied.path)
    if bad:
        statements = [f'"{item.known}" allows {bad[item.path]}' for item in items if item.path in bad]
        return failed(f"{'; '.join(statements)}; name the operations").about(allowed.path)
    if any(not isinstance(item.state, Known) for item in items):
        return unresolved("some of the operations are not known").about(allowed.path)
    return passed("no wildcard on AI services").about(allowed.path)


def _left(pattern: object, excepted: list[str], kinds: tuple[str, ...]) -> str:
    """What a wildcard still allows on AI services, in words; empty when that is nothing."""
    if not isinstance(pattern, str) or "*" not in pattern:
        return ""
    left: dict[str, list[str]] = {}
    for provider in AI_PROVIDERS:
        for kind, operations in _restricted(pattern.lower(), provider.lower(), kinds):
            covered = all(any(_covers(text.lower(), one) for text in excepted) for one in operations)
            if not covered:
                left.setdefault(provider, []).append(kind)
    if not left:
        return ""
    whole = sorted({kind for found in left.values() for kind in found}, key=_ALL.index)
    others = f" and {len(left) - 1} other AI services" if len(left) > 1 else ""
    return f"{', '.join(whole)} on {next(iter(left))}{others}"


def _restricted(pattern: str, provider: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """What a wildcard means on one provider: each kind of operation that it may match, with narrower wildcards."""
    named, _, rest = pattern.partition("/")
    if not _covers(named, provider):
        return
    if "*" in named:
        rest = f"*/{rest}" if rest else "*"
    before, _, last = rest.rpartition("/")
    below = f"{provider}/{before}/" if before else f"{provider}/"
    for kind in kinds:
        if last.endswith("*"):
            itself = [f"{below}{kind}"] if before and _covers(last, kind) else []
            yield kind, [*itself, f"{provider}/{rest}/{kind}"]
        elif _covers(last, kind) and "*" in rest:
            yield kind, [f"{provider}/{rest}"]


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)


def _covers(wider: str, narrower: str) -> bool:
    """Whether a wildcard matches all that another matches: a star is matched by a star alone."""
    return _pattern(wider).fullmatch(narrower) is not None
