"""RES_3 the regions of AWS stores of AI data."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.ai_data import AWS_STORES, why_ai_data
from checkov_aiml.judgements.residency import judge_place
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.regions import Place, region_of
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class AwsDataRegion(TerraformControl):
    id = "CKV_AIML_RES_3"
    name = "Ensure AWS data stores that hold AI data are in an allowed region"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = dict.fromkeys(AWS_STORES, ("region",))
    why = (
        "A model is only as local as its data. Training sets, captured prompts, vectors and logs at rest in another "
        "country are a transfer of whatever personal data they hold, wherever the model itself runs."
    )
    fix = "Make the store in an allowed region, by its region argument or its provider."
    guideline = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support"
    covers = ("R1",)
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "A store counts as AI data where an AI resource, or a policy of its role, names it, where it names an AI "
        "resource, where such data is delivered to it, or where a marker of the settings names it. What only the code "
        "of a job knows is not seen; mark it with a tag."
    )
    fails = """
provider "aws" {
  region = "eu-west-2"
}
resource "aws_s3_bucket" "training" {
  bucket = "training"
  region = "us-east-1"
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
provider "aws" {
  region = "eu-west-2"
}
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

    def concerns(self, store: Resource) -> bool:
        return why_ai_data(store) is not None

    def judge(self, store: Resource) -> Verdict:
        place, use = region_of(store), why_ai_data(store)
        return judge_place(Place(place.value, f"{place.cause}; AI data, {use}", place.source), "aws").about("region")


check = AwsDataRegion()
