"""RES_2 the regions of AWS AI resources."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.aws_ai_types import addresses
from checkov_aiml.judgements.residency import judge_place
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.regions import region_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class AwsAiRegion(TerraformControl):
    id = "CKV_AIML_RES_2"
    name = "Ensure AWS AI resources are in an allowed region"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = dict.fromkeys(addresses(), ("region",))
    why = (
        "Training data, prompts and predictions are processed where the resource is. Outside the regions that the "
        "organisation allows other law applies, and what was promised to patients, customers or citizens is broken."
    )
    fix = "Set region, or the region of the provider that makes the resource, to an allowed one."
    guideline = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support"
    covers = ("R1", "R2")
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = "A region that only the environment gives is not known; RES_1 reports the provider block without one."
    fails = """
provider "aws" {
  region = "us-east-1"
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
}
"""
    passes = """
provider "aws" {
  region = "us-east-1"
}
resource "aws_sagemaker_model" "triage" {
  region             = "eu-west-2"
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return judge_place(region_of(resource), "aws").about("region")


check = AwsAiRegion()
