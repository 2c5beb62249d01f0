"""RES_22 where Azure AI deployments process what they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_locations import judge_location
from checkov_aiml.judgements.model_deployments import (
    ARM_DEPLOYMENT,
    DEPLOYMENT,
    SKUS,
    SPILLOVER,
    judge_sku,
    judge_spillover,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, unresolved

_ROUTED = "properties.routing.models.sourceAccount"


class ModelDeployments(TerraformControl):
    id = "CKV_AIML_RES_22"
    name = "Ensure Azure OpenAI and AI model deployments process in region, not globally or in a data zone"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = {DEPLOYMENT: SKUS[DEPLOYMENT], ARM_DEPLOYMENT: (*SKUS[ARM_DEPLOYMENT], SPILLOVER, _ROUTED)}
    why = (
        "The account stands in the UK, but a global or data zone deployment sends each prompt, and what it quotes of "
        "patients or customers, to whichever region has room. Only the data at rest stay in the account's geography."
    )
    fix = "Deploy with the SKU Standard or ProvisionedManaged, and spill over to no other kind."
    guideline = "https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types"
    covers = ("Z9", "R6")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "That the account's own location is allowed is for RES_20. A request may name a spillover deployment itself, "
        "and some models are called without a deployment; neither is in the files."
    )
    fails = """
resource "azurerm_cognitive_deployment" "triage" {
  name                 = "triage"
  cognitive_account_id = "account"
  model {
    format = "OpenAI"
    name   = "gpt-4o"
  }
  sku {
    name = "GlobalStandard"
  }
}
"""
    passes = """
resource "azurerm_cognitive_deployment" "triage" {
  name                 = "triage"
  cognitive_account_id = "account"
  model {
    format = "OpenAI"
    name   = "gpt-4o"
  }
  sku {
    name = "Standard"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == DEPLOYMENT:
            return judge_sku(resource)
        return all_of([judge_sku(resource), judge_spillover(resource), *_routes(resource)])


def _routes(deployment: Resource) -> Iterator[Verdict]:
    """The verdicts on the accounts from which a model router takes its models, where they are in the files.

    A plan tells for an unknown part of a body all that the body names, so that several accounts leave it open.
    """
    for attribute in deployment.attributes(_ROUTED):
        accounts = [one for one in attribute.targets if one.estate.is_ai(one)]
        verdicts = [(account, judge_location(account)) for account in accounts]
        abroad = [f"{one.address} ({verdict.reason})" for one, verdict in verdicts if verdict.outcome is Outcome.FAILED]
        if abroad and len(abroad) == len(accounts):
            yield failed(f"routes to models of accounts abroad: {', '.join(abroad)}").about(attribute.path)
        elif abroad:
            yield unresolved("which account it routes to is not known").about(attribute.path)


check = ModelDeployments()
