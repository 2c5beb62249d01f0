"""NET_20 Azure ML workspaces and public networks."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of, public_access_off
from checkov_aiml.verdict import Verdict, all_of, not_applicable

_BEHIND_VNET = "properties.allowPublicAccessWhenBehindVnet"


class WorkspacePublicNetworkAccess(TerraformControl):
    id = "CKV_AIML_NET_20"
    name = "Ensure Azure ML workspaces and AI Foundry hubs have public network access off"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_machine_learning_workspace": ("public_network_access_enabled",),
        "azurerm_ai_foundry": ("public_network_access",),
        "Microsoft.MachineLearningServices/workspaces": ("properties.publicNetworkAccess", _BEHIND_VNET),
    }
    why = (
        "A workspace holds the keys to its data stores, models and compute. With public network access anyone who "
        "gets hold of a token can use it from anywhere, and private endpoints protect nothing."
    )
    fix = "Turn public network access off and reach the workspace through a private endpoint."
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link"
    covers = ("M1", "M15", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0049")
    limits = (
        "A project takes its hub's setting and is not judged on its own. v1_legacy_mode_enabled is not demanded: it "
        "keeps the calls of API v2 off the public Azure Resource Manager, but takes managed endpoints and networks "
        "away; those calls carry metadata, not data. The default of an ARM body's publicNetworkAccess is not "
        "documented; its absence counts as public."
    )
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
        older = [one for one in resource.attributes(_BEHIND_VNET) if not isinstance(one.state, Unset)]
        access = each(resource, self.paths(resource)[:1], public_access_off, implied=("properties",))
        return all_of([access, *map(one_of(False), older)])


check = WorkspacePublicNetworkAccess()
