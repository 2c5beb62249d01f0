"""NET_7 Bedrock jobs in the VPC."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.placement import in_vpc
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict

_VPC_CONFIG = ("vpc_config.subnet_ids", "vpc_config.security_group_ids")


class BedrockJobsInVpc(TerraformControl):
    id = "CKV_AIML_NET_7"
    name = "Ensure Bedrock model customisation and batch inference jobs run in a VPC"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {"aws_bedrock_custom_model": _VPC_CONFIG, "aws_bedrock_model_invocation_job": _VPC_CONFIG}
    why = (
        "The job reads the whole training set or every batched prompt. In a VPC it reaches the buckets through "
        "endpoints whose policies and flow logs are the organisation's; otherwise nothing of its own limits or "
        "records the traffic."
    )
    fix = "Add a vpc_config block with subnets and security groups of your VPC."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-model-customization.html"
    covers = ("B4", "B22")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025")
    limits = "An evaluation job has no VPC argument in the provider, so it is not judged."
    fails = """
resource "aws_bedrock_custom_model" "letters" {
  custom_model_name     = "letters"
  job_name              = "letters"
  base_model_identifier = "arn:aws:bedrock:eu-west-2::foundation-model/amazon.titan-text-express-v1"
  role_arn              = "arn:aws:iam::111122223333:role/letters"
  hyperparameters       = { epochCount = "1" }
  output_data_config {
    s3_uri = "s3://letters/output"
  }
  training_data_config {
    s3_uri = "s3://letters/train.jsonl"
  }
}
"""
    passes = """
resource "aws_bedrock_custom_model" "letters" {
  custom_model_name     = "letters"
  job_name              = "letters"
  base_model_identifier = "arn:aws:bedrock:eu-west-2::foundation-model/amazon.titan-text-express-v1"
  role_arn              = "arn:aws:iam::111122223333:role/letters"
  hyperparameters       = { epochCount = "1" }
  output_data_config {
    s3_uri = "s3://letters/output"
  }
  training_data_config {
    s3_uri = "s3://letters/train.jsonl"
  }
  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return in_vpc(resource, self.paths(resource))


check = BedrockJobsInVpc()
