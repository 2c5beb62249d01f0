"""IAM_6 who may assume AI roles."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.role_trust import is_ai_role, judge_principals
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class RoleTrust(TerraformControl):
    id = "CKV_AIML_IAM_6"
    name = "Ensure trust policies of AI roles name only approved services and no wildcard principal"
    severity = CRITICAL
    category = CheckCategories.IAM
    resources = {"aws_iam_role": ("assume_role_policy", "name", "tags")}
    why = (
        "Whoever may assume an AI role reads the training data and calls models with it. A wildcard principal hands "
        "that to every AWS account, and a service that does not need the role to everyone who may use that service."
    )
    fix = (
        "Name the AI service under Principal, and other services only after they are approved in the settings under "
        "identity.trusted_services; name roles of another account, or demand sts:ExternalId."
    )
    guideline = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"
    covers = ("I4", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:5.15", "ATLAS:AML.T0012")
    limits = (
        "AI roles are those that an AI service may assume or an AI resource of the same root module names as its own. "
        "Another account as a whole is a finding where the provider's allowed_account_ids or assume_role, or a plan, "
        "tell which account is yours; elsewhere it passes as named. Named users and roles of any account pass, as do "
        "identity providers; what a CI provider's tokens must be is judged by IAM_11."
    )
    fails = """
resource "aws_iam_role" "training" {
  name = "training"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["sagemaker.amazonaws.com", "ec2.amazonaws.com"] }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""
    passes = """
resource "aws_iam_role" "training" {
  name = "training"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""

    def concerns(self, resource: Resource) -> bool:
        return is_ai_role(resource)

    def judge(self, resource: Resource) -> Verdict:
        return judge_principals(resource)


check = RoleTrust()
