"""Where a resource is: the effective region of an AWS resource, the effective location of an Azure one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Unresolved, Unset, Value, known

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
    "server_id",
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
        text = text_of(own.value)
        return Place(known(text, own.targets) if REGION.fullmatch(text) else own.value, "its region argument")
    if provider is None:
        return Place(UNSET, "no provider block in the files")
    return Place(provider.value("region"), f"provider {shown(provider)}", provider)


REGION = re.compile(r"[a-z]{2}(?:-gov|-iso[a-z]?)?-(?:central|(?:north|south)(?:east|west)?|east|west)-\d")
"""How AWS spells regions."""

_LOOKED_UP = re.compile(r"(?:\$\{)?data\.aws_region\.(?P<name>[\w-]+)(?:\[[^\]]*\])?\.(?:id|name|region)\b\}?")


def text_of(value: Value) -> str:
    """The text of a value as far as it is known, with the regions in it that `data.aws_region` looks up."""
    text = value.known if isinstance(value.known, str) else getattr(value.state, "text", None) or ""
    sources = {target.name: target for target in value.targets if target.type == "aws_region"}

    def region(match: re.Match[str]) -> str:
        return (match["name"] in sources and region_of(sources[match["name"]]).name) or match[0]

    return _LOOKED_UP.sub(region, text) if sources else text


def _is_planned_from(provider: Resource, resource: Resource) -> bool:
    """Whether a planned region comes from the provider: the configuration of the resource names none itself."""
    configured = getattr(resource.body, "configures", None)
    return configured is not None and not configured("region")


def shown(provider: Resource) -> str:
    """A provider configuration as Terraform names it: `aws`, or `aws.us` with its alias."""
    return provider.terraform_type if provider.name == "default" else f"{provider.terraform_type}.{provider.name}"


def location_of(resource: Resource) -> Place:
    """The location of an Azure resource: its own, else that of the parent or resource group that it names.

    A plan may not tell which of several instances is the parent; where all are at one place, that is the place.
    """
    return _location(resource, "its location", frozenset())


def _location(resource: Resource, cause: str, children: frozenset[Resource]) -> Place:
    own = resource.attribute("location")
    if not isinstance(own.state, Unset):
        return Place(own.value, _taken(own, cause), resource if children else None)
    default = _default_location(resource)
    if default is not None:
        return default
    naming = [resource.attribute(path) for path in (LOCATED_BY if "/" not in resource.type else ("parent_id",))]
    children |= {resource}
    for attribute in filter(lambda one: one.is_set, naming):
        parents = [one for one in attribute.targets if one not in children]
        places = [_location(one, f"the location of {one.address}", children) for one in parents]
        if places and all(place.name == places[0].name for place in places):
            return places[0]
    unknown = any(attribute.is_set for attribute in naming)
    return Place(Value(Unresolved("its parent")) if unknown else UNSET, cause)


def _taken(location: Attribute, cause: str) -> str:
    """The cause, with the resource from which the location is taken where it names one."""
    return f"{cause}, that of {location.targets[0].address}" if len(location.targets) == 1 else cause


def _default_location(resource: Resource) -> Place | None:
    """The location that the azapi provider gives to what names none (its argument `default_location`).

    ARM knows none for most parts of other resources, which are where their parent is.
    """
    if resource.terraform_type != "azapi_resource" or resource.type.count("/") > 1:
        return None
    provider = resource.estate.provider_of(resource)
    if provider is None or isinstance(provider.value("default_location").state, Unset):
        return None
    return Place(provider.value("default_location"), f"provider {shown(provider)}", provider)
