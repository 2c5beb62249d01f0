"""NET_20 Azure ML workspaces and public networks."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.vocabulary import each, public_access_off
from checkov_aiml.verdict import Verdict, not_applicable


class WorkspacePublicNetworkAccess(TerraformControl):
    id = "CKV_AIML_NET_20"
    name = "Ensure Azure ML workspaces and AI Foundry hubs have public network access off"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_machine_learning_workspace": ("public_network_access_enabled",),
        "azurerm_ai_foundry": ("public_network_access",),
        "Microsoft.MachineLearningServices/workspaces": ("properties.publicNetworkAccess",),
    }
    why = (
        "A workspace holds the keys to its data stores, models and compute. With public network access anyone who "
        "gets hold of a token can use it from anywhere, and private endpoints protect nothing."
    )
    fix = "Turn public network access off and reach the workspace through a private endpoint."
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link"
    covers = ("M1", "M15", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0049")
    limits = "A project takes its hub's setting and is not judged on its own."
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
resource "azurerm_machine_learning_workspace" "triage" {
  name                          = "triage"
  location                      = "uksouth"
  resource_group_name           = "triage"
  application_insights_id       = "insights"
  key_vault_id                  = "vault"
  storage_account_id            = "storage"
  public_network_access_enabled = false
  identity {
    type = "SystemAssigned"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if str(resource.value("kind").known).lower() == "project" and "/" in resource.type:
            return not_applicable("a project takes its hub's network settings")
        return each(resource, self.paths(resource), public_access_off)


check = WorkspacePublicNetworkAccess()
