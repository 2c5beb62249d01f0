"""IAM_25 managed identities of Azure AI resources."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.azure_key_sign_in import COMPUTE_KIND, is_attached
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

_ML = "Microsoft.MachineLearningServices"
_CS = "Microsoft.CognitiveServices/accounts"
_TYPE = "identity.type"
_ENDPOINT = f"{_ML}/workspaces/onlineEndpoints"


class AzureManagedIdentities(TerraformControl):
    id = "CKV_AIML_IAM_25"
    name = "Ensure Azure AI resources use a managed identity"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = dict.fromkeys(
        (
            "azurerm_ai_foundry",
            "azurerm_ai_foundry_project",
            "azurerm_ai_services",
            "azurerm_cognitive_account",
            "azurerm_cognitive_account_project",
            "azurerm_machine_learning_compute_cluster",
            "azurerm_machine_learning_compute_instance",
            "azurerm_machine_learning_inference_cluster",
            "azurerm_machine_learning_synapse_spark",
            "azurerm_machine_learning_workspace",
            "azurerm_search_service",
            "azurerm_video_indexer_account",
            _CS,
            f"{_CS}/projects",
            "Microsoft.Search/searchServices",
            f"{_ML}/registries",
            f"{_ML}/workspaces",
            _ENDPOINT,
        ),
        (_TYPE,),
    ) | {f"{_ML}/workspaces/computes": (_TYPE, COMPUTE_KIND)}
    why = (
        "Without an identity of its own a resource can reach storage, vaults and other services only with keys that "
        "somebody stores in it, or with the rights of whoever uses it."
    )
    fix = "Add an identity block with type SystemAssigned or UserAssigned."
    guideline = "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview"
    covers = ("M5", "Z3")
    maps = ("NCSC-CAF:B2.a", "UKGDPR:32(1)(b)", "ISO27001:5.16")
    limits = (
        "Azure ML makes an identity for an online endpoint whose body names none, so it fails only with the type None. "
        "Of attached compute only inference clusters and Spark pools of azurerm are judged."
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
  name                = "triage"
  location            = "uksouth"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
  identity {
    type = "SystemAssigned"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type.lower() == _ENDPOINT.lower() and isinstance(resource.value(_TYPE).state, Unset):
            return not_applicable("the service makes the identity")
        if is_attached(resource):
            return not_applicable("another service runs the compute")
        return each(resource, (_TYPE,), _is_managed, implied=("identity",))


def _is_managed(kind: Attribute) -> Verdict:
    if isinstance(kind.state, Unset):
        verdict = failed("the resource has no managed identity; add an identity block")
    elif not isinstance(kind.known, str):
        verdict = unresolved("which identity the resource has is not known")
    elif kind.known.lower() == "none":
        verdict = failed("None; set it to SystemAssigned or UserAssigned")
    else:
        verdict = passed(kind.known)
    return verdict.about(kind.path)


check = AzureManagedIdentities()
