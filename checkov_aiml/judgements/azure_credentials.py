"""Arguments of Azure AI resources whose value is a credential."""

from __future__ import annotations

_ML = "Microsoft.MachineLearningServices/workspaces"
_CS = "Microsoft.CognitiveServices/accounts"
_CONNECTION = tuple(
    f"properties.credentials.{name}"
    for name in (
        "clientSecret",
        "developerToken",
        "key",
        "keys",
        "password",
        "pat",
        "refreshToken",
        "sas",
        "secretAccessKey",
        "securityToken",
    )
)
_ENDPOINT = ("properties.keys.primaryKey", "properties.keys.secondaryKey")

AZURE_CREDENTIALS = {
    "azurerm_bot_channel_direct_line_speech": ("cognitive_service_access_key",),
    "azurerm_bot_channel_email": ("email_password",),
    "azurerm_bot_channel_facebook": ("facebook_application_secret", "page.access_token"),
    "azurerm_bot_channel_line": ("line_channel.access_token", "line_channel.secret"),
    "azurerm_bot_channel_slack": ("client_secret", "signing_secret", "verification_token"),
    "azurerm_bot_channel_sms": ("sms_channel_auth_token",),
    "azurerm_bot_channels_registration": ("developer_app_insights_api_key",),
    "azurerm_bot_connection": ("client_secret",),
    "azurerm_bot_service_azure_bot": ("developer_app_insights_api_key", "luis_key"),
    "azurerm_bot_web_app": ("developer_app_insights_api_key", "luis_key"),
    "azurerm_cognitive_account": ("custom_question_answering_search_service_key",),
    "azurerm_cognitive_account_connection_account_key": ("account_key",),
    "azurerm_cognitive_account_connection_api_key": ("api_key",),
    "azurerm_cognitive_account_connection_custom_keys": ("custom_keys",),
    "azurerm_machine_learning_compute_cluster": ("ssh.admin_password",),
    "azurerm_machine_learning_datastore_blobstorage": ("account_key", "shared_access_signature"),
    "azurerm_machine_learning_datastore_datalake_gen2": ("client_secret",),
    "azurerm_machine_learning_datastore_fileshare": ("account_key", "shared_access_signature"),
    _CS: (
        "properties.apiProperties.eventHubConnectionString",
        "properties.apiProperties.storageAccountConnectionString",
    ),
    f"{_CS}/connections": _CONNECTION,
    f"{_CS}/projects/connections": _CONNECTION,
    f"{_ML}/batchEndpoints": _ENDPOINT,
    f"{_ML}/computes": (
        "properties.properties.administratorAccount.password",
        "properties.properties.relayConnectionString",
        "properties.properties.serviceBusConnectionString",
        "properties.properties.userAccountCredentials.adminUserPassword",
    ),
    f"{_ML}/connections": _CONNECTION,
    f"{_ML}/datastores": tuple(
        f"properties.credentials.secrets.{name}" for name in ("certificate", "clientSecret", "key", "sasToken")
    ),
    f"{_ML}/onlineEndpoints": _ENDPOINT,
}
"""Type to the paths of its credentials; bodies of ARM types are those of azapi."""
