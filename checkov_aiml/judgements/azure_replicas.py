"""The copies of data that Azure keeps elsewhere: replicas in named locations, and in the paired one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from checkov_aiml.judgements.azure_locations import (
    judge_copies_to_pair,
    judge_location,
    judge_location_name,
)
from checkov_aiml.terraform_view.regions import location_of, normalised
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable, unresolved

REPLICAS = {
    "azurerm_api_management": ("additional_location.location",),
    "azurerm_container_registry": ("georeplications.location", "georeplication_locations"),
    "azurerm_cosmosdb_account": ("geo_location.location",),
    "Microsoft.CognitiveServices/accounts": ("properties.locations.regions.name",),
    "Microsoft.DocumentDB/databaseAccounts": ("properties.locations.locationName",),
    "Microsoft.KeyVault/managedHSMs": ("properties.regions.name",),
    "Microsoft.MachineLearningServices/registries": ("properties.regionDetails.location",),
    "Microsoft.OperationalInsights/workspaces": ("properties.replication.location",),
}
"""Types, and where each names the locations of its replicas."""


class Pairing(NamedTuple):
    """What makes Azure copy to the paired location: an attribute with one of these words, in any case."""

    path: str
    words: tuple[str, ...]


_STORAGE_SKUS = ("Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS")

PAIRED = {
    "azurerm_mssql_database": Pairing("storage_account_type", ("Geo", "GeoZone", "GRS", "GZRS", "RAGRS")),
    "azurerm_mssql_managed_instance": Pairing("storage_account_type", ("GRS", "GZRS")),
    "azurerm_mysql_flexible_server": Pairing("geo_redundant_backup_enabled", ("true",)),
    "azurerm_postgresql_flexible_server": Pairing("geo_redundant_backup_enabled", ("true",)),
    "azurerm_storage_account": Pairing("account_replication_type", ("GRS", "RAGRS", "GZRS", "RAGZRS")),
    "Microsoft.Storage/storageAccounts": Pairing("sku.name", _STORAGE_SKUS),
}
"""Types that copy to the paired location if they are told to."""

ML_REGISTRY = "Microsoft.MachineLearningServices/registries"
_REGIONS = "properties.regionDetails"
_STORAGE = "storageAccountDetails.systemCreatedStorageAccount.storageAccountType"
REGISTRY_STORAGE = f"{_REGIONS}.{_STORAGE}"
"""Where a registry of models says, for each of its locations, how the storage account in it is made redundant."""

VAULTS = ("azurerm_key_vault", "Microsoft.KeyVault/vaults")
"""Types that always do (https://learn.microsoft.com/azure/key-vault/general/disaster-recovery-guidance)."""

_VAULTS_WITHOUT_COPY = ("brazilsouth", "westus3")

COPIES = {
    "azurerm_log_analytics_data_export_rule": ("workspace_resource_id", "destination_resource_id"),
    "azurerm_mssql_failover_group": ("server_id", "partner_server.id"),
    "azurerm_storage_object_replication": ("source_storage_account_id", "destination_storage_account_id"),
}
"""Types that copy from one resource to another, and the attributes that name the two."""

SWITCHES = {"Microsoft.OperationalInsights/workspaces": "properties.replication.enabled"}
"""Types whose replica is there only while a switch is on."""

Entry = TypeVar("Entry")


def judge_replicas(resource: Resource) -> Iterator[Verdict]:
    """A verdict on each replica in a named location, apart from the one where the resource itself is."""
    own, switch = location_of(resource).name, _of(SWITCHES, resource)
    if switch is not None and resource.attribute(switch).known is False:
        return
    for attribute in (one for path in _of(REPLICAS, resource) or () for one in resource.attributes(path)):
        for item in attribute.items():
            if own is None or not isinstance(item.known, str) or normalised(item.known) != own:
                yield judge_location_name(item, "a replica")


def judge_pairing(resource: Resource) -> Iterator[Verdict]:
    """A verdict on each copy in a paired location that the resource makes."""
    location = location_of(resource).name
    if resource.type.lower() in map(str.lower, VAULTS) and location not in _VAULTS_WITHOUT_COPY:
        yield judge_copies_to_pair(location, "a vault always", "location")
    pairing = _of(PAIRED, resource)
    if pairing is not None:
        for attribute in resource.attributes(pairing.path):
            yield _judged(location, attribute, pairing.words)
    if resource.type.lower() == ML_REGISTRY.lower():
        yield from _judged_regions(resource)


def _judged_regions(registry: Resource) -> Iterator[Verdict]:
    """A verdict on the storage account of each region of a registry of models, which is paired with another."""
    for place, region in registry.blocks(_REGIONS):
        here = (region.known.get("location") or UNSET).known if hasattr(region.known, "get") else None
        for attribute in registry.attributes(REGISTRY_STORAGE):
            if attribute.path.startswith(f"{place}."):
                yield _judged(normalised(here) if isinstance(here, str) else None, attribute, _STORAGE_SKUS)


def _judged(location: str | None, attribute: Attribute, words: tuple[str, ...]) -> Verdict:
    unset = isinstance(attribute.state, Unset)
    word = attribute.default if unset else attribute.known
    if isinstance(word, (str, bool)):
        if str(word).casefold() not in map(str.casefold, words):
            return not_applicable("makes no copy elsewhere")
        shown = str(word).lower() if isinstance(word, bool) else word
        told = f"not set, which means {shown}, and that" if unset else shown
        return judge_copies_to_pair(location, told, attribute.path)
    if unset or isinstance(attribute.state, Known):
        return not_applicable("nothing says that it makes a copy elsewhere")
    text = f"whether it copies to the paired location is not known ({attribute.state.text})"
    return unresolved(text).about(attribute.path)


def judge_copy(resource: Resource) -> Iterator[Verdict]:
    """A verdict on the resource that one copies to; where that is not in the files it is unresolved."""
    _, destination = COPIES[resource.type]
    for attribute in resource.attributes(destination):
        for target in attribute.targets:
            verdict = judge_location(target)
            if verdict.outcome is Outcome.FAILED:
                verdict = failed(f"copies to {target.address}, which is abroad ({verdict.reason})")
            yield verdict.about(attribute.path)
        if not attribute.targets:
            yield unresolved("what it copies to is not in the files").about(attribute.path)


def _of(table: Mapping[str, Entry], resource: Resource) -> Entry | None:
    """The entry for a resource's type; ARM types may be written in any case."""
    kind = resource.type.lower()
    return next((entry for name, entry in table.items() if name.lower() == kind), None)
