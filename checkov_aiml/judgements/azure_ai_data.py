"""What holds AI data on Azure, how data flows on from there, and to which stores AI identities have access."""

from __future__ import annotations

from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.resources import Resource

AZURE_STORES = (
    "azurerm_application_insights",
    "azurerm_container_registry",
    "azurerm_cosmosdb_account",
    "azurerm_data_factory",
    "azurerm_databricks_workspace",
    "azurerm_eventhub_namespace",
    "azurerm_key_vault",
    "azurerm_key_vault_managed_hardware_security_module",
    "azurerm_kubernetes_cluster",
    "azurerm_kusto_cluster",
    "azurerm_log_analytics_workspace",
    "azurerm_managed_redis",
    "azurerm_mongo_cluster",
    "azurerm_mssql_managed_instance",
    "azurerm_mssql_server",
    "azurerm_mysql_flexible_server",
    "azurerm_postgresql_flexible_server",
    "azurerm_redis_cache",
    "azurerm_redis_enterprise_cluster",
    "azurerm_storage_account",
    "azurerm_synapse_workspace",
)
"""Types that hold or process what AI resources give them, and that have a location."""

ARM_STORES = (
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.Insights/components",
    "Microsoft.KeyVault/managedHSMs",
    "Microsoft.KeyVault/vaults",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Storage/storageAccounts",
)
"""The same as ARM types."""

AZURE_FLOWS = {
    "azurerm_application_insights": ("", ("workspace_id",)),
    "azurerm_eventhub_namespace_authorization_rule": ("", ("namespace_name",)),
    "azurerm_log_analytics_data_export_rule": ("workspace_resource_id", ("destination_resource_id",)),
    "azurerm_monitor_diagnostic_setting": (
        "target_resource_id",
        ("eventhub_authorization_rule_id", "log_analytics_workspace_id", "storage_account_id"),
    ),
    "azurerm_mongo_cluster": ("source_server_id", ("",)),
    "azurerm_mssql_database": ("", ("server_id",)),
    "azurerm_mssql_failover_group": ("server_id", ("partner_server.id",)),
    "azurerm_mysql_flexible_server": ("source_server_id", ("",)),
    "azurerm_postgresql_flexible_server": ("source_server_id", ("",)),
    "azurerm_storage_object_replication": ("source_storage_account_id", ("destination_storage_account_id",)),
}
"""What moves data from one resource to others: the attribute that names the giver, and those that name the receivers.

An empty path is the resource itself.
"""

_PARTS_OF_STORES = {
    "azurerm_mssql_database": "server_id",
    "azurerm_storage_container": "storage_account_id",
    "azurerm_storage_data_lake_gen2_filesystem": "storage_account_id",
    "azurerm_storage_share": "storage_account_id",
}


def granted_stores(estate: Estate, root: str) -> dict[Resource, str]:
    """The stores that a role assignment opens to the identity of an AI resource, each with why it so holds AI data."""
    found: dict[Resource, str] = {}
    if next(estate.ai_resources(root), None) is None:
        return found
    for grant in estate.of_type("azurerm_role_assignment", root=root):
        user = next(filter(None, (_identity_of(one) for one in grant.attribute("principal_id").targets)), None)
        for scope in grant.attribute("scope").targets if user else ():
            for store in _stores(scope):
                found.setdefault(store, f"opened to {user} by {grant.address}")
    return found


def _stores(scope: Resource) -> tuple[Resource, ...]:
    """The stores that are a scope, or that it is a part of."""
    if scope.type in _PARTS_OF_STORES:
        return scope.attribute(_PARTS_OF_STORES[scope.type]).targets
    return (scope,) if scope.type in AZURE_STORES else ()


def _identity_of(principal: Resource) -> str | None:
    """The AI resource whose identity it is: that resource itself, or the user of an identity of its own."""
    if principal.estate.is_ai(principal):
        return principal.address
    use = principal.estate.ai_use(principal) if principal.type == "azurerm_user_assigned_identity" else None
    return use.removeprefix("used by ") if use and use.startswith("used by ") else None
