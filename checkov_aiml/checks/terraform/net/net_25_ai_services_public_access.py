"""NET_25 Azure AI services and public networks."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.store_firewalls import ACCESS, ARM_ACCESS, closed_to_public_networks, paths_read
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable

_ARM = "Microsoft.CognitiveServices/accounts"
_PUBLIC_HOSTING = "properties.enablePublicHostingEnvironment"


class AiServicesPublicAccess(TerraformControl):
    id = "CKV_AIML_NET_25"
    name = "Ensure Azure AI services and OpenAI accounts are closed to public networks or deny by default"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_cognitive_account": paths_read("azurerm_cognitive_account", ACCESS[0]),
        "azurerm_ai_services": paths_read("azurerm_ai_services", ACCESS[1]),
        _ARM: paths_read(_ARM, ARM_ACCESS),
        f"{_ARM}/capabilityHosts": (_PUBLIC_HOSTING,),
    }
    why = (
        "The account answers prompts, and for agents and fine-tuning keeps files and threads. Open to public networks, "
        "a leaked key or token is enough to use it from anywhere, at your cost and on your data."
    )
    fix = "Turn public network access off, or deny by default in network_acls and name the ranges and subnets let in."
    guideline = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks"
    covers = ("Z1",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0040")
    limits = (
        "Ranges let in are judged only where they are as large as the internet. The default of an ARM body's "
        "publicNetworkAccess is not documented; its absence counts as public. A capability host is judged where it "
        "says whether it hosts agents publicly."
    )
    fails = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
"""
    passes = """
resource "azurerm_cognitive_account" "triage" {
  name                  = "triage"
  location              = "uksouth"
  resource_group_name   = "triage"
  kind                  = "OpenAI"
  sku_name              = "S0"
  custom_subdomain_name = "triage"
  network_acls {
    default_action = "Deny"
    ip_rules       = ["203.0.113.0/24"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if self.paths(resource) == (_PUBLIC_HOSTING,):
            hosting = resource.attribute(_PUBLIC_HOSTING)
            return one_of(False)(hosting) if not isinstance(hosting.state, Unset) else not_applicable("nothing is said")
        verdict = closed_to_public_networks(resource)
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        return failed(f"the account answers to public networks ({verdict.reason})", *verdict.attributes)


check = AiServicesPublicAccess()
