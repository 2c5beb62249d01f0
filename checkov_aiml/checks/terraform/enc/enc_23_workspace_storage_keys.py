"""ENC_23 keys of the storage of Azure AI workspaces."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, is_set
from checkov_aiml.verdict import Outcome, Verdict, any_of, failed

_INLINE = ("customer_managed_key.key_vault_key_id", "customer_managed_key.managed_hsm_key_id")
_SEPARATE = "azurerm_storage_account_customer_managed_key"
_KEYS = ("key_vault_key_id", "managed_hsm_key_id")


class WorkspaceStorageKeys(TerraformControl):
    id = "CKV_AIML_ENC_23"
    name = "Ensure storage accounts of Azure AI workspaces use a customer-managed key"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "azurerm_storage_account": _INLINE,
        _SEPARATE: (*_KEYS, "key_name", "storage_account_id"),
    }
    why = (
        "The workspace's account holds the datasets, models and job outputs; the workspace's own key does not encrypt "
        "them. A key of your own lets you withdraw access to all of it at once."
    )
    fix = "Add a customer_managed_key block, or the separate resource of that name, with a key of your own."
    guideline = "https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview"
    covers = ("K6",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "Tables and queues use the key only where queue_encryption_key_type and table_encryption_key_type are Account, "
        "which is not judged: workspaces keep their data in blobs and files. Accounts that no AI resource uses are not "
        "judged, nor is a key that is set outside of the files."
    )
    fails = """
resource "azurerm_storage_account" "triage" {
  name                     = "triage"
  location                 = "uksouth"
  resource_group_name      = "triage"
  account_tier             = "Standard"
  account_replication_type = "ZRS"
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
  account_replication_type = "ZRS"
}
resource "azurerm_storage_account_customer_managed_key" "triage" {
  storage_account_id = azurerm_storage_account.triage.id
  key_vault_key_id   = "https://triage.vault.azure.net/keys/storage"
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

    def concerns(self, resource: Resource) -> bool:
        return resource.type != _SEPARATE and resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        verdict = any_of(_ways(resource))
        if verdict.outcome in (Outcome.PASSED, Outcome.UNRESOLVED):
            return verdict
        use = resource.estate.ai_use(resource)
        return failed(f"the account ({use}) is encrypted with Microsoft's key; {self.fix[0].lower()}{self.fix[1:-1]}")


def _ways(account: Resource) -> Iterator[Verdict]:
    yield from (each(account, [path], customer_managed_key) for path in _INLINE)
    for separate in account.estate.parts_of(account, _SEPARATE):
        yield from (customer_managed_key(separate.attribute(path).of(separate)) for path in _KEYS)
        name = separate.attribute("key_name")
        if not isinstance(name.state, Unset):
            yield is_set("the name of a key of your own")(name.of(separate))


check = WorkspaceStorageKeys()
