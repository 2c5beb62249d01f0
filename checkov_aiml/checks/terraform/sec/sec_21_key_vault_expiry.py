"""SEC_21: Key Vault secrets and keys of AI workloads."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import is_set
from checkov_aiml.verdict import Outcome, Verdict

_EXPIRY = "expiration_date"
_POLICY = "rotation_policy.expire_after"


class KeyVaultExpiry(TerraformControl):
    id = "CKV_AIML_SEC_21"
    name = "Ensure Key Vault secrets and keys of AI workloads expire"
    severity = MEDIUM
    category = CheckCategories.SECRETS
    why = (
        "A secret without an end is never replaced, and one that was copied from a workspace or a notebook stays good "
        "for ever; an end date makes somebody rotate it, and Azure warn before."
    )
    fix = "Set `expiration_date`, or for a key `rotation_policy.expire_after`."
    guideline = "https://learn.microsoft.com/azure/key-vault/secrets/secrets-best-practices"
    covers = ("K4",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0055")
    limits = (
        "Judged are the secrets and keys of vaults that an AI resource names, or that the settings' markers name as "
        "AI/ML. How far away the date is, is not judged."
    )
    resources = {"azurerm_key_vault_secret": (_EXPIRY,), "azurerm_key_vault_key": (_EXPIRY, _POLICY)}
    fails = """
resource "azurerm_key_vault" "training" {
  name = "kv-training"
  tags = { workload_type = "ai_training" }
}

resource "azurerm_key_vault_secret" "db" {
  name         = "db"
  value        = var.db_password
  key_vault_id = azurerm_key_vault.training.id
}

variable "db_password" { sensitive = true }
"""
    passes = """
resource "azurerm_key_vault" "training" {
  name = "kv-training"
  tags = { workload_type = "ai_training" }
}

resource "azurerm_key_vault_secret" "db" {
  name            = "db"
  value           = var.db_password
  key_vault_id    = azurerm_key_vault.training.id
  expiration_date = "2027-03-31T00:00:00Z"
}

variable "db_password" { sensitive = true }
"""

    def concerns(self, resource: Resource) -> bool:
        vaults = resource.attribute("key_vault_id").targets
        return any(resource.estate.ai_use(one) for one in (resource, *vaults) if one.mode == "managed")

    def judge(self, resource: Resource) -> Verdict:
        judge = is_set("an end date")
        verdict = judge(resource.attribute(_EXPIRY))
        if verdict.outcome is Outcome.FAILED and resource.type == "azurerm_key_vault_key":
            by_policy = judge(resource.attribute(_POLICY))
            return verdict if by_policy.outcome is Outcome.FAILED else by_policy
        return verdict


check = KeyVaultExpiry()
