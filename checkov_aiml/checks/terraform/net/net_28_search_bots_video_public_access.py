"""NET_28 Azure AI Search, bots, Video Indexer and public networks."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.open_networks import closed
from checkov_aiml.judgements.store_firewalls import within_perimeter
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, public_access_off
from checkov_aiml.verdict import Verdict, any_of

_ARM_ACCESS = "properties.publicNetworkAccess"
_ALLOWED = {
    "azurerm_search_service": "allowed_ips",
    "microsoft.search/searchservices": "properties.networkRuleSet.ipRules.value",
}


class SearchBotsVideoPublicAccess(TerraformControl):
    id = "CKV_AIML_NET_28"
    name = "Ensure Azure AI Search, bots and Video Indexer are closed to public networks"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_search_service": ("public_network_access_enabled", "allowed_ips"),
        "azurerm_bot_service_azure_bot": ("public_network_access_enabled",),
        "azurerm_bot_channels_registration": ("public_network_access_enabled",),
        "azurerm_video_indexer_account": ("public_network_access",),
        "Microsoft.Search/searchServices": (_ARM_ACCESS, "properties.networkRuleSet.ipRules.value"),
        "Microsoft.BotService/botServices": (_ARM_ACCESS,),
        "Microsoft.VideoIndexer/accounts": (_ARM_ACCESS,),
    }
    why = (
        "A search index holds the text of the documents behind the answers, a bot their conversations, an indexer the "
        "recordings. On public networks one leaked key or token reads them from anywhere."
    )
    fix = "Turn public network access off and use a private endpoint; a search service may name its addresses instead."
    guideline = "https://learn.microsoft.com/azure/search/service-configure-firewall"
    covers = ("Z12",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0085.000")
    limits = (
        "Web app bots have no network argument. A bot channels registration sends no default of its own; its absence "
        "counts as public, as does that of an ARM body's publicNetworkAccess."
    )
    fails = """
resource "azurerm_search_service" "letters" {
  name                = "letters"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
}
"""
    passes = """
resource "azurerm_search_service" "letters" {
  name                          = "letters"
  location                      = "uksouth"
  resource_group_name           = "triage"
  sku                           = "standard"
  public_network_access_enabled = false
}
"""

    def judge(self, resource: Resource) -> Verdict:
        ways = [each(resource, self.paths(resource)[:1], public_access_off, implied=("properties",))]
        path = _ALLOWED.get(resource.type.lower())
        allowed = [one for one in resource.attributes(path) if one.items()] if path else []
        if allowed:
            ways.append(closed(allowed, "the firewall"))
        return any_of([*ways, *within_perimeter(resource)])


check = SearchBotsVideoPublicAccess()
