"""NET_12 labelling workforces."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.open_networks import closed
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import is_set, one_of
from checkov_aiml.verdict import Outcome, Verdict, any_of, failed, not_applicable

_RANGES = "source_ip_config.cidrs"
_VPC = ("workforce_vpc_config.vpc_id", "workforce_vpc_config.subnets", "workforce_vpc_config.security_group_ids")
_PRESIGNED = "worker_access_configuration.s3_presign.iam_policy_constraints"


class LabellingWorkforces(TerraformControl):
    id = "CKV_AIML_NET_12"
    name = "Ensure SageMaker labelling workforces are limited by VPC or source address"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        "aws_sagemaker_workforce": (_RANGES, *_VPC),
        "aws_sagemaker_workteam": (f"{_PRESIGNED}.source_ip", f"{_PRESIGNED}.vpc_source_ip"),
    }
    why = (
        "Labellers see the raw items of a dataset in their browsers. Without a limit on where they sign in from, a "
        "password that was guessed or shared opens patient letters or claims from any place."
    )
    fix = (
        "Name the addresses of your sites in source_ip_config, or put the portal into a VPC with workforce_vpc_config."
    )
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management-private-api.html"
    covers = ("S26",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0049")
    limits = (
        "A work team is judged where it configures the links to its items; without that its workforce is judged alone."
    )
    fails = """
resource "aws_sagemaker_workforce" "annotators" {
  workforce_name = "annotators"
  cognito_config {
    client_id = "0a1b2c3d"
    user_pool = "eu-west-2_0a1b2c3d"
  }
}
"""
    passes = """
resource "aws_sagemaker_workforce" "annotators" {
  workforce_name = "annotators"
  cognito_config {
    client_id = "0a1b2c3d"
    user_pool = "eu-west-2_0a1b2c3d"
  }
  source_ip_config {
    cidrs = ["203.0.113.0/24"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "aws_sagemaker_workteam":
            constraints = [one for path in self.paths(resource) for one in resource.attributes(path)]
            if all(isinstance(one.state, Unset) for one in constraints):
                return not_applicable("the workforce is judged")
            return any_of(one_of("Enabled")(one) for one in constraints)
        vpc = is_set("a VPC of yours")(resource.attribute(_VPC[0]))
        ranges = [one for one in resource.attributes(_RANGES) if not isinstance(one.state, Unset) and one.known != []]
        if vpc.outcome is Outcome.FAILED and not ranges:
            return failed("anyone may sign in from any address; add source_ip_config or workforce_vpc_config", _RANGES)
        return any_of([vpc, closed(ranges, "the labelling portal")]) if ranges else vpc


check = LabellingWorkforces()
