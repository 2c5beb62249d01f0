"""IAM_13 long-term Bedrock keys and Marketplace subscriptions."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.marketplace import judge_subscriptions, may_subscribe
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.permissions import IDENTITY_POLICIES
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Known
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, failed, not_applicable, passed, unresolved

_CREDENTIAL = "aws_iam_service_specific_credential"


class KeysAndSubscriptions(TerraformControl):
    id = "CKV_AIML_IAM_13"
    name = "Ensure there are no long-term Bedrock API keys and no wildcard Marketplace subscription"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {**IDENTITY_POLICIES, _CREDENTIAL: ("service_name", "status")}
    why = (
        "A long-term Bedrock API key is a password without a second factor: who finds it in a notebook or log calls "
        "models at your cost from anywhere, for months. A right to subscribe to any product of the Marketplace lets a "
        "workload accept the terms, and the price, of any model's provider."
    )
    fix = (
        "Use roles and short-term keys in place of aws_iam_service_specific_credential for bedrock.amazonaws.com, and "
        "limit aws-marketplace:Subscribe with a condition on aws-marketplace:ProductId."
    )
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"
    covers = ("B27", "B31")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:5.17", "ATLAS:AML.T0055")
    limits = (
        "A key's age limit is no excuse: it is still a password that nothing renews. Policies of AI roles are judged, "
        "and those that name actions of AI services; all rights to everything are reported by IAM_1. A subscription "
        "that Bedrock makes itself (aws:CalledViaLast) passes."
    )
    fails = """
resource "aws_iam_service_specific_credential" "assistant" {
  service_name = "bedrock.amazonaws.com"
  user_name    = "assistant"
}
"""
    passes = """
resource "aws_iam_policy" "models" {
  name = "models"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "bedrock:InvokeModel"
        Resource = "arn:aws:bedrock:eu-west-2::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0"
      },
      {
        Effect    = "Allow"
        Action    = "aws-marketplace:Subscribe"
        Resource  = "*"
        Condition = { "ForAnyValue:StringEquals" = { "aws-marketplace:ProductId" = "prod-example" } }
      },
    ]
  })
}
"""

    def concerns(self, resource: Resource) -> bool:
        return resource.type == _CREDENTIAL or may_subscribe(resource)

    def judge(self, resource: Resource) -> Verdict:
        if resource.type != _CREDENTIAL:
            return judge_subscriptions(resource)
        service, status = resource.attribute("service_name"), resource.attribute("status")
        if not isinstance(service.state, Known):
            return unresolved("for which service is not known").about("service_name")
        if str(service.known).casefold() != "bedrock.amazonaws.com":
            return not_applicable("for another service")
        if one_of("Inactive")(status).outcome is Outcome.PASSED:
            return passed("the key is inactive").about("status")
        return failed("a long-term Bedrock key; take it out and use a role or short-term keys").about("service_name")


check = KeysAndSubscriptions()
