"""IAM_12 resource policies of AI resources and of their data."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.resource_policies import RESOURCE_POLICIES, SUBJECTS, admits, concern
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import Verdict, all_of


class ResourcePolicies(TerraformControl):
    id = "CKV_AIML_IAM_12"
    name = "Ensure resource policies of AI resources and of their data admit no public or unnamed principal"
    severity = HIGH
    category = CheckCategories.IAM
    resources = {
        **{kind: (path, *([SUBJECTS[kind]] if kind in SUBJECTS else ())) for kind, path in RESOURCE_POLICIES.items()},
        "aws_opensearch_domain": ("access_policies", "advanced_security_options.enabled"),
        "aws_s3_access_point": ("policy", "bucket", "vpc_configuration.vpc_id"),
    }
    why = (
        "A resource policy that admits everyone gives training data, model packages, images and credentials to any AWS "
        "account or to the whole internet, whatever the roles of your own account may do."
    )
    fix = (
        "Name accounts or roles under Principal, or limit the statement with aws:PrincipalOrgID, aws:SourceAccount or "
        "another condition that says who calls."
    )
    guideline = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
    covers = ("S28",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.3", "ATLAS:AML.T0035")
    limits = (
        "Key policies that admit everyone are reported by ENC_9, on the key, and not here. A condition on the network "
        "from which a request comes counts, as it does in AWS's own definition of a public policy; one that also lets "
        "through requests without the key (…IfExists, ForAllValues) does not. Stores that no AI resource uses are not "
        "judged. That an account's block of public policies may stop the policy is not taken into account."
    )
    fails = """
resource "aws_sagemaker_model_package_group" "triage" {
  model_package_group_name = "triage"
}
resource "aws_sagemaker_model_package_group_policy" "triage" {
  model_package_group_name = aws_sagemaker_model_package_group.triage.model_package_group_name
  resource_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sagemaker:DescribeModelPackage"
      Resource  = "*"
    }]
  })
}
"""
    passes = """
resource "aws_sagemaker_model_package_group" "triage" {
  model_package_group_name = "triage"
}
resource "aws_sagemaker_model_package_group_policy" "triage" {
  model_package_group_name = aws_sagemaker_model_package_group.triage.model_package_group_name
  resource_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/deploy" }
      Action    = "sagemaker:DescribeModelPackage"
      Resource  = "*"
    }]
  })
}
"""

    def concerns(self, resource: Resource) -> bool:
        policy = resource.attribute(RESOURCE_POLICIES[resource.type])
        return not isinstance(policy.state, Unset) and bool(concern(resource))

    def judge(self, resource: Resource) -> Verdict:
        policy = resource.attribute(RESOURCE_POLICIES[resource.type])
        return all_of(admits(policy, subject) for subject in concern(resource))


check = ResourcePolicies()
