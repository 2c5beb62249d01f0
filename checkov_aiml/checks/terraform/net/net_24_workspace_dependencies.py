"""NET_24 the stores that a workspace depends on."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.store_firewalls import ACCESS, ARM_ACCESS, RULES, closed_to_public_networks, paths_read
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, failed

_ARM_STORES = (
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.ContainerRegistry/registries",
)


class WorkspaceDependencies(TerraformControl):
    id = "CKV_AIML_NET_24"
    name = "Ensure storage, Key Vault and container registry of an Azure ML workspace are closed to public networks"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_storage_account": paths_read("azurerm_storage_account", *ACCESS),
        RULES: (*paths_read(RULES), "storage_account_id"),
        **{
            kind: paths_read(kind, ACCESS[0])
            for kind in (
                "azurerm_key_vault",
                "azurerm_key_vault_managed_hardware_security_module",
                "azurerm_container_registry",
            )
        },
        **{kind: paths_read(kind, ARM_ACCESS) for kind in _ARM_STORES},
    }
    why = (
        "A private workspace keeps its training data, secrets and model images in these three. If they answer to "
        "public networks, whoever obtains a key, token or shared access signature reads them without the workspace."
    )
    fix = "Set public_network_access_enabled to false, or deny by default in the network rules."
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet"
    covers = ("M14", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0025")
    limits = (
        "Address ranges that the network rules admit are judged only where they are as large as the internet. Network "
        "rules for an account that is not in the files are not judged."
    )
    fails = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "uksouth"
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
  location                 = "uksouth"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
  network_rules {
    default_action = "Deny"
  }
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
        return resource.type != RULES and resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        verdict = closed_to_public_networks(resource)
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        use = resource.estate.ai_use(resource)
        return failed(f"the store, {use}, answers to public networks ({verdict.reason})", *verdict.attributes)


check = WorkspaceDependencies()
