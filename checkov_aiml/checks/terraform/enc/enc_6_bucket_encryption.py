"""ENC_6 buckets of AI data."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resource import Attribute, Resource
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable

_SEPARATE = "rule.apply_server_side_encryption_by_default"
_INLINE = f"server_side_encryption_configuration.{_SEPARATE}"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"


class AiBucketEncryption(TerraformControl):
    id = "CKV_AIML_ENC_6"
    name = "Ensure S3 buckets that hold AI data are encrypted with a customer-managed KMS key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_s3_bucket": (f"{_INLINE}.sse_algorithm", f"{_INLINE}.kms_master_key_id"),
        _ENCRYPTION: (f"{_SEPARATE}.sse_algorithm", f"{_SEPARATE}.kms_master_key_id", "bucket"),
    }
    why = (
        "Buckets hold training data, model artefacts and captured requests. S3's own keys decrypt for whoever may read "
        "the bucket; a key of your own is a second permission that a leaked role or a wrong bucket policy lacks."
    )
    fix = "Encrypt the bucket with aws:kms and a customer-managed key in kms_master_key_id."
    guideline = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
    covers = ("K5",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = "Buckets that no AI resource names, and that no marker of the settings names, are not judged."
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

    def judge(self, resource: Resource) -> Verdict:
        use = resource.estate.ai_use(resource) if resource.type == "aws_s3_bucket" else None
        if use is None:
            return not_applicable("no AI resource uses the bucket")
        verdicts = list(_encryption(resource))
        if not verdicts:
            return failed(f"the bucket ({use}) has S3-managed encryption only; {self.fix[0].lower()}{self.fix[1:-1]}")
        return all_of(verdicts)


def _encryption(bucket: Resource) -> Iterator[Verdict]:
    yield from _rules(bucket, _INLINE, lambda attribute: attribute)
    for encryption in bucket.estate.parts_of(bucket, _ENCRYPTION):
        yield from _rules(encryption, _SEPARATE, lambda attribute: attribute.of(encryption))


def _rules(resource: Resource, block: str, told: Callable[[Attribute], Attribute]) -> Iterator[Verdict]:
    for algorithm in resource.attributes(f"{block}.sse_algorithm"):
        verdict = one_of("aws:kms", "aws:kms:dsse")(told(algorithm))
        yield verdict
        if verdict.outcome is not Outcome.FAILED:
            yield from (customer_managed_key(told(key)) for key in resource.attributes(f"{block}.kms_master_key_id"))


check = AiBucketEncryption()
