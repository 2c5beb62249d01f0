"""ENC_2 traffic between the containers of SageMaker jobs."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict

_SWITCH = "enable_inter_container_traffic_encryption"
_MONITORING = "monitoring_schedule_config.monitoring_job_definition"


class ContainerTraffic(TerraformControl):
    id = "CKV_AIML_ENC_2"
    name = "Ensure SageMaker jobs encrypt the traffic between their containers"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_sagemaker_training_job": (_SWITCH,),
        "aws_sagemaker_hyper_parameter_tuning_job": (
            f"training_job_definition.{_SWITCH}",
            f"training_job_definitions.{_SWITCH}",
        ),
        "aws_sagemaker_data_quality_job_definition": (f"network_config.{_SWITCH}",),
        "aws_sagemaker_monitoring_schedule": (f"{_MONITORING}.network_config.{_SWITCH}",),
    }
    why = (
        "Distributed jobs send training data, gradients and model weights from instance to instance. Without this "
        "switch they travel in the clear inside the service's network, where your own controls do not reach."
    )
    fix = "Set enable_inter_container_traffic_encryption to true."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html"
    covers = ("S19", "S21")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "NCSC-CAF:B3.b")
    limits = (
        "Jobs on a single instance are judged too, because the switch costs them nothing and stays when the job grows. "
        "A monitoring schedule that names a job definition is judged on that definition."
    )
    fails = """
resource "aws_sagemaker_data_quality_job_definition" "triage" {
  name     = "triage"
  role_arn = "arn:aws:iam::111122223333:role/triage"
  data_quality_app_specification {
    image_uri = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/monitor:1"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "triage"
    }
  }
  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://triage-monitoring"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 2
      instance_type     = "ml.m5.xlarge"
      volume_size_in_gb = 20
    }
  }
  network_config {
    enable_network_isolation = true
  }
}
"""
    passes = """
resource "aws_sagemaker_data_quality_job_definition" "triage" {
  name     = "triage"
  role_arn = "arn:aws:iam::111122223333:role/triage"
  data_quality_app_specification {
    image_uri = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/monitor:1"
  }
  data_quality_job_input {
    endpoint_input {
      endpoint_name = "triage"
    }
  }
  data_quality_job_output_config {
    monitoring_outputs {
      s3_output {
        s3_uri = "s3://triage-monitoring"
      }
    }
  }
  job_resources {
    cluster_config {
      instance_count    = 2
      instance_type     = "ml.m5.xlarge"
      volume_size_in_gb = 20
    }
  }
  network_config {
    enable_network_isolation                  = true
    enable_inter_container_traffic_encryption = true
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        implied = ("network_config", f"{_MONITORING}.network_config")
        return each(resource, self.paths(resource), one_of(True), implied)


check = ContainerTraffic()
