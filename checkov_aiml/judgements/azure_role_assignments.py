"""What an Azure role assignment gives, where, and to whom."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from checkov_aiml.judgements.azure_scopes import Scope, is_ai_type, scope_of
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, passed, unresolved


class Paths(NamedTuple):
    """Where a type of assignment says what it gives; empty where the type has no such argument."""

    scope: str
    principal: str
    role_id: str
    role_name: str = ""
    principal_type: str = ""
    condition: str = ""
    request: str = ""


_REQUEST = Paths(
    "parent_id",
    "properties.principalId",
    "properties.roleDefinitionId",
    condition="properties.condition",
    request="properties.requestType",
)
ASSIGNMENTS = {
    "azurerm_role_assignment": Paths(
        "scope", "principal_id", "role_definition_id", "role_definition_name", "principal_type", "condition"
    ),
    "azurerm_pim_active_role_assignment": Paths("scope", "principal_id", "role_definition_id"),
    "azurerm_pim_eligible_role_assignment": Paths("scope", "principal_id", "role_definition_id", condition="condition"),
    "Microsoft.Authorization/roleAssignments": Paths(
        "parent_id",
        "properties.principalId",
        "properties.roleDefinitionId",
        principal_type="properties.principalType",
        condition="properties.condition",
    ),
    "Microsoft.Authorization/roleAssignmentScheduleRequests": _REQUEST,
    "Microsoft.Authorization/roleEligibilityScheduleRequests": _REQUEST,
}
"""Types that give a role, for good, for a time or on demand.

https://learn.microsoft.com/azure/templates/microsoft.authorization/allversions
"""

_IDENTITIES = ("azurerm_user_assigned_identity", "microsoft.managedidentity/userassignedidentities")
_DEFINITIONS = ("azurerm_role_definition", "microsoft.authorization/roledefinitions")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_TAKEN_BACK = ("adminremove", "selfdeactivate")


def paths_of(assignment: Resource) -> Paths:
    """Where the assignment says what it gives."""
    return next(paths for kind, paths in ASSIGNMENTS.items() if kind.lower() == assignment.type.lower())


def paths_read(*fields: str) -> dict[str, tuple[str, ...]]:
    """The head of a control that reads these fields of every type of assignment."""
    return {
        kind: tuple(path for field in (*fields, "request") if (path := getattr(paths, field)))
        for kind, paths in ASSIGNMENTS.items()
    }


def gives_role(assignment: Resource) -> bool:
    """Whether a role is given; a request may also take one back."""
    request = paths_of(assignment).request
    return not request or str(assignment.text(request)).lower() not in _TAKEN_BACK


def ai_scope(assignment: Resource) -> Scope:
    """Where the assignment holds."""
    return assignment.estate.once(
        ("scope", assignment),
        lambda: scope_of(assignment, paths_of(assignment).scope, for_ai_identity=bool(ai_identity(assignment))),
    )


def concerns_ai(assignment: Resource) -> bool | None:
    """Whether the role is given on an AI scope; None where that is not known and the files hold AI resources."""
    scope = ai_scope(assignment)
    if scope.is_ai is None and next(assignment.estate.ai_resources(assignment.root), None) is None:
        return False
    return scope.is_ai


def ai_identity(assignment: Resource) -> str | None:
    """The AI resource whose identity gets the role, as a message names it; None where it is nobody of AI.

    A plan names all instances of a resource with `for_each`; they then have to be of AI all.
    """
    principals = assignment.attribute(paths_of(assignment).principal).targets
    users = [_user_of(principal) for principal in principals]
    return users[0] if users and all(users) else None


def _user_of(principal: Resource) -> str | None:
    if is_ai_type(principal):
        return f"the identity of {principal.address}"
    if principal.type.lower() not in _IDENTITIES:
        return None
    use = principal.estate.ai_use(principal)
    return f"{principal.address}, {use}," if use else None


@lru_cache(maxsize=1)
def _privileged() -> dict[str, dict[str, str]]:
    content = (files("checkov_aiml") / "data" / "azure_roles.json").read_text(encoding="utf-8")
    return json.loads(content)["privileged"]


def narrow_role(assignment: Resource) -> Verdict:
    """Whether the role is none of the privileged ones, whether it is given by name, by id or by reference."""
    paths = paths_of(assignment)
    given = [assignment.attribute(path) for path in (paths.role_name, paths.role_id) if path]
    # A plan shows the argument that is left out as known after apply, because the provider works it out.
    told = [one for one in given if not isinstance(one.state, Unset) and (one.known is not None or one.targets)]
    verdicts = [_is_narrow(one, assignment, paths.condition) for one in told]
    return all_of(verdicts) if verdicts else unresolved("which role is given is not known", paths.role_id)


def _is_narrow(role: Attribute, assignment: Resource, condition: str) -> Verdict:
    names = _roles_of(role)
    if names is None:
        return unresolved("which role is given is not known").about(role.path)
    by_name = {fact["name"].lower(): fact for fact in _privileged().values()}
    verdicts = [_conditional(by_name[name], assignment, condition) for name in names if name in by_name]
    verdict = all_of(verdicts) if verdicts else passed("a role that is limited to its task")
    if verdict.outcome is Outcome.FAILED and len(verdicts) < len(names):
        return unresolved("which of several roles is given is not known").about(role.path)
    return verdict.about(role.path)


def _conditional(role: dict[str, str], assignment: Resource, condition: str) -> Verdict:
    """The verdict on a privileged role, which for some is well where a condition limits what they give away."""
    bad = failed(f"gives {role['name']}")
    if role.get("unless") != "condition" or not condition:
        return bad
    limit = assignment.attribute(condition)
    if isinstance(limit.state, Unset):
        return bad
    return passed("a condition limits it") if limit.is_set else unresolved("whether a condition limits it is not known")


def _roles_of(role: Attribute) -> list[str] | None:
    """The names of the built-in roles that may be meant in lower case, empty for others; None where nobody knows."""
    text = role.known if isinstance(role.known, str) else getattr(role.state, "text", None) or ""
    if role.path.endswith("_name") and isinstance(role.known, str):
        return [text.lower()]
    guid = _GUID.search(text.lower())
    if guid:
        return [_name_of(guid.group())]
    definitions = [target for target in role.targets if target.type.lower() in _DEFINITIONS]
    names = [_definition_name(definition) for definition in definitions]
    if names:
        return None if None in names else [name for name in names if name is not None]
    return [""] if isinstance(role.known, str) else None


def _name_of(guid: str) -> str:
    return _privileged().get(guid, {}).get("name", "").lower()


def _definition_name(definition: Resource) -> str | None:
    """The name of a role that is looked up; empty for a role of the customer's own, None where it is not known."""
    if definition.mode == "managed":
        return ""
    name, guid = definition.text("name"), (definition.text("role_definition_id") or "").lower()
    if _name_of(guid) or name is None:
        return _name_of(guid) if _GUID.search(guid) else None
    return name.lower()


