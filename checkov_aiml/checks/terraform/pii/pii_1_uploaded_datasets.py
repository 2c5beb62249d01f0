"""PII_1 datasets that Terraform uploads."""

from __future__ import annotations

from checkov_aiml.pii.controls import MaskedDatasets, UploadControl
from checkov_aiml.pii.uploads import masked
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict

_STORE = """
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


class UploadedDatasets(MaskedDatasets, UploadControl):
    id = "CKV_AIML_PII_1"
    name = "Ensure datasets uploaded to AI data stores hold no unmasked personal data"
    fails = f"""{_STORE}
resource "aws_s3_object" "referrals" {{
  bucket  = aws_s3_bucket.training.id
  key     = "samples/referrals.csv"
  content = "full_name,date_of_birth,postcode\\nAnn Example,1980-02-29,SW1A 2AA\\n"
}}
"""
    passes = f"""{_STORE}
resource "aws_s3_object" "referrals" {{
  bucket  = aws_s3_bucket.training.id
  key     = "samples/referrals.csv"
  content = "full_name,date_of_birth,postcode\\n<PERSON>,<DATE_OF_BIRTH>,<UK_POSTCODE>\\n"
}}
"""

    def judge(self, resource: Resource) -> Verdict:
        return masked(self.datasets(resource))


check = UploadedDatasets()
