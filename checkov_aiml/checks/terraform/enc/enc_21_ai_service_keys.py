"""ENC_21 keys of Azure AI services."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, is_set, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, any_of, not_applicable, unresolved

_ACCOUNT = "Microsoft.CognitiveServices/accounts"
_SEPARATE = "azurerm_cognitive_account_customer_managed_key"
_INLINE = "customer_managed_key.key_vault_key_id"
_HSM = "customer_managed_key.managed_hsm_key_id"
_ARM = "properties.encryption"
_IMPLIED = ("customer_managed_key", "properties", _ARM, f"{_ARM}.keyVaultProperties", "properties.keyVaultProperties")

_KINDS_WITH_A_KEY = (
    "AIServices",
    "ContentModerator",
    "ContentSafety",
    "CustomVision.Prediction",
    "CustomVision.Training",
    "Face",
    "FormRecognizer",
    "OpenAI",
    "Personalizer",
    "SpeechServices",
    "TextAnalytics",
    "TextTranslation",
)
"""The kinds for which Microsoft documents customer-managed keys; stateless ones, such as ComputerVision, take none."""


class AiServiceKeys(TerraformControl):
    id = "CKV_AIML_ENC_21"
    name = "Ensure Azure AI services and bots are encrypted with a customer-managed key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "azurerm_ai_services": (_INLINE, _HSM),
        "azurerm_bot_channels_registration": ("cmk_key_vault_url",),
        "azurerm_bot_service_azure_bot": ("cmk_key_vault_key_url",),
        "azurerm_cognitive_account": (_INLINE, "kind"),
        _SEPARATE: ("key_vault_key_id", "cognitive_account_id"),
        _ACCOUNT: (f"{_ARM}.keySource", f"{_ARM}.keyVaultProperties.keyName", "kind"),
        f"{_ACCOUNT}/encryptionScopes": ("properties.keySource", "properties.keyVaultProperties.keyName"),
    }
    why = (
        "An account stores fine-tuning files, stored completions, assistants' threads and custom models. Under "
        "Microsoft's keys you cannot see or withdraw access to them; under a key in your vault you can."
    )
    fix = "Add a customer_managed_key block, or the separate resource, with a Key Vault key of your own."
    guideline = "https://learn.microsoft.com/azure/ai-services/encryption/cognitive-services-encryption-keys-portal"
    covers = ("Z4",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "Kinds for which Microsoft documents no customer-managed key are judged only when they name one. That the "
        "account's identity may use the key is not judged. A key that is set outside of the files is not seen."
    )
    fails = """
resource "azurerm_cognitive_account" "triage" {
  name                  = "triage"
  location              = "uksouth"
  resource_group_name   = "triage"
  kind                  = "OpenAI"
  sku_name              = "S0"
  custom_subdomain_name = "triage"
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
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_key_vault_key" "triage" {
  name         = "triage"
  key_vault_id = "vault"
  key_type     = "RSA"
  key_size     = 4096
  key_opts     = ["wrapKey", "unwrapKey"]
}
resource "azurerm_cognitive_account_customer_managed_key" "triage" {
  cognitive_account_id = azurerm_cognitive_account.triage.id
  key_vault_key_id     = azurerm_key_vault_key.triage.id
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == _SEPARATE:
            if any(target.mode == "managed" for target in resource.attribute("cognitive_account_id").targets):
                return not_applicable("judged on the account")
            return customer_managed_key(resource.attribute("key_vault_key_id"))
        verdict = any_of(_ways(resource))
        paths = [path for path in self.paths(resource) if path != "kind"]
        names_a_key = any(not isinstance(resource.attribute(path).state, Unset) for path in paths)
        if names_a_key or verdict.outcome is not Outcome.FAILED:
            return verdict
        return _without_key(resource.attribute("kind"), verdict)


def _without_key(kind: Attribute, verdict: Verdict) -> Verdict:
    if isinstance(kind.state, Unset):
        return verdict
    if not isinstance(kind.state, Known):
        return unresolved("not known, and not every kind takes a key").about(kind.path)
    takes_one = str(kind.known).casefold() in map(str.casefold, _KINDS_WITH_A_KEY)
    return verdict if takes_one else not_applicable(f"the kind {kind.known} takes no key")


def _ways(account: Resource) -> Iterator[Verdict]:
    if "/" in account.type:
        yield _arm(account, "properties" if account.type.lower().endswith("encryptionscopes") else _ARM)
    for path in (_INLINE, _HSM, "cmk_key_vault_key_url", "cmk_key_vault_url"):
        if path in AiServiceKeys.resources.get(account.type, ()):
            yield each(account, [path], customer_managed_key, _IMPLIED)
    for separate in account.estate.parts_of(account, _SEPARATE):
        yield customer_managed_key(separate.attribute("key_vault_key_id").of(separate))
    for update in account.referrers:
        if update.terraform_type == "azapi_update_resource" and update.type.lower() == _ACCOUNT.lower():
            yield _arm(update, _ARM)


def _arm(account: Resource, block: str) -> Verdict:
    source = each(account, [f"{block}.keySource"], one_of("Microsoft.KeyVault"), _IMPLIED)
    if source.outcome is Outcome.FAILED:
        return source
    named = is_set("the name of a key of your own")
    return all_of([source, each(account, [f"{block}.keyVaultProperties.keyName"], named, _IMPLIED)])


check = AiServiceKeys()
