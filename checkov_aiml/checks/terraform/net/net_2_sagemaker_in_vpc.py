"""NET_2 SageMaker in the VPC."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.placement import in_vpc
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict

_MONITORING = "monitoring_schedule_config.monitoring_job_definition.network_config"
_LABELLING = "labeling_job_algorithms_config.labeling_job_resource_config"


def _vpc_config(*prefixes: str) -> tuple[str, ...]:
    return tuple(f"{prefix}vpc_config.{name}" for prefix in prefixes for name in ("subnets", "security_group_ids"))


class SageMakerInVpc(TerraformControl):
    id = "CKV_AIML_NET_2"
    name = "Ensure SageMaker models, jobs and notebooks are attached to a VPC with chosen security groups"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "aws_sagemaker_model": _vpc_config(""),
        "aws_sagemaker_training_job": _vpc_config(""),
        "aws_sagemaker_hyper_parameter_tuning_job": _vpc_config(
            "training_job_definition.", "training_job_definitions."
        ),
        "aws_sagemaker_data_quality_job_definition": _vpc_config("network_config."),
        "aws_sagemaker_monitoring_schedule": _vpc_config(f"{_MONITORING}."),
        "aws_sagemaker_labeling_job": _vpc_config(f"{_LABELLING}."),
        "aws_sagemaker_notebook_instance": ("subnet_id", "security_groups"),
    }
    why = (
        "Outside a VPC of yours a container or notebook runs in the service's own network: no security group, flow "
        "log, endpoint policy or firewall of the organisation sees or stops what it sends."
    )
    fix = "Name subnets and security groups of your VPC in vpc_config (subnet_id and security_groups for a notebook)."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-give-access.html"
    covers = ("S2", "S10", "S19")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025", "FSBP:SageMaker.2")
    limits = (
        "Whether the subnets route to the internet is not judged. A schedule that names a job definition by its name "
        "is judged at the definition; jobs inside pipelines are JSON text and not seen."
    )
    fails = """
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
  }
}
"""
    passes = """
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
  }
  vpc_config {
    subnets            = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        return in_vpc(resource, self.paths(resource), "network_config", _MONITORING, _LABELLING)


check = SageMakerInVpc()
