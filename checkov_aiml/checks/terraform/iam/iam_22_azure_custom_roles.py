"""IAM_22 wildcards in Azure custom roles."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_custom_roles import PERMISSIONS, ai_use, names_ai, no_wildcards
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable


class AzureCustomRoles(TerraformControl):
    id = "CKV_AIML_IAM_22"
    name = "Ensure Azure custom roles have no wildcard actions or data actions on AI services"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {kind: tuple(path for pair in pairs for path in pair) for kind, pairs in PERMISSIONS.items()}
    why = (
        "A wildcard allows what the role was never meant for, such as listing keys or deleting a workspace, and "
        "whatever Microsoft adds to the service later."
    )
    fix = "Name the operations that the role needs in actions and data_actions."
    guideline = "https://learn.microsoft.com/azure/role-based-access-control/custom-roles"
    covers = ("I6",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "UKGDPR:25(2)", "ISO27001:8.3", "ATLAS:AML.T0012")
    limits = (
        "Judged are roles that name actions of an AI service, are assigned on AI scopes or to AI identities, or carry "
        "a marker; others are for Checkov's own checks. Among actions, wildcards that only read (`*/read`) pass. What "
        "several exceptions take away together is seen by kind of operation: read, write, delete, action."
    )
    fails = """
data "azurerm_subscription" "current" {}
resource "azurerm_role_definition" "triage" {
  name  = "Triage operator"
  scope = data.azurerm_subscription.current.id
  permissions {
    actions = ["Microsoft.MachineLearningServices/*"]
  }
}
"""
    passes = """
data "azurerm_subscription" "current" {}
resource "azurerm_role_definition" "triage" {
  name  = "Triage operator"
  scope = data.azurerm_subscription.current.id
  permissions {
    actions = [
      "Microsoft.MachineLearningServices/workspaces/*/read",
      "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",
    ]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if names_ai(resource):
            return no_wildcards(resource)
        use = ai_use(resource)
        if use is None:
            return not_applicable("the role has nothing to do with AI")
        verdict = no_wildcards(resource)
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        return failed(f"in a role that is {use}, {verdict.reason}", *verdict.attributes)


check = AzureCustomRoles()
