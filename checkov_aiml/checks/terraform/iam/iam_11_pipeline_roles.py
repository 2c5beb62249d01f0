"""IAM_11 the roles that pipelines assume with OpenID Connect tokens."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.pipeline_trust import concerns_ai, judge_pipelines
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict


class PipelineRoles(TerraformControl):
    id = "CKV_AIML_IAM_11"
    name = "Ensure roles assumed by GitHub or GitLab pipelines are limited to a repository and branch or environment"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {"aws_iam_role": ("assume_role_policy",)}
    why = (
        "GitHub and GitLab give a token to every pipeline of every customer. A trust policy that does not demand one "
        "repository lets anyone's pipeline deploy your models; one that takes every branch lets anyone who may push a "
        "branch or open a merge request do so without review."
    )
    fix = (
        "Compare the token's sub with one repository and a branch, tag or environment of it, and its aud, with "
        "StringEquals, or StringLike without a bare wildcard."
    )
    guideline = "https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws"
    covers = ("mlops",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.3", "ATLAS:AML.T0012")
    limits = (
        "Roles of root modules with AI resources or AI roles are judged, and roles whose policies name actions of AI "
        "services. Other issuers of tokens are not judged, clusters' among them, nor who may push to the branch or "
        "deploy to the environment."
    )
    fails = """
resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:example/*" }
      }
    }]
  })
}
resource "aws_sagemaker_endpoint" "triage" {
  name                 = "triage"
  endpoint_config_name = "triage"
}
"""
    passes = """
resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/models:environment:production"
        }
      }
    }]
  })
}
resource "aws_sagemaker_endpoint" "triage" {
  name                 = "triage"
  endpoint_config_name = "triage"
}
"""

    def concerns(self, resource: Resource) -> bool:
        return concerns_ai(resource)

    def judge(self, resource: Resource) -> Verdict:
        return judge_pipelines(resource)


check = PipelineRoles()
