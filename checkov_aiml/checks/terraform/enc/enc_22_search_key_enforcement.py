"""ENC_22 keys of Azure AI Search."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict

_ARM = "properties.encryptionWithCmk"


class SearchKeyEnforcement(TerraformControl):
    id = "CKV_AIML_ENC_22"
    name = "Ensure Azure AI Search enforces customer-managed keys"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "azurerm_search_service": ("customer_managed_key_enforcement_enabled",),
        "Microsoft.Search/searchServices": (f"{_ARM}.enforcement",),
    }
    why = (
        "Keys of a search service are set index by index, by whoever makes the index. Without enforcement an index of "
        "confidential documents can be made under Microsoft's key, and nobody is told."
    )
    fix = "Set customer_managed_key_enforcement_enabled to true."
    guideline = "https://learn.microsoft.com/azure/search/search-security-manage-encryption-keys"
    covers = ("Z12",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "The service shows indexes without a key as non-compliant and does not encrypt them; Terraform has no resource "
        "for an index. The free tier takes no keys and so fails: data that needs a key needs a billable tier."
    )
    fails = """
resource "azurerm_search_service" "guidance" {
  name                = "guidance"
  location            = "uksouth"
  resource_group_name = "guidance"
  sku                 = "standard"
}
"""
    passes = """
resource "azurerm_search_service" "guidance" {
  name                                     = "guidance"
  location                                 = "uksouth"
  resource_group_name                      = "guidance"
  sku                                      = "standard"
  customer_managed_key_enforcement_enabled = true
}
"""

    def judge(self, resource: Resource) -> Verdict:
        allowed = one_of("Enabled") if "/" in resource.type else one_of(True)
        return each(resource, self.paths(resource), allowed, ("properties", _ARM))


check = SearchKeyEnforcement()
