"""ENC_6 buckets of AI data."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, kms_encryption
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable

_SEPARATE = "rule.apply_server_side_encryption_by_default"
_INLINE = f"server_side_encryption_configuration.{_SEPARATE}"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_OBJECT = ("server_side_encryption", "kms_key_id")
_TABLES = ("encryption_configuration.sse_algorithm", "encryption_configuration.kms_key_arn")


def _rules(block: str) -> tuple[str, str]:
    return f"{block}.sse_algorithm", f"{block}.kms_master_key_id"


class AiBucketEncryption(TerraformControl):
    id = "CKV_AIML_ENC_6"
    name = "Ensure S3 buckets that hold AI data are encrypted with a customer-managed KMS key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_s3_bucket": _rules(_INLINE),
        "aws_s3_directory_bucket": ("bucket",),
        _ENCRYPTION: (*_rules(_SEPARATE), "bucket"),
        "aws_s3_bucket_object": (*_OBJECT, "bucket"),
        "aws_s3_object": (*_OBJECT, "bucket"),
        "aws_s3tables_table_bucket": _TABLES,
    }
    why = (
        "Buckets hold training data, model artefacts and captured requests. S3's own keys decrypt for whoever may read "
        "the bucket; a key of your own is a second permission that a leaked role or a wrong bucket policy lacks."
    )
    fix = "Encrypt the bucket with aws:kms and a customer-managed key in kms_master_key_id."
    guideline = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
    covers = ("K5",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = (
        "Buckets that no AI resource names, and that no marker of the settings names, are not judged. An object is "
        "judged where it says for itself how it is encrypted; otherwise the bucket's encryption is its own."
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
resource "aws_kms_key" "ml" {
  enable_key_rotation = true
}
resource "aws_s3_bucket" "training" {
  bucket = "training"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "training" {
  bucket = aws_s3_bucket.training.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.ml.arn
    }
  }
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
        return resource.type != _ENCRYPTION and _use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        if resource.type in _OBJECTS:
            return _of_object(resource)
        verdicts = list(_of_bucket(resource))
        if not verdicts:
            use = _use(resource)
            return failed(f"the bucket ({use}) has S3-managed encryption only; {self.fix[0].lower()}{self.fix[1:-1]}")
        return all_of(verdicts)


def _use(resource: Resource) -> str | None:
    """Why a bucket, or that of an object, is AI's."""
    of_object = resource.type in _OBJECTS
    holders = [resource, *resource.attribute("bucket").targets] if of_object else [resource]
    return next(filter(None, map(resource.estate.ai_use, holders)), None)


def _of_bucket(bucket: Resource) -> Iterator[Verdict]:
    if bucket.type == "aws_s3tables_table_bucket":
        yield from kms_encryption(bucket, *_TABLES)
        return
    yield from kms_encryption(bucket, *_rules(_INLINE))
    for encryption in bucket.estate.parts_of(bucket, _ENCRYPTION):
        yield from kms_encryption(encryption, *_rules(_SEPARATE), separate=True)


def _of_object(item: Resource) -> Verdict:
    """The provider encrypts with KMS where an object names a key, whether or not it names the algorithm."""
    algorithm, key = (item.attribute(path) for path in _OBJECT)
    if isinstance(algorithm.state, Unset):
        return not_applicable("the bucket decides") if isinstance(key.state, Unset) else customer_managed_key(key)
    return all_of(kms_encryption(item, *_OBJECT))


check = AiBucketEncryption()
