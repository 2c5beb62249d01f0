"""NET_26 what Azure AI services may call."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict, not_applicable, unresolved

_KINDS = (
    "OpenAI",
    "AIServices",
    "CognitiveServices",
    "ComputerVision",
    "ContentModerator",
    "CustomVision.Prediction",
    "CustomVision.Training",
    "Face",
    "FormRecognizer",
    "QnAMaker",
    "SpeechServices",
)


class AiServicesOutbound(TerraformControl):
    id = "CKV_AIML_NET_26"
    name = "Ensure outbound access of Azure AI services and OpenAI accounts is restricted to named hosts"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_cognitive_account": ("outbound_network_access_restricted", "kind"),
        "azurerm_ai_services": ("outbound_network_access_restricted",),
        "Microsoft.CognitiveServices/accounts": ("properties.restrictOutboundNetworkAccess", "kind"),
    }
    why = (
        "The service fetches what a request points to: images, documents, data sources, tools. Without a list of "
        "hosts a prompt can make it read from and post to a host of the attacker's, from inside Microsoft's network."
    )
    fix = "Set outbound_network_access_restricted to true, and name the hosts that are needed in fqdns."
    guideline = "https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention"
    covers = ("Z6",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.12", "ATLAS:AML.T0025")
    limits = "Judged for the kinds for which the service supports it; an empty list of hosts lets nothing out."
    fails = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "AIServices"
  sku_name            = "S0"
}
"""
    passes = """
resource "azurerm_cognitive_account" "triage" {
  name                               = "triage"
  location                           = "uksouth"
  resource_group_name                = "triage"
  kind                               = "AIServices"
  sku_name                           = "S0"
  outbound_network_access_restricted = true
  fqdns                              = ["triage.search.windows.net"]
}
"""

    def judge(self, resource: Resource) -> Verdict:
        verdict = each(resource, self.paths(resource)[:1], one_of(True), implied=("properties",))
        kind = resource.attribute("kind")
        if resource.type == "azurerm_ai_services" or isinstance(kind.state, Unset):
            return verdict
        if not isinstance(kind.state, Known):
            return unresolved("the kind of account is not known", "kind")
        supported = str(kind.known).casefold() in map(str.casefold, _KINDS)
        return verdict if supported else not_applicable("the kind of account has no such setting")


check = AiServicesOutbound()
