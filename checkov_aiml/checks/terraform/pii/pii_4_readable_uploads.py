"""PII_4 on the datasets that Terraform uploads."""

from __future__ import annotations

from checkov_aiml.pii.controls import ReadableDatasets, UploadControl
from checkov_aiml.pii.uploads import readable
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


class ReadableUploads(ReadableDatasets, UploadControl):
    fails = f"""{_STORE}
resource "aws_s3_object" "referrals" {{
  bucket = aws_s3_bucket.training.id
  key    = "samples/referrals.csv"
  source = "no/such/referrals.csv"
}}
"""
    passes = f"""{_STORE}
resource "aws_s3_object" "scores" {{
  bucket  = aws_s3_bucket.training.id
  key     = "samples/scores.csv"
  content = "row,score\\n1,0.25\\n2,0.75\\n"
}}
"""

    def judge(self, resource: Resource) -> Verdict:
        return readable(self.datasets(resource))


check = ReadableUploads()
