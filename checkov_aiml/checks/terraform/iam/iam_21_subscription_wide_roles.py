"""IAM_21 roles of Azure AI identities on whole subscriptions."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_role_assignments import ai_identity, ai_scope, gives_role, paths_of, paths_read
from checkov_aiml.judgements.azure_scopes import Level
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved


class SubscriptionWideRoles(TerraformControl):
    id = "CKV_AIML_IAM_21"
    name = "Ensure identities of Azure AI resources have no role on a subscription or management group"
    severity = HIGH
    category = CheckCategories.IAM
    resources = paths_read("scope", "principal")
    why = (
        "Code and prompts that run in an AI resource act with its identity. A role on the subscription lets them reach "
        "the data of every service in it, those made later included."
    )
    fix = "Set scope to the resources that the identity needs, one assignment each."
    guideline = "https://learn.microsoft.com/azure/role-based-access-control/scope-overview"
    covers = ("I6", "rego")
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.2", "ATLAS:AML.T0012")
    limits = (
        "An AI identity is a system-assigned one of an AI resource, or a user-assigned one that an AI resource uses in "
        "the same files; a principal given by its literal id is not known to be one. Roles on resource groups pass."
    )
    fails = """
data "azurerm_subscription" "current" {}
resource "azurerm_search_service" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_role_assignment" "triage" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_search_service.triage.identity[0].principal_id
}
"""
    passes = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "uksouth"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_search_service" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_role_assignment" "triage" {
  scope                = azurerm_storage_account.triage.id
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_search_service.triage.identity[0].principal_id
}
"""

    def judge(self, resource: Resource) -> Verdict:
        whose = ai_identity(resource)
        if whose is None or not gives_role(resource):
            return not_applicable("no AI identity gets a role")
        scope, path = ai_scope(resource), paths_of(resource).scope
        if scope.level is None:
            return unresolved("where the role holds is not known").about(path)
        if scope.level > Level.SUBSCRIPTION:
            return passed(f"holds on {scope.name}").about(path)
        return failed(f"{whose} gets a role on {scope.name}; name the resources that it needs").about(path)


check = SubscriptionWideRoles()
