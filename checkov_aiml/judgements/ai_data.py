"""What is AI data: the stores that AI resources reach, and why each of them counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from checkov_aiml.judgements.azure_ai_data import AZURE_FLOWS, AZURE_STORES, granted_stores
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.resources import Resource

AWS_STORES = (
    "aws_athena_database",
    "aws_cloudwatch_log_group",
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "aws_elasticsearch_domain",
    "aws_fsx_lustre_file_system",
    "aws_fsx_ontap_file_system",
    "aws_fsx_openzfs_file_system",
    "aws_fsx_windows_file_system",
    "aws_glue_catalog_database",
    "aws_kinesis_firehose_delivery_stream",
    "aws_kinesis_stream",
    "aws_kinesis_video_stream",
    "aws_memorydb_cluster",
    "aws_msk_cluster",
    "aws_neptune_cluster",
    "aws_neptunegraph_graph",
    "aws_opensearch_domain",
    "aws_opensearchserverless_collection",
    "aws_rds_cluster",
    "aws_redshift_cluster",
    "aws_redshiftserverless_namespace",
    "aws_redshiftserverless_workgroup",
    "aws_s3_bucket",
    "aws_s3_directory_bucket",
    "aws_s3files_file_system",
    "aws_s3tables_table_bucket",
    "aws_s3vectors_vector_bucket",
    "aws_secretsmanager_secret",
)
"""AWS types that hold data at rest, whatever data."""

STORES = (*AWS_STORES, *AZURE_STORES)

FLOWS = {
    "aws_cloudwatch_log_delivery": ("delivery_source_name", ("delivery_destination_arn",)),
    "aws_cloudwatch_log_delivery_destination": ("", ("delivery_destination_configuration.destination_resource_arn",)),
    "aws_cloudwatch_log_delivery_source": ("resource_arn", ("",)),
    "aws_cloudwatch_log_subscription_filter": ("log_group_name", ("destination_arn",)),
    "aws_kinesis_firehose_delivery_stream": (
        "",
        (
            "elasticsearch_configuration.domain_arn",
            "extended_s3_configuration.bucket_arn",
            "opensearch_configuration.domain_arn",
            "opensearchserverless_configuration.collection_endpoint",
        ),
    ),
    "aws_s3_bucket_replication_configuration": ("bucket", ("rule.destination.bucket",)),
    "aws_s3tables_table_bucket_replication": ("table_bucket_arn", ("rule.destination.destination_table_bucket_arn",)),
    **AZURE_FLOWS,
}
"""What moves data from one resource to others: the attribute that names the giver, and those that name the receivers.

An empty path is the resource itself.
"""

NAMES = {
    "aws_bedrock_model_invocation_logging_configuration": {
        "logging_config.cloudwatch_config.large_data_delivery_s3_config.bucket_name": "aws_s3_bucket",
        "logging_config.cloudwatch_config.log_group_name": "aws_cloudwatch_log_group",
        "logging_config.s3_config.bucket_name": "aws_s3_bucket",
    },
    "aws_bedrockagentcore_browser": {"recording.s3_location.bucket": "aws_s3_bucket"},
    "aws_bedrockagentcore_online_evaluation_config": {
        "data_source_config.cloudwatch_logs.log_group_names": "aws_cloudwatch_log_group",
    },
    "aws_kendra_data_source": {"configuration.s3_configuration.bucket_name": "aws_s3_bucket"},
    "aws_kendra_faq": {"s3_path.bucket": "aws_s3_bucket"},
    "aws_rekognition_stream_processor": {"output.s3_destination.bucket": "aws_s3_bucket"},
    "aws_sagemaker_feature_group": {
        "offline_store_config.data_catalog_config.database": "aws_glue_catalog_database",
    },
}
"""Arguments of AI resources that take the plain name of a store, and the type of that store."""


def why_ai_data(store: Resource) -> str | None:
    """Why a store counts as AI data, such as "used by aws_sagemaker_model.fraud"; None when it does not.

    AI resources reach it by reference or literal name, it names an AI resource, a marker of the settings names it, the
    identity of an AI resource is given rights on it, data of such a store or resource is delivered to it, or it is a
    log group with a name that AI services write to.
    """
    estate, root = store.estate, store.root
    found = estate.once(("AI data", root), lambda: _reached_otherwise(estate, root))
    return estate.ai_use(store) or found.get(store) or _service_logs(store)


_SERVICE_LOGS = re.compile(r"^/aws/(?:vendedlogs/)?(?P<service>bedrock|sagemaker)\b")
"""How AI services name the log groups that they write to.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""


