"""NET_4 SageMaker domains in the VPC."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, is_set, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, passed

_ACCESS = "app_network_access_type"
_MANAGEMENT = "app_security_group_management"
_GROUPS = "default_user_settings.security_groups"
_SPACE_GROUPS = "default_space_settings.security_groups"
_DOCKER = "domain_settings.docker_settings.enable_docker_access"
_TRUSTED = "domain_settings.docker_settings.vpc_only_trusted_accounts"


class DomainVpcOnly(TerraformControl):
    id = "CKV_AIML_NET_4"
    name = "Ensure SageMaker domains are VPC-only with chosen security groups and Docker limited to the VPC"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {"aws_sagemaker_domain": (_ACCESS, _MANAGEMENT, _GROUPS, _SPACE_GROUPS, _DOCKER, _TRUSTED)}
    why = (
        "A domain with public internet access sends the traffic of every Studio application past the VPC. Without "
        "chosen security groups nobody decides what an application reaches, and Docker without trusted accounts pulls "
        "images of any account."
    )
    fix = (
        'Set app_network_access_type to "VpcOnly", name security groups in default_user_settings, and list '
        "vpc_only_trusted_accounts where Docker is enabled."
    )
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html"
    covers = ("S15", "S18")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025")
    limits = (
        "A user profile without security groups takes the domain's; the rules of those that it names are NET_11's. The "
        "groups of shared spaces are judged where the domain configures shared spaces."
    )
    fails = """
resource "aws_sagemaker_domain" "research" {
  domain_name = "research"
  auth_mode   = "IAM"
  vpc_id      = "vpc-0a1b2c3d"
  subnet_ids  = ["subnet-0a1b2c3d"]
  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/research"
  }
}
"""
    passes = """
resource "aws_sagemaker_domain" "research" {
  domain_name             = "research"
  auth_mode               = "IAM"
  vpc_id                  = "vpc-0a1b2c3d"
  subnet_ids              = ["subnet-0a1b2c3d"]
  app_network_access_type = "VpcOnly"
  default_user_settings {
    execution_role  = "arn:aws:iam::111122223333:role/research"
    security_groups = ["sg-0a1b2c3d"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        access = one_of("VpcOnly")(resource.attribute(_ACCESS))
        if access.outcome is not Outcome.PASSED:
            return access
        return all_of([access, _security_groups(resource), _docker(resource)])


def _security_groups(resource: Resource) -> Verdict:
    if resource.attribute(_MANAGEMENT).known == "Customer":
        return passed(f"{_MANAGEMENT} is Customer", _MANAGEMENT)
    return all_of(
        [
            is_set("security groups of your own")(resource.attribute(_GROUPS)),
            each(resource, (_SPACE_GROUPS,), is_set("security groups of your own")),
        ]
    )


def _docker(resource: Resource) -> Verdict:
    blocks = ("domain_settings", "domain_settings.docker_settings")
    docker = each(resource, (_DOCKER,), one_of("DISABLED"), implied=blocks)
    if docker.outcome is Outcome.FAILED:
        return is_set("the accounts whose images Docker may use")(resource.attribute(_TRUSTED))
    return docker


check = DomainVpcOnly()
