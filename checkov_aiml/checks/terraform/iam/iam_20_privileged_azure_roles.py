"""IAM_20 privileged roles on Azure AI resources, their vaults and their storage."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_role_assignments import ai_scope, concerns_ai, gives_role, narrow_role, paths_read
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable, unresolved


class PrivilegedAzureRoles(TerraformControl):
    id = "CKV_AIML_IAM_20"
    name = "Ensure no Owner, Contributor or User Access Administrator is assigned on Azure AI, vault or storage scopes"
    severity = HIGH
    category = CheckCategories.IAM
    resources = paths_read("scope", "role_name", "role_id", "principal", "condition")
    why = (
        "Owner and Contributor may change or delete models, read every key that a service still has, and switch off "
        "what protects it; User Access Administrator may give itself any right. Whoever takes over one such identity "
        "has the whole service."
    )
    fix = 'Assign a role made for the task, such as "Azure AI Developer" or "Storage Blob Data Reader".'
    guideline = "https://learn.microsoft.com/azure/role-based-access-control/best-practices"
    covers = ("I6", "rego")
    maps = ("NCSC-CAF:B2.c", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.2", "ATLAS:AML.T0012")
    limits = (
        "Key vaults and storage accounts count where an AI resource uses them or its identity is let in, resource "
        "groups where AI resources or those stores stand in them, as far as the files tell. Subscriptions are left to "
        "IAM_21, roles of your own to IAM_22. Role Based Access Control Administrator passes with a condition, whose "
        "text is not read."
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
  role_definition_name = "Contributor"
  principal_id         = "11111111-2222-3333-4444-555555555555"
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
}
"""

    def judge(self, resource: Resource) -> Verdict:
        on_ai = concerns_ai(resource)
        if on_ai is False or not gives_role(resource):
            return not_applicable("no role is given on an AI scope")
        verdict = narrow_role(resource)
        if on_ai is None:
            if verdict.outcome is Outcome.PASSED:
                return not_applicable("a narrow role")
            return unresolved("whether the role is given on an AI scope is not known", self.paths(resource)[0])
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        advice = "assign a role made for the task, on one resource"
        return failed(f"{verdict.statement} on {ai_scope(resource).name}; {advice}", *verdict.attributes)


check = PrivilegedAzureRoles()
