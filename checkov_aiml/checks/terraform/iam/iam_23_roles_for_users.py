"""IAM_23 roles for individual users on Azure AI scopes."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml import settings
from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.azure_role_assignments import (
    GROUP,
    USER,
    ai_scope,
    concerns_ai,
    gives_role,
    paths_read,
    principal_kinds,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

_ADVICE = {
    USER: "an individual user; assign it to a group or to a managed identity",
    GROUP: "a group, which identity.groups_allowed forbids; assign it to a managed identity",
}


class RolesForUsers(TerraformControl):
    id = "CKV_AIML_IAM_23"
    name = "Ensure no role on Azure AI scopes is assigned to individual users"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = paths_read("scope", "principal", "principal_type")
    why = (
        "A right that is given to one person stays when the person moves on, and no review of groups finds it. People "
        "who work with models and their data should have it through a group that somebody owns."
    )
    fix = "Assign the role to a group, or to a managed identity, and put people into the group."
    guideline = "https://learn.microsoft.com/azure/role-based-access-control/best-practices"
    covers = ("rego",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "ISO27001:5.15", "ATLAS:AML.T0012")
    limits = (
        "A literal principal id without principal_type is not judged, nor is whoever runs Terraform. The members of a "
        "group are not looked at; with the setting identity.groups_allowed false, groups fail too."
    )
    fails = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
resource "azurerm_role_assignment" "triage" {
  scope                = azurerm_cognitive_account.triage.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = "11111111-2222-3333-4444-555555555555"
  principal_type       = "User"
}
"""
    passes = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
resource "azurerm_role_assignment" "triage" {
  scope                = azurerm_cognitive_account.triage.id
  role_definition_name = "Cognitive Services OpenAI User"
  principal_id         = "11111111-2222-3333-4444-555555555555"
  principal_type       = "Group"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        on_ai = concerns_ai(resource)
        if on_ai is False or not gives_role(resource):
            return not_applicable("no role is given on an AI scope")
        path, kinds = principal_kinds(resource)
        refused = {USER} if settings.current().identity.groups_allowed else {USER, GROUP}
        if kinds and not kinds & refused:
            return passed("no individual user").about(path) if on_ai else not_applicable("no individual user")
        if on_ai is None:
            return unresolved("whether the role is given on an AI scope is not known", self.paths(resource)[0])
        if len(kinds) != 1:
            return unresolved("whom the role is given to is not known").about(path)
        return failed(f"gives a role on {ai_scope(resource).name} to {_ADVICE[kinds.pop()]}").about(path)


check = RolesForUsers()
