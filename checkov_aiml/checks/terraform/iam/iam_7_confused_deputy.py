"""IAM_7 AI services acting for somebody else."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.role_trust import judge_deputy, why_of_ai
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class ConfusedDeputy(TerraformControl):
    id = "CKV_AIML_IAM_7"
    name = "Ensure trust policies for AI services demand aws:SourceAccount or aws:SourceArn"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = {"aws_iam_role": ("assume_role_policy",)}
    why = (
        "The service principal is the same for all customers. Without a condition on the account for which it acts, "
        "somebody else's job can be made to run with your role (the confused deputy)."
    )
    fix = 'Add a condition such as StringEquals = { "aws:SourceAccount" = "<your account>" } to the statement.'
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
    covers = ("B9", "I4")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:5.15", "ATLAS:AML.T0012")
    limits = (
        "Demanded of services for which AWS documents such a trust policy: SageMaker, Bedrock, AgentCore, Comprehend, "
        "Fraud Detector, Kendra, Lex V2, Personalize, Q Business, Rekognition and Transcribe. That the account is your "
        "own is not checked. Trust policies that cannot be read are reported by IAM_6."
    )
    fails = """
resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "bedrock.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""
    passes = """
resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "bedrock.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}
"""

    def concerns(self, resource: Resource) -> bool:
        return why_of_ai(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        return judge_deputy(resource)


check = ConfusedDeputy()
