"""Where a role assignment of Azure holds: a management group, a subscription, a resource group or one resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from checkov_aiml.terraform_view.estate import AI_TYPES, Estate
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY, Unset, Value

AI_PROVIDERS = (
    "Microsoft.BotService",
    "Microsoft.CognitiveServices",
    "Microsoft.HealthBot",
    "Microsoft.MachineLearningServices",
    "Microsoft.Search",
    "Microsoft.VideoIndexer",
)
"""The resource providers of Azure's AI services."""


class Level(IntEnum):
    """How far a scope reaches, the narrowest last."""

    MANAGEMENT_GROUP = 1
    SUBSCRIPTION = 2
    RESOURCE_GROUP = 3
    RESOURCE = 4


class Scope(NamedTuple):
    """What a scope is: its level, None where nobody can tell; whether it is one of AI; and how a message names it."""

    level: Level | None
    is_ai: bool | None
    name: str


_LEVELS = {
    "azapi_client_config": Level.SUBSCRIPTION,
    "azurerm_client_config": Level.SUBSCRIPTION,
    "azurerm_management_group": Level.MANAGEMENT_GROUP,
    "azurerm_resource_group": Level.RESOURCE_GROUP,
    "azurerm_subscription": Level.SUBSCRIPTION,
    "azurerm_subscriptions": Level.SUBSCRIPTION,
    "microsoft.management/managementgroups": Level.MANAGEMENT_GROUP,
    "microsoft.resources/resourcegroups": Level.RESOURCE_GROUP,
    "microsoft.subscription/aliases": Level.SUBSCRIPTION,
}
"""Types that are a wider scope than a single resource, ARM types in lower case."""

_GROUP = re.compile(r"/resourcegroups/([^/]+)/?$")
_WITHIN_GROUP = re.compile(r"/resourcegroups/([^/]+)")
_SUBSCRIPTION = re.compile(r"^/subscriptions/[^/]+/?$")
_MANAGEMENT_GROUP = re.compile(r"/providers/microsoft\.management/managementgroups/[^/]+/?$")
_RESOURCE = re.compile(r"/providers/(?!microsoft\.(?:management/managementgroups|authorization)/)([\w.]+/\w+)")
_STORE = re.compile(r".*?/providers/microsoft\.(?:keyvault|storage)/\w+/[^/]+")
_STORES = ("azurerm_key_vault", "azurerm_storage_", "microsoft.keyvault/", "microsoft.storage/")
_PARENTS = ("key_vault_id", "storage_account_id", "storage_account_name", "managed_hsm_id", "parent_id")


def scope_of(assignment: Resource, path: str, *, for_ai_identity: bool = False) -> Scope:
    """What the scope at a path is, from its text and from what it names.

    AI scopes are AI resources, key vaults and storage accounts that AI resources use or that an AI identity is let
    in to (`for_ai_identity`), and resource groups in which any of them stand.
    """
    value = assignment.value(path)
    text = _text(value)
    named = [target for target in value.targets if _can_be_scope(target)]
    levels = {_level(target) for target in named}
    if value.state == AFTER_APPLY and assignment.index is not None and len(levels) > 1:
        # A plan does not hold which of them `each.value` is.
        scopes = [_scope(assignment, level, "", named, for_ai_identity) for level in sorted(levels)]
        return scopes[-1] if all(scope.is_ai for scope in scopes) else Scope(None, None, _UNKNOWN)
    return _scope(assignment, _level_in(text) or max(levels, default=None), text, named, for_ai_identity)


_WIDE = {Level.SUBSCRIPTION: "the subscription", Level.MANAGEMENT_GROUP: "a management group"}
_UNKNOWN = "what is not known"


def _scope(assignment: Resource, level: Level | None, text: str, named: list[Resource], for_ai_identity: bool) -> Scope:
    of_level = [target for target in named if _level(target) is level]
    if level is Level.RESOURCE_GROUP:
        return _resource_group(assignment.estate, assignment.root, text, of_level)
    if level is Level.RESOURCE:
        return _resource(assignment, text, of_level, for_ai_identity)
    return Scope(level, None if level is None else False, _WIDE[level] if level else _UNKNOWN)


def _text(value: Value) -> str:
    """The path in lower case with what is to come as `$`; empty where it is one reference."""
    written = value.known if isinstance(value.known, str) else getattr(value.state, "text", None) or ""
    simple = re.sub(r"\$\{[^}]*\}", "$", written).lower()
    return simple if "/" in simple and simple.startswith(("/", "$")) else ""