def _service_logs(store: Resource) -> str | None:
    name = store.text("name") if store.type == "aws_cloudwatch_log_group" else None
    match = _SERVICE_LOGS.match(name or "")
    return f"named as logs of {match['service']}" if match else None


def _reached_otherwise(estate: Estate, root: str) -> dict[Resource, str]:
    """Why stores of a root module hold AI data that no AI resource names."""
    found = {
        referrer: f"names {resource.address}"
        for resource in estate.ai_resources(root)
        for referrer in resource.referrers
        if referrer.type in STORES
    }
    for reached in (_named_plainly, _granted, granted_stores):
        found = reached(estate, root) | found
    receivers = _receivers(estate, root)
    givers = {one: one for one in receivers if one in found or estate.is_ai(one) or estate.ai_use(one)}
    waiting = list(givers)
    for giver in waiting:
        for receiver in receivers.get(giver, ()):
            if receiver not in givers:
                givers[receiver] = receiver if receiver.type in STORES else givers[giver]
                found.setdefault(receiver, f"receives data of {givers[giver].address}")
                waiting.append(receiver)
    return found


def _named_plainly(estate: Estate, root: str) -> dict[Resource, str]:
    """The stores whose plain name an AI resource gives."""
    users = {
        (store, name.known): user
        for kind, arguments in NAMES.items()
        for user in estate.of_type(kind, root=root)
        for path, store in arguments.items()
        for attribute in user.attributes(path)
        for name in attribute.items()
        if isinstance(name.known, str)
    }
    stores = estate.of_type(*dict.fromkeys(kind for kind, _ in users), root=root)
    named = ((store, users.get((store.type, store.text("name") or store.text("bucket") or ""))) for store in stores)
    return {store: f"used by {user.address}" for store, user in named if user is not None}


def _granted(estate: Estate, root: str) -> dict[Resource, str]:
    """The stores that a policy of an AI resource's role names."""
    users = {
        role: user
        for user in estate.ai_resources(root)
        for role in user.references
        if role.type == "aws_iam_role" and role.mode == "managed"
    }
    return {
        store: f"granted to the role of {user.address}"
        for role, user in users.items()
        for policy in _policies(role)
        for document in (policy, *(one for one in policy.references if one.type == "aws_iam_policy_document"))
        for store in document.references
        if store.type in AWS_STORES and store.mode == "managed"
    }


def _policies(role: Resource) -> Iterator[Resource]:
    for referrer in role.referrers:
        if referrer.type == "aws_iam_role_policy":
            yield referrer
        elif referrer.type == "aws_iam_role_policy_attachment":
            yield from (one for one in referrer.references if one.type == "aws_iam_policy")


def _receivers(estate: Estate, root: str) -> dict[Resource, list[Resource]]:
    """Who gives data to whom in a root module."""
    found: dict[Resource, list[Resource]] = defaultdict(list)
    for kind, (source, destinations) in FLOWS.items():
        for carrier in estate.of_type(kind, root=root):
            receivers = [one for path in destinations for one in _named(carrier, path)]
            for giver in _named(carrier, source):
                found[giver].extend(receivers)
    return found


def _named(carrier: Resource, path: str) -> list[Resource]:
    """The resources that stand at a path of a carrier, in every repetition of its blocks; itself at none."""
    if not path:
        return [carrier]
    return [target for attribute in carrier.attributes(path) for target in attribute.targets]
