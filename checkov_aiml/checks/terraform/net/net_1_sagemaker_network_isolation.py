"""NET_1 SageMaker network isolation."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict, all_of

_MONITORING_JOB = "monitoring_schedule_config.monitoring_job_definition.network_config"
_SHELLS = (
    "production_variants.enable_ssm_access",
    "shadow_production_variants.enable_ssm_access",
    "remote_debug_config.enable_remote_debug",
)


class SageMakerNetworkIsolation(TerraformControl):
    id = "CKV_AIML_NET_1"
    name = "Ensure SageMaker models and jobs run with network isolation"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "aws_sagemaker_model": ("enable_network_isolation",),
        "aws_sagemaker_training_job": ("enable_network_isolation", _SHELLS[2]),
        "aws_sagemaker_endpoint_configuration": _SHELLS[:2],
        "aws_sagemaker_hyper_parameter_tuning_job": (
            "training_job_definition.enable_network_isolation",
            "training_job_definitions.enable_network_isolation",
        ),
        "aws_sagemaker_data_quality_job_definition": ("network_config.enable_network_isolation",),
        "aws_sagemaker_monitoring_schedule": (f"{_MONITORING_JOB}.enable_network_isolation",),
    }
    why = (
        "A container without network isolation can open connections: code in a model or a dependency that was "
        "tampered with can send training data, prompts or credentials anywhere its subnets reach, and fetch more "
        "code. A shell through Systems Manager, for operators or remote debugging, is a way around the isolation."
    )
    fix = "Set enable_network_isolation to true; SageMaker still moves inputs and outputs to and from S3 itself."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html"
    covers = ("S9", "S19", "S21", "S23", "rego")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025", "FSBP:SageMaker.5")
    limits = (
        "Processing, transform and AutoML jobs have no Terraform resource and are not seen. Shells are off when "
        "nothing is said of them, so an endpoint configuration is judged only where it names them."
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
  name                     = "triage"
  execution_role_arn       = "arn:aws:iam::111122223333:role/triage"
  enable_network_isolation = true
  primary_container {
    image = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        isolation = [path for path in self.paths(resource) if path not in _SHELLS]
        isolated = each(resource, isolation, one_of(True), implied=("network_config", _MONITORING_JOB))
        shells = (shell for path in _SHELLS if path in self.paths(resource) for shell in resource.attributes(path))
        return all_of([isolated, *(one_of(False)(shell) for shell in shells if not isinstance(shell.state, Unset))])


check = SageMakerNetworkIsolation()
