"""RES_20 the locations of Azure AI resources."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.azure_locations import judge_location, judge_location_name
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of

_LOCATED = (
    "azurerm_ai_foundry",
    "azurerm_ai_foundry_project",
    "azurerm_ai_services",
    "azurerm_bot_channel_alexa",
    "azurerm_bot_channel_directline",
    "azurerm_bot_channel_email",
    "azurerm_bot_channel_facebook",
    "azurerm_bot_channel_line",
    "azurerm_bot_channel_ms_teams",
    "azurerm_bot_channel_slack",
    "azurerm_bot_channel_sms",
    "azurerm_bot_channel_web_chat",
    "azurerm_bot_channels_registration",
    "azurerm_bot_connection",
    "azurerm_bot_service_azure_bot",
    "azurerm_bot_web_app",
    "azurerm_cognitive_account",
    "azurerm_cognitive_account_project",
    "azurerm_healthbot",
    "azurerm_machine_learning_compute_cluster",
    "azurerm_machine_learning_inference_cluster",
    "azurerm_machine_learning_synapse_spark",
    "azurerm_machine_learning_workspace",
    "azurerm_search_service",
    "azurerm_video_indexer_account",
    "Microsoft.Bing/accounts",
    "Microsoft.BotService/botServices",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.CognitiveServices/accounts/projects",
    "Microsoft.MachineLearningServices/registries",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments",
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
    "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints",
    "Microsoft.Search/searchServices",
    "Microsoft.VideoIndexer/accounts",
)

_ELSEWHERE = {
    "azurerm_bot_channel_direct_line_speech": ("location", "cognitive_service_location"),
    "Microsoft.MachineLearningServices/workspaces/computes": ("location", "properties.computeLocation"),
}

_WHERE_THE_PARENT_IS = {
    **dict.fromkeys(
        (
            "azurerm_cognitive_account_connection_account_key",
            "azurerm_cognitive_account_connection_account_managed_identity",
            "azurerm_cognitive_account_connection_api_key",
            "azurerm_cognitive_account_connection_custom_keys",
            "azurerm_cognitive_account_connection_entra_id",
            "azurerm_cognitive_deployment",
        ),
        ("cognitive_account_id",),
    ),
    "azurerm_machine_learning_compute_instance": ("location", "machine_learning_workspace_id"),
    **dict.fromkeys(
        (
            "azurerm_machine_learning_datastore_blobstorage",
            "azurerm_machine_learning_datastore_datalake_gen2",
            "azurerm_machine_learning_datastore_fileshare",
        ),
        ("workspace_id",),
    ),
    **dict.fromkeys(
        (
            "Microsoft.CognitiveServices/accounts/connections",
            "Microsoft.CognitiveServices/accounts/deployments",
            "Microsoft.CognitiveServices/accounts/projects/applications",
            "Microsoft.CognitiveServices/accounts/projects/connections",
            "Microsoft.MachineLearningServices/workspaces/connections",
            "Microsoft.MachineLearningServices/workspaces/datastores",
        ),
        ("parent_id",),
    ),
}


class AzureAiLocation(TerraformControl):
    id = "CKV_AIML_RES_20"
    name = "Ensure Azure AI resources are in an allowed location"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = {**dict.fromkeys(_LOCATED, ("location",)), **_ELSEWHERE, **_WHERE_THE_PARENT_IS}
    why = (
        "Training data, prompts and predictions are processed where the resource is. Outside the locations that the "
        "organisation allows other law applies, and what was promised to patients, customers or citizens is broken."
    )
    fix = "Set location to an allowed one, or list the location in the setting regions.azure."
    guideline = "https://learn.microsoft.com/azure/foundry/reference/region-support"
    covers = ("R1", "rego")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "What has no location of its own, such as a deployment or compute instance, is where its parent is; a parent "
        "that is not in the files leaves it undecided. No location of a bot keeps its messages in the UK: where one is "
        "accepted, exempt it. The endpoint that a client of Translator calls decides where its text is processed, and "
        "is not in the files. Law does not ask for UK residency as such: an allowed list is the organisation's policy, "
        "and supports its duties on transfers."
    )
    fails = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "Sweden Central"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
"""
    passes = """
resource "azurerm_cognitive_account" "triage" {
  name                = "triage"
  location            = "UK South"
  resource_group_name = "triage"
  kind                = "OpenAI"
  sku_name            = "S0"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        further = [path for path in self.paths(resource) if path.lower().endswith("location") and path != "location"]
        named = [
            judge_location_name(one, f"what {path} names") for path in further for one in resource.attributes(path)
        ]
        return all_of([judge_location(resource), *named])


check = AzureAiLocation()
