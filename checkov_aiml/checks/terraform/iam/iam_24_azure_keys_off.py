"""IAM_24 keys and local authentication of Azure AI resources."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_key_sign_in import CONNECTIONS, CREDENTIALS, SWITCHES, keys_off
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class AzureKeysOff(TerraformControl):
    id = "CKV_AIML_IAM_24"
    name = "Ensure Azure AI resources, endpoints and datastores accept no keys and no local authentication"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {
        **{kind: switch.paths for kind, switch in SWITCHES.items()},
        **CREDENTIALS,
        **{kind: tuple(filter(None, paths)) for kind, paths in CONNECTIONS.items()},
    }
    why = (
        "A key is shared, names nobody and works from anywhere until somebody changes it. With Entra sign-in alone, "
        "each caller has an identity of its own, rights that can be withdrawn and a line in the log."
    )
    fix = "Turn local authentication off, set authMode to AADToken, and let datastores and connections use identities."
    guideline = "https://learn.microsoft.com/azure/ai-services/disable-local-auth"
    covers = ("M8", "M13", "Z2", "Z12")
    maps = ("NCSC-CAF:B2.a", "UKGDPR:32(1)(b)", "ISO27001:8.5", "ATLAS:AML.T0055", "ATLAS:AML.T0040")
    limits = (
        "What ARM takes for an absent disableLocalAuth or systemDatastoresAuthMode is not documented; absent counts as "
        "keys on. Connections are judged where the service behind them takes Entra sign-in. A hub that azurerm makes "
        "has no argument for its datastores. SEC_6 looks for literal keys."
    )
    fails = """
resource "azurerm_search_service" "triage" {
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  sku                 = "standard"
}
"""
    passes = """
resource "azurerm_search_service" "triage" {
  name                         = "triage"
  location                     = "uksouth"
  resource_group_name          = "triage"
  sku                          = "standard"
  local_authentication_enabled = false
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return keys_off(resource)


check = AzureKeysOff()