USER, GROUP, SERVICE = "user", "group", "service"
_TYPES = {"user": USER, "group": GROUP, "foreigngroup": GROUP, "serviceprincipal": SERVICE, "device": SERVICE}
_KINDS = {
    "azuread_application": SERVICE,
    "azuread_group": GROUP,
    "azuread_groups": GROUP,
    "azuread_group_without_members": GROUP,
    "azuread_invitation": USER,
    "azuread_service_principal": SERVICE,
    "azuread_service_principals": SERVICE,
    "azuread_user": USER,
    "azuread_users": USER,
}
"""What the types of the Entra provider are as principals."""

_NEVER = ("azurerm_management_group", "azurerm_resource_group", "azurerm_role_definition", "azurerm_subscription")


def principal_kinds(assignment: Resource) -> tuple[str, set[str]]:
    """Where the assignment says whom it gives the role to, and what that may be; empty where nobody can tell."""
    paths = paths_of(assignment)
    declared = assignment.text(paths.principal_type) if paths.principal_type else None
    if declared is not None:
        return paths.principal_type, {_TYPES[declared.lower()]} if declared.lower() in _TYPES else set()
    principal = assignment.attribute(paths.principal)
    # Of an azapi body, a plan does not hold which of its expressions is whose.
    kinds = {_kind_of(target) for target in principal.targets if target.type not in _NEVER}
    return principal.path, set() if None in kinds else {kind for kind in kinds if kind}


def _kind_of(principal: Resource) -> str | None:
    """What a resource is as a principal: any resource of Azure's lends its managed identity."""
    if principal.type in ("azurerm_client_config", "azuread_client_config", "azapi_client_config"):
        return None
    azure = principal.type.startswith("azurerm_") or "/" in principal.type
    return SERVICE if azure else _KINDS.get(principal.type)
