"""NET_23 private endpoints of Azure ML workspaces."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.private_endpoints import has_private_endpoint
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, not_applicable


class WorkspacePrivateEndpoint(TerraformControl):
    id = "CKV_AIML_NET_23"
    name = "Ensure Azure ML workspaces and AI Foundry hubs have a private endpoint of their own"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_machine_learning_workspace": ("name",),
        "azurerm_ai_foundry": ("name",),
        "Microsoft.MachineLearningServices/workspaces": ("kind",),
    }
    why = (
        "A workspace that is closed to public networks is out of reach without a private endpoint, so that somebody "
        "opens it again. The endpoint of its storage or vault does not carry the workspace's own traffic."
    )
    fix = 'Add an azurerm_private_endpoint for the workspace with subresource_names = ["amlworkspace"].'
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link"
    covers = ("M4",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0049")
    limits = (
        "Decided only where the files hold a subnet in which an endpoint may stand; endpoints that another "
        "configuration makes are not seen. A project is reached through its hub."
    )
    fails = """
resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.1.0/24"]
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
}
"""
    passes = """
resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.1.0/24"]
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
}
resource "azurerm_private_endpoint" "workspace" {
  name                = "workspace"
  location            = "uksouth"
  resource_group_name = "triage"
  subnet_id           = azurerm_subnet.endpoints.id
  private_service_connection {
    name                           = "workspace"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_machine_learning_workspace.triage.id
    subresource_names              = ["amlworkspace"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.terraform_type == "azapi_update_resource":
            return not_applicable("an update makes no workspace")
        if "/" in resource.type and str(resource.value("kind").known).lower() == "project":
            return not_applicable("a project is reached through its hub")
        return has_private_endpoint(resource, "amlworkspace")


check = WorkspacePrivateEndpoint()
