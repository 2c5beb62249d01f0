"""NET_13 other AWS AI services in the VPC."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.placement import in_vpc
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict

_VPC_CONFIG = ("vpc_config.subnets", "vpc_config.security_group_ids")


class AiServicesInVpc(TerraformControl):
    id = "CKV_AIML_NET_13"
    name = "Ensure Comprehend classifiers and entity recognisers are trained in a VPC"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        "aws_comprehend_document_classifier": _VPC_CONFIG,
        "aws_comprehend_entity_recognizer": _VPC_CONFIG,
    }
    why = (
        "The training job reads every document of the training set. In a VPC it reaches the bucket through an endpoint "
        "whose policy and flow logs are the organisation's."
    )
    fix = "Add a vpc_config block with subnets and security groups of your VPC."
    guideline = "https://docs.aws.amazon.com/comprehend/latest/dg/usingVPC.html"
    covers = ("ledger",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025")
    limits = "Kendra, Lex, Rekognition, Transcribe and Q Business have no VPC argument in the provider."
    fails = """
resource "aws_comprehend_entity_recognizer" "referrals" {
  name                 = "referrals"
  language_code        = "en"
  data_access_role_arn = "arn:aws:iam::111122223333:role/referrals"
  input_data_config {
    entity_types {
      type = "CLINIC"
    }
    documents {
      s3_uri = "s3://referrals/documents.txt"
    }
    entity_list {
      s3_uri = "s3://referrals/entities.csv"
    }
  }
}
"""
    passes = """
resource "aws_comprehend_entity_recognizer" "referrals" {
  name                 = "referrals"
  language_code        = "en"
  data_access_role_arn = "arn:aws:iam::111122223333:role/referrals"
  input_data_config {
    entity_types {
      type = "CLINIC"
    }
    documents {
      s3_uri = "s3://referrals/documents.txt"
    }
    entity_list {
      s3_uri = "s3://referrals/entities.csv"
    }
  }
  vpc_config {
    subnets            = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return in_vpc(resource, self.paths(resource))


check = AiServicesInVpc()
