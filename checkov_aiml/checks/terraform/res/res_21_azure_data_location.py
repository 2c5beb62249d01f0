"""RES_21 the locations of Azure stores of AI data."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.ai_data import why_ai_data
from checkov_aiml.judgements.azure_ai_data import ARM_STORES, AZURE_STORES
from checkov_aiml.judgements.azure_locations import judge_location
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, failed


class AzureDataLocation(TerraformControl):
    id = "CKV_AIML_RES_21"
    name = "Ensure Azure data stores and dependencies of AI resources are in an allowed location"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = dict.fromkeys((*AZURE_STORES, *ARM_STORES), ("location",))
    why = (
        "A workspace in the right place keeps its data elsewhere: in the storage account, vault, registry, database "
        "and log workspace that it names. Where one of those is abroad, so are training data, secrets or prompts."
    )
    fix = "Set location to an allowed one, or list the location in the setting regions.azure."
    guideline = "https://learn.microsoft.com/azure/machine-learning/concept-workspace"
    covers = ("R1", "rego")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "Stores that are not in the files, and those that an AI resource reaches by an address alone, are not seen."
    )
    fails = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "westeurope"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = azurerm_storage_account.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""
    passes = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "UK South"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = azurerm_storage_account.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return why_ai_data(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        verdict = judge_location(resource)
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        return failed(f"a store of AI data ({why_ai_data(resource)}) is abroad: {verdict.reason}", *verdict.attributes)


check = AzureDataLocation()
