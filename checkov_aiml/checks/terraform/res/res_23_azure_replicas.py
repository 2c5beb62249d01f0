"""RES_23 the replicas of AI data on Azure."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.ai_data import why_ai_data
from checkov_aiml.judgements.azure_locations import judge_location
from checkov_aiml.judgements.azure_replicas import (
    COPIES,
    ML_REGISTRY,
    PAIRED,
    REGISTRY_STORAGE,
    REPLICAS,
    SWITCHES,
    VAULTS,
    judge_copy,
    judge_pairing,
    judge_replicas,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed

_REGISTRY_REPLICA = "Microsoft.ContainerRegistry/registries/replications"


def _paths(kind: str) -> tuple[str, ...]:
    pairing = (PAIRED[kind].path, "location") if kind in PAIRED and kind != "azurerm_mssql_database" else ()
    storage = (REGISTRY_STORAGE,) if kind == ML_REGISTRY else ()
    switch = (SWITCHES[kind],) if kind in SWITCHES else ()
    return (*REPLICAS.get(kind, ()), *switch, *pairing, *storage)


class AzureReplicas(TerraformControl):
    id = "CKV_AIML_RES_23"
    name = "Ensure Azure replicas of AI data stay in allowed locations"
    severity = MEDIUM
    category = CheckCategories.GENERAL_SECURITY
    resources = {
        **{kind: _paths(kind) for kind in (*REPLICAS, *PAIRED)},
        **dict.fromkeys(VAULTS, ("location",)),
        **COPIES,
        "azurerm_mssql_database": (PAIRED["azurerm_mssql_database"].path, "server_id"),
        _REGISTRY_REPLICA: ("location", "parent_id"),
    }
    why = (
        "The store stands in the UK and its copy does not. A geo-replicated registry, a second database location or "
        "geo-redundant storage takes models, training data and prompts along, without anybody moving them."
    )
    fix = "Replicate to allowed locations only: UK South and UK West are each other's pair."
    guideline = "https://learn.microsoft.com/azure/reliability/regions-paired"
    covers = ("R3", "R7")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "Which locations are paired is Microsoft's list of August 2026. Backups that a backup vault keeps, and copies "
        "to what is not in the files, are not seen."
    )
    fails = """
resource "azurerm_container_registry" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "Premium"
  georeplications {
    location = "northeurope"
  }
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  container_registry_id   = azurerm_container_registry.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""
    passes = """
resource "azurerm_container_registry" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "Premium"
  georeplications {
    location = "UK West"
  }
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  container_registry_id   = azurerm_container_registry.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return _why(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        if resource.type in COPIES:
            verdict = all_of(judge_copy(resource))
        elif resource.type.lower() == _REGISTRY_REPLICA.lower():
            verdict = judge_location(resource)
        else:
            verdict = all_of([*judge_replicas(resource), *judge_pairing(resource)])
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        return failed(f"a copy of AI data ({_why(resource)}) goes abroad: {verdict.reason}", *verdict.attributes)


def _why(resource: Resource) -> str | None:
    """Why what is replicated counts as AI data: the resource, or what it copies from or belongs to."""
    if resource.estate.is_ai(resource):
        return "of an AI resource"
    origin = {"azurerm_mssql_database": "server_id", _REGISTRY_REPLICA.lower(): "parent_id"}.get(resource.type.lower())
    origin = COPIES[resource.type][0] if resource.type in COPIES else origin
    origins = (resource, *resource.attribute(origin).targets) if origin else (resource,)
    return next(filter(None, map(why_ai_data, origins)), None)


check = AzureReplicas()
