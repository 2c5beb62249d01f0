"""RES_4 where AI data is copied to."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.replication import (
    Copy,
    is_source_unknown,
    judge_copy,
    judge_destination,
    why_copied,
    why_in_registry,
    why_member,
    why_selected,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Unset
from checkov_aiml.verdict import Verdict, all_of, not_applicable, unresolved

_REGISTRY = "aws_ecr_replication_configuration"
_PLAN = "aws_backup_plan"
_RULE = "replication_configuration.rule"

_COPIES = {
    _PLAN: (Copy("", ("rule.copy_action.destination_vault_arn",)),),
    "aws_db_instance": (Copy("replicate_source_db"),),
    "aws_db_instance_automated_backups_replication": (Copy("source_db_instance_arn"),),
    "aws_db_snapshot_copy": (Copy("source_db_snapshot_identifier", ("destination_region",)),),
    "aws_docdb_cluster": (Copy("global_cluster_identifier"),),
    "aws_dynamodb_global_table": (Copy("name", ("replica.region_name",)),),
    "aws_dynamodb_table": (Copy("", ("replica.region_name", "global_table_witness.region_name")),),
    "aws_dynamodb_table_replica": (Copy("global_table_arn"),),
    "aws_efs_replication_configuration": (
        Copy("source_file_system_id", ("destination.region", "destination.availability_zone_name")),
    ),
    "aws_kms_replica_external_key": (Copy("primary_key_arn"),),
    "aws_kms_replica_key": (Copy("primary_key_arn"),),
    "aws_neptune_cluster": (Copy("replication_source_identifier"), Copy("global_cluster_identifier")),
    "aws_rds_cluster": (Copy("replication_source_identifier"), Copy("global_cluster_identifier")),
    "aws_rds_cluster_snapshot_copy": (Copy("source_db_cluster_snapshot_identifier", ("destination_region",)),),
    "aws_redshift_cluster": (Copy("", ("snapshot_copy.destination_region",)),),
    "aws_redshift_snapshot_copy": (Copy("cluster_identifier", ("destination_region",)),),
    "aws_s3_bucket": (
        Copy(
            "",
            ("replication_configuration.rules.destination.bucket",),
            "replication_configuration.rules.status",
        ),
    ),
    "aws_s3_bucket_replication_configuration": (Copy("bucket", ("rule.destination.bucket",), "rule.status"),),
    "aws_s3control_multi_region_access_point": (Copy("details.region.bucket", ("details.region.bucket",)),),
    "aws_s3tables_table_bucket_replication": (
        Copy("table_bucket_arn", ("rule.destination.destination_table_bucket_arn",)),
    ),
    "aws_s3tables_table_replication": (Copy("table_arn", ("rule.destination.destination_table_bucket_arn",)),),
    "aws_secretsmanager_secret": (Copy("", ("replica.region",)),),
}
"""What copies data, by type; a resource without destinations is itself the copy."""


class Replication(TerraformControl):
    id = "CKV_AIML_RES_4"
    name = "Ensure AI data is not replicated or backed up to regions that are not allowed"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = {
        **{
            kind: tuple(
                path
                for copy in copies
                for path in (copy.origin, *(copy.destinations or ("region",)), copy.status)
                if path
            )
            for kind, copies in _COPIES.items()
        },
        _REGISTRY: (f"{_RULE}.destination.region", f"{_RULE}.repository_filter.filter"),
    }
    why = (
        "A replica, a backup copy or a key's twin in another country is the same data under other law, and it stays "
        "when the original is deleted. Replication rules sit far from the model, where reviews of it do not look."
    )
    fix = "Replicate within allowed regions; within the UK copy to a second bucket, table or vault of eu-west-2."
    guideline = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html"
    covers = ("R3", "R8")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "Copies of stores that nothing marks as AI data are not judged, nor is a multi-Region KMS key of which the "
        "files hold no replica: it leaves the country only with one. Where a literal bucket outside the files is, "
        "cannot be told."
    )
    fails = """
provider "aws" {
  region = "eu-west-2"
}
resource "aws_dynamodb_table" "features" {
  name     = "features"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  tags = {
    workload_type = "ai_training"
  }
  replica {
    region_name = "eu-west-1"
  }
}
"""
    passes = """
provider "aws" {
  region = "eu-west-2"
}
resource "aws_kms_key" "features" {
  multi_region = true
}
resource "aws_s3_bucket" "features" {
  bucket = "features"
  tags = {
    workload_type = "ai_training"
  }
}
resource "aws_s3_bucket" "second" {
  bucket = "second"
}
resource "aws_s3_bucket_replication_configuration" "features" {
  bucket = aws_s3_bucket.features.id
  role   = "arn:aws:iam::111122223333:role/replication"
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.second.arn
    }
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == _REGISTRY:
            verdicts = list(_of_registry(resource))
        else:
            verdicts = [verdict for copy in _COPIES[resource.type] for verdict in _of_copy(resource, copy)]
        return all_of(verdicts) if verdicts else not_applicable("no AI data is copied")


def _of_copy(resource: Resource, copy: Copy) -> Iterator[Verdict]:
    if copy.origin and isinstance(resource.attribute(copy.origin).state, Unset):
        return
    if copy.destinations and all(isinstance(resource.attribute(path).state, Unset) for path in copy.destinations):
        return
    if copy.origin == "global_cluster_identifier":
        use = why_member(resource, copy.origin)
    else:
        use = why_selected(resource) if resource.type == _PLAN else why_copied(resource, copy.origin)
    if use is not None:
        yield from judge_copy(resource, copy, use)
    elif is_source_unknown(resource, copy.origin):
        yield unresolved("what is copied is not known").about(copy.origin)


def _of_registry(registry: Resource) -> Iterator[Verdict]:
    for place, rule in registry.blocks(_RULE):
        if not hasattr(rule.known, "get"):
            yield unresolved("the rule is not known").about(place)
            continue
        use = why_in_registry(registry, rule)
        destinations = (rule.known.get("destination") or UNSET).known or [] if use else []
        for position, destination in enumerate(destinations):
            index = f"[{position}]" if len(destinations) > 1 else ""
            region = destination.known.get("region") if hasattr(destination.known, "get") else destination
            path = f"{place}.destination{index}.region"
            yield judge_destination(Attribute(path, region), registry, f"a copy of AI data, {use}")


check = Replication()
