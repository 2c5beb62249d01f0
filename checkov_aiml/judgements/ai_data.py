"""Which stores hold AI data, and why."""

from __future__ import annotations

from checkov_aiml.terraform_view.resource import Resource

AWS_STORES = (
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_fsx_lustre_file_system",
    "aws_fsx_ontap_file_system",
    "aws_fsx_openzfs_file_system",
    "aws_fsx_windows_file_system",
    "aws_glue_catalog_database",
    "aws_kinesis_firehose_delivery_stream",
    "aws_kinesis_stream",
    "aws_cloudwatch_log_group",
    "aws_neptunegraph_graph",
    "aws_opensearch_domain",
    "aws_opensearchserverless_collection",
    "aws_rds_cluster",
    "aws_s3_bucket",
    "aws_s3tables_table_bucket",
    "aws_s3vectors_vector_bucket",
    "aws_secretsmanager_secret",
)
AZURE_STORES = (
    "azurerm_application_insights",
    "azurerm_container_registry",
    "azurerm_cosmosdb_account",
    "azurerm_key_vault",
    "azurerm_log_analytics_workspace",
    "azurerm_mssql_server",
    "azurerm_postgresql_flexible_server",
    "azurerm_redis_cache",
    "azurerm_storage_account",
)


def why_ai_data(store: Resource) -> str | None:
    """Why a store counts as AI data: "used by aws_sagemaker_model.fraud", or a marker; None when it does not.

    A store is reached from an AI resource by reference in either direction: the AI resource names the store or what
    stands for it, as a model names its artefacts, or the store names the AI resource, as a log group named after an
    endpoint does.
    """
    use = store.estate.ai_use(store)
    if use is not None:
        return use
    named = next((other for other in store.references if store.estate.is_ai(other)), None)
    return f"named after {named.address}" if named is not None else None