def _level_in(text: str) -> Level | None:
    if text == "/" or _MANAGEMENT_GROUP.search(text):
        return Level.MANAGEMENT_GROUP
    if _RESOURCE.search(text) or re.match(r"^\$/(?!resourcegroups/)\w", text):
        return Level.RESOURCE
    if _GROUP.search(text):
        return Level.RESOURCE_GROUP
    return Level.SUBSCRIPTION if _SUBSCRIPTION.match(text) else None


def _level(resource: Resource) -> Level:
    return _LEVELS.get(resource.type.lower(), Level.RESOURCE)


def _can_be_scope(target: Resource) -> bool:
    """Whether a resource has an id in Azure, or knows one, that a scope can be."""
    return target.type.startswith(("azurerm_", "azapi_client_config")) or "/" in target.type


def _resource(assignment: Resource, text: str, named: list[Resource], for_ai_identity: bool) -> Scope:
    kinds = _RESOURCE.findall(text)[-1:]
    name = ", ".join(target.address for target in named) or next(iter(kinds), "a resource")
    if kinds and f"{kinds[0]}/".startswith(_AI_ARM):
        return Scope(Level.RESOURCE, True, name)
    if not named:
        store = _STORE.match(text)
        used = store and (for_ai_identity or store[0] in _named_by_ai(assignment.estate, assignment.root))
        return Scope(Level.RESOURCE, bool(used) if kinds else None, name)
    answers = {_is_ai(target, for_ai_identity) for target in named}
    return Scope(Level.RESOURCE, answers.pop() if len(answers) == 1 else None, name)


_AI_ARM = tuple(f"{provider.lower()}/" for provider in AI_PROVIDERS)


def is_ai_type(resource: Resource) -> bool:
    """Whether a resource or data source is of an AI service."""
    return resource.type.lower().startswith((*AI_TYPES, *_AI_ARM))


def _is_ai(target: Resource, for_ai_identity: bool) -> bool:
    if is_ai_type(target):
        return True
    if not target.type.lower().startswith(_STORES):
        return False
    stores = [target, *(parent for path in _PARENTS for parent in target.attribute(path).targets)]
    return for_ai_identity or any(store.estate.ai_use(store) for store in stores)


def _named_by_ai(estate: Estate, root: str) -> set[str]:
    """The ids that AI resources name literally, in lower case."""

    def find() -> set[str]:
        users = estate.ai_resources(root)
        return {text.lower() for user in users for text in user.body.strings() if text.startswith("/")}  # type: ignore[attr-defined]

    return estate.once(("ids that AI names", root), find)


def _resource_group(estate: Estate, root: str, text: str, named: list[Resource]) -> Scope:
    groups, names = estate.once(("AI resource groups", root), lambda: _ai_groups(estate, root))
    match = _GROUP.search(text)
    name = match[1] if match and "$" not in match[1] else None
    called = f"resource group {name or ', '.join(group.address for group in named) or 'of a name to come'}"
    hold = [group in groups or not names.isdisjoint(_literal(group.text("name"))) for group in named]
    if name in names or (hold and all(hold)):
        return Scope(Level.RESOURCE_GROUP, True, f"{called}, in which AI resources stand")
    return Scope(Level.RESOURCE_GROUP, False if name is not None or (hold and not any(hold)) else None, called)


def _ai_groups(estate: Estate, root: str) -> tuple[set[Resource], set[str]]:
    """The resource groups in which AI resources or their stores stand: as resources, and by name in lower case."""
    groups: set[Resource] = set()
    names: set[str] = set()
    for inhabitant in _inhabitants(estate, root):
        for path in ("resource_group_name", "parent_id"):
            place = inhabitant.attribute(path)
            if isinstance(place.state, Unset):
                continue
            groups.update(target for target in place.targets if _level(target) is Level.RESOURCE_GROUP)
            within = _WITHIN_GROUP.search(_text(place.value))
            written = place.known if path == "resource_group_name" else within and within[1]
            names.update(_literal(written))
    names.update(name for group in groups for name in _literal(group.text("name")))
    return groups, names


def _literal(name: object) -> Iterable[str]:
    return [name.lower()] if isinstance(name, str) and "$" not in name else []


def _inhabitants(estate: Estate, root: str) -> Iterator[Resource]:
    """The AI resources of a root module, those that they name and that are made elsewhere, and the stores they use."""
    for resource in estate.ai_resources(root):
        yield resource
        yield from (named for named in resource.references if named.mode == "data" and is_ai_type(named))
    stores = estate.of_type("azurerm_key_vault", "azurerm_storage_account", *_ARM_STORES, root=root)
    yield from (store for store in stores if estate.ai_use(store))


_ARM_STORES = ("Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts")
