"""NET_27 private endpoints of Azure AI services and AI Search."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.private_endpoints import has_private_endpoint
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, not_applicable

_PARTS = {
    "azurerm_cognitive_account": "account",
    "azurerm_ai_services": "account",
    "azurerm_search_service": "searchService",
    "Microsoft.CognitiveServices/accounts": "account",
    "Microsoft.Search/searchServices": "searchService",
}


class AiServicesPrivateEndpoint(TerraformControl):
    id = "CKV_AIML_NET_27"
    name = "Ensure Azure AI services accounts and AI Search services have a private endpoint"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = dict.fromkeys(_PARTS, ("name",))
    why = (
        "Prompts, documents and search indexes travel to the service's public address unless a private endpoint gives "
        "it one in your network; and an account that is closed without one is soon opened again."
    )
    fix = 'Add an azurerm_private_endpoint with subresource_names = ["account"], or ["searchService"] for AI Search.'
    guideline = "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks"
    covers = ("Z5", "Z12")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0040")
    limits = (
        "Decided only where the files hold a subnet in which an endpoint may stand; endpoints that another "
        "configuration makes are not seen."
    )
    fails = """
resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_search_service" "letters" {
  name                = "letters"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
}
"""
    passes = """
resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_search_service" "letters" {
  name                = "letters"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
}
resource "azurerm_private_endpoint" "search" {
  name                = "search"
  location            = "uksouth"
  resource_group_name = "triage"
  subnet_id           = azurerm_subnet.endpoints.id
  private_service_connection {
    name                           = "search"
    is_manual_connection           = false
    private_connection_resource_id = azurerm_search_service.letters.id
    subresource_names              = ["searchService"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.terraform_type == "azapi_update_resource":
            return not_applicable("an update makes no account")
        part = next(part for kind, part in _PARTS.items() if kind.lower() == resource.type.lower())
        return has_private_endpoint(resource, part)


check = AiServicesPrivateEndpoint()
