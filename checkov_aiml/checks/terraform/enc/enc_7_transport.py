"""ENC_7 encryption in transit to AI data."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.policy import Statement, statements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import AFTER_APPLY
from checkov_aiml.terraform_view.vocabulary import each, either_name, is_set, one_of
from checkov_aiml.verdict import Verdict, all_of, any_of, failed, not_applicable, passed, unresolved

_HTTPS = ("https_traffic_only_enabled", "enable_https_traffic_only")
_DOMAIN = ("domain_endpoint_options.enforce_https", "domain_endpoint_options.tls_security_policy")
_POLICIES = (
    "Policy-Min-TLS-1-2-2019-07",
    "Policy-Min-TLS-1-2-PFS-2023-10",
    "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
)
_CLUSTER = ("ssl.cert", "ssl.leaf_domain_label")
_ARM_SSL = "properties.properties.sslConfiguration.status"


class Transport(TerraformControl):
    id = "CKV_AIML_ENC_7"
    name = "Ensure AI data stores and inference clusters accept encrypted connections of TLS 1.2 or later only"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_opensearch_domain": _DOMAIN,
        "aws_s3_bucket": ("policy",),
        "aws_s3_bucket_policy": ("policy", "bucket"),
        "azurerm_cosmosdb_account": ("minimal_tls_version",),
        "azurerm_machine_learning_inference_cluster": _CLUSTER,
        "azurerm_storage_account": ("min_tls_version", *_HTTPS),
        "Microsoft.MachineLearningServices/workspaces/computes": (_ARM_SSL, "properties.computeType"),
    }
    why = (
        "Whoever is on the path reads and changes training data, model files and predictions that travel in the clear "
        "or under a broken version of TLS; a changed model file is code that your endpoint runs."
    )
    fix = "Deny plain transport in the bucket policy, or set the store's minimum TLS version to 1.2 and HTTPS only."
    guideline = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"
    covers = ("K5", "mlops")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "NCSC-CAF:B3.b")
    limits = (
        "AWS itself refuses TLS versions before 1.2, so a bucket policy need only deny plain HTTP; a statement with "
        "further conditions does not count, as it lets some of it pass. Stores that no AI resource uses are not "
        "judged, nor are bucket policies outside of the files. Of an inference cluster the presence of SSL is judged."
    )
    fails = """
resource "aws_s3_bucket" "training" {
  bucket = "training"
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
    model_data_url = "s3://${aws_s3_bucket.training.id}/model.tar.gz"
  }
}
"""
    passes = """
resource "aws_s3_bucket" "training" {
  bucket = "training"
}
resource "aws_s3_bucket_policy" "training" {
  bucket = aws_s3_bucket.training.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::training", "arn:aws:s3:::training/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
    model_data_url = "s3://${aws_s3_bucket.training.id}/model.tar.gz"
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        if resource.type == "aws_s3_bucket_policy":  # It is judged on the bucket.
            return False
        return resource.estate.is_ai(resource) or resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        if resource.estate.is_ai(resource):
            return _cluster(resource)
        if resource.type == "aws_s3_bucket":
            return _bucket(resource, resource.estate.ai_use(resource))
        return all_of(_versions(resource))


def _versions(store: Resource) -> Iterator[Verdict]:
    if store.type == "azurerm_storage_account":
        yield one_of("TLS1_2", "TLS1_3")(store.attribute("min_tls_version"))
        yield one_of(True)(either_name(store, *_HTTPS))
    elif store.type == "azurerm_cosmosdb_account":
        yield one_of("Tls12")(store.attribute("minimal_tls_version"))
    else:
        implied = ("domain_endpoint_options",)
        yield each(store, _DOMAIN[:1], one_of(True), implied)
        yield each(store, _DOMAIN[1:], one_of(*_POLICIES), implied)


def _cluster(cluster: Resource) -> Verdict:
    if "/" in cluster.type:
        blocks = ("properties.properties", "properties.properties.sslConfiguration")
        implied = blocks if cluster.text("properties.computeType") == "AKS" else ()
        return each(cluster, [_ARM_SSL], one_of("Auto", "Enabled"), implied)
    told = is_set("a certificate or a leaf_domain_label, so that predictions are served over HTTPS")
    return any_of(each(cluster, [path], told, ("ssl",)) for path in _CLUSTER)


def _bucket(bucket: Resource, use: str) -> Verdict:
    parts = bucket.estate.parts_of(bucket, "aws_s3_bucket_policy")
    policies = [bucket.attribute("policy"), *(part.attribute("policy").of(part) for part in parts)]
    fix = "add a statement that denies s3:* to everyone while aws:SecureTransport is false"
    plain = failed(f"the bucket ({use}) accepts plain HTTP; {fix}", *(policy.path for policy in policies[1:]))
    return any_of([plain, *map(_policy, policies)])


def _policy(policy: Attribute) -> Verdict:
    found = statements(policy)
    if found is None:
        return unresolved("the bucket policy is not known", policy.path)
    for statement in found:
        if _denies_plain_transport(statement):
            return passed(f"{statement.place} denies plain HTTP", policy.path)
    if not all(statement.is_known for statement in found):
        return unresolved("a part of the bucket policy is not known", policy.path)
    return not_applicable("no statement denies plain HTTP")


def _denies_plain_transport(statement: Statement) -> bool:
    conditions = [(c.operator.casefold(), c.key, tuple(map(str.casefold, c.values))) for c in statement.conditions]
    return (
        statement.is_known
        and not statement.allows
        and "*" in statement.principals
        and any(action.casefold() in ("*", "s3:*") for action in statement.actions)
        and any(resource.endswith("*") or resource == AFTER_APPLY.text for resource in statement.resources)
        and len(conditions) == 1
        and conditions[0][0] in ("bool", "boolifexists")
        and conditions[0][1:] == ("aws:securetransport", ("false",))
    )


check = Transport()
