"""Where a resource is: the effective region of an AWS resource, the effective location of an Azure one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Unresolved, Unset, Value

LOCATED_BY = (
    "resource_group_name",
    "resource_group_id",
    "parent_id",
    "machine_learning_workspace_id",
    "workspace_id",
    "ai_services_hub_id",
    "cognitive_account_id",
    "search_service_id",
    "storage_account_id",
    "key_vault_id",
)
"""Attributes that name the resource whose location an Azure resource without one of its own takes."""


@dataclass(frozen=True)
class Place:
    """A region or location and what gives it: the resource's own argument, its provider, its parent, or nothing."""

    value: Value
    cause: str
    source: Resource | None = None

    @property
    def name(self) -> str | None:
        """The region or location in the cloud's own spelling, None where it is not known."""
        content = self.value.known
        return normalised(content) if isinstance(content, str) else None

    @property
    def is_missing(self) -> bool:
        """Whether nothing in the files gives it, so that the environment decides."""
        return isinstance(self.value.state, Unset)


def normalised(place: str) -> str:
    """`UK South` and `uksouth` are one location; azurerm lower-cases and strips spaces as this does."""
    return re.sub(r"\s+", "", place).lower()


def region_of(resource: Resource) -> Place:
    """The region of an AWS resource: its own `region` argument (AWS provider 6), else that of its provider.

    In a plan of AWS provider 5, and in HCL, the provider's block tells; a plan of provider 6 holds the region of every
    regional resource itself.
    """
    provider = resource.estate.provider_of(resource)
    own = resource.attribute("region")
    if not isinstance(own.state, Unset):
        inherited = provider is not None and provider.value("region") == own.value
        if provider is not None and (inherited or _is_planned_from(provider, resource)):
            return Place(own.value, f"provider {shown(provider)}", provider)
        return Place(own.value, "its region argument")
    if provider is None:
        return Place(UNSET, "no provider block in the files")
    return Place(provider.value("region"), f"provider {shown(provider)}", provider)


def _is_planned_from(provider: Resource, resource: Resource) -> bool:
    """Whether a planned region comes from the provider: the configuration of the resource names none itself."""
    configured = getattr(resource.body, "configures", None)
    return configured is not None and not configured("region")


def shown(provider: Resource) -> str:
    """A provider configuration as Terraform names it: `aws`, or `aws.us` with its alias."""
    return provider.terraform_type if provider.name == "default" else f"{provider.terraform_type}.{provider.name}"


def location_of(resource: Resource) -> Place:
    """The location of an Azure resource: its own, else that of the parent or resource group that it names."""
    seen = {resource}
    current, cause = resource, "its location"
    while True:
        own = current.attribute("location")
        if not isinstance(own.state, Unset):
            return Place(own.value, cause, current if current is not resource else None)
        named = [_parent(current.attribute(path)) for path in LOCATED_BY]
        parent = next((one for one in named if one is not None and one not in seen), None)
        if parent is None:
            unknown = any(current.attribute(path).is_set for path in LOCATED_BY)
            return Place(Value(Unresolved("its parent")) if unknown else UNSET, cause)
        seen.add(parent)
        current, cause = parent, f"the location of {parent.address}"


def _parent(attribute: Attribute) -> Resource | None:
    return attribute.targets[0] if len(attribute.targets) == 1 else None
