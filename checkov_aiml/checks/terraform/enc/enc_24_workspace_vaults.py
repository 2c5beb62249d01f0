"""ENC_24 key vaults of Azure AI workspaces."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.store_firewalls import ACCESS, FIREWALLS, closed_to_public_networks
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import either_name, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed

_PURGE = "purge_protection_enabled"
_RBAC = ("rbac_authorization_enabled", "enable_rbac_authorization")


class WorkspaceVaults(TerraformControl):
    id = "CKV_AIML_ENC_24"
    name = "Ensure key vaults of Azure AI workspaces have purge protection, RBAC authorisation and a closed firewall"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {"azurerm_key_vault": (_PURGE, *_RBAC, ACCESS[0], FIREWALLS["azurerm_key_vault"])}
    why = (
        "Who destroys the key destroys the data, and who may write access policies may read every secret of the "
        "workspace. Purge protection and role assignments take both out of a single administrator's hand."
    )
    fix = "Set purge_protection_enabled and rbac_authorization_enabled to true, and network_acls to deny by default."
    guideline = "https://learn.microsoft.com/azure/key-vault/general/secure-key-vault"
    covers = ("K4", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.24", "NCSC-CAF:B2.d")
    limits = (
        "Vaults that no AI resource uses are not judged. Address ranges that the firewall admits are not judged. Soft "
        "delete cannot be turned off. enable_rbac_authorization is the name before azurerm 4.42."
    )
    fails = """
resource "azurerm_key_vault" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = azurerm_key_vault.triage.id
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
}
"""
    passes = """
resource "azurerm_key_vault" "triage" {
  name                       = "triage"
  location                   = "uksouth"
  resource_group_name        = "triage"
  tenant_id                  = "00000000-0000-0000-0000-000000000000"
  sku_name                   = "standard"
  purge_protection_enabled   = true
  rbac_authorization_enabled = true
  network_acls {
    bypass         = "AzureServices"
    default_action = "Deny"
  }
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = azurerm_key_vault.triage.id
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        verdicts = [one_of(True)(resource.attribute(_PURGE)), one_of(True)(either_name(resource, *_RBAC))]
        firewall = closed_to_public_networks(resource)
        if firewall.outcome is Outcome.FAILED:
            text = "the vault answers to public networks; deny by default in network_acls"
            firewall = failed(text, *firewall.attributes)
        return all_of([*verdicts, firewall])


check = WorkspaceVaults()
