"""ENC_20 keys of Azure ML workspaces."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, one_of
from checkov_aiml.verdict import Verdict, all_of, not_applicable

_ARM = "properties.encryption.keyVaultProperties"
_STATUS = "properties.encryption.status"


class WorkspaceKeys(TerraformControl):
    id = "CKV_AIML_ENC_20"
    name = "Ensure Azure ML workspaces and AI Foundry hubs are encrypted with a customer-managed key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "azurerm_machine_learning_workspace": ("encryption.key_id",),
        "azurerm_ai_foundry": ("encryption.key_id",),
        "Microsoft.MachineLearningServices/workspaces": (f"{_ARM}.keyIdentifier", _STATUS),
    }
    why = (
        "A workspace keeps metadata, metrics and secrets of each experiment in stores that Microsoft runs for it. With "
        "a key of your own you decide who can read them and can withdraw it."
    )
    fix = "Add an encryption block with key_vault_id and key_id of your Key Vault; it can be set at creation only."
    guideline = "https://learn.microsoft.com/azure/machine-learning/concept-customer-managed-keys"
    covers = ("M3", "M15")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = "A project takes its hub's encryption and is not judged. That a key is versioned is not judged."
    fails = """
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
}
"""
    passes = """
resource "azurerm_key_vault_key" "triage" {
  name         = "triage"
  key_vault_id = "vault"
  key_type     = "RSA"
  key_size     = 4096
  key_opts     = ["wrapKey", "unwrapKey"]
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
  encryption {
    key_vault_id = "vault"
    key_id       = azurerm_key_vault_key.triage.id
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if str(resource.value("kind").known).lower() == "project" and "/" in resource.type:
            return not_applicable("a project takes its hub's encryption")
        implied = ("encryption", "properties", "properties.encryption", _ARM)
        keys = [path for path in self.paths(resource) if path != _STATUS]
        status = each(resource, [_STATUS], one_of("Enabled"))
        return all_of([status, each(resource, keys, customer_managed_key, implied)])


check = WorkspaceKeys()
