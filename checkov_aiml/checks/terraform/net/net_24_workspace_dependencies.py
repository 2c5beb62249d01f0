"""NET_24 the stores that a workspace depends on."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import one_of, public_access_off
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, unresolved

_ACCESS = ("public_network_access_enabled", "public_network_access")


class WorkspaceDependencies(TerraformControl):
    id = "CKV_AIML_NET_24"
    name = "Ensure storage, Key Vault and container registry of an Azure ML workspace are closed to public networks"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_storage_account": (*_ACCESS, "network_rules.default_action"),
        "azurerm_storage_account_network_rules": ("default_action", "storage_account_id"),
        "azurerm_key_vault": (*_ACCESS[:1], "network_acls.default_action"),
        "azurerm_container_registry": (*_ACCESS[:1], "network_rule_set.default_action"),
    }
    why = (
        "A private workspace keeps its training data, secrets and model images in these three. If they answer to "
        "public networks, whoever obtains a key, token or shared access signature reads them without the workspace."
    )
    fix = "Set public_network_access_enabled to false, or deny by default in the network rules."
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-secure-workspace-vnet"
    covers = ("M14", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0025")
    limits = "Address ranges that the network rules admit are not judged."
    fails = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "uksouth"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = azurerm_storage_account.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""
    passes = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "uksouth"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "LRS"
  network_rules {
    default_action = "Deny"
  }
}
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = azurerm_storage_account.triage.id
  identity {
    type = "SystemAssigned"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        use = None if resource.type not in _RULES else resource.estate.ai_use(resource)
        if use is None:
            return not_applicable("no AI resource uses the store")
        verdicts = list(_ways_to_close(resource))
        for outcome in (Outcome.PASSED, Outcome.UNRESOLVED):
            deciding = [verdict for verdict in verdicts if verdict.outcome is outcome]
            if deciding:
                return all_of(deciding)
        paths = [path for verdict in verdicts for path in verdict.attributes]
        return failed(f"the store ({use}) answers to public networks; {self.fix[0].lower()}{self.fix[1:-1]}", *paths)


_RULES = {
    "azurerm_storage_account": "network_rules.default_action",
    "azurerm_key_vault": "network_acls.default_action",
    "azurerm_container_registry": "network_rule_set.default_action",
}


def _ways_to_close(store: Resource) -> Iterator[Verdict]:
    for path in _ACCESS:
        access = store.attribute(path)
        if path in _ACCESS[:1] or not isinstance(access.state, Unset):
            yield public_access_off(access)
    for default_action in store.attributes(_RULES[store.type]):
        yield one_of("Deny")(default_action)
    for rules in store.estate.parts_of(store, "azurerm_storage_account_network_rules"):
        yield one_of("Deny")(rules.attribute("default_action").of(rules))


check = WorkspaceDependencies()
