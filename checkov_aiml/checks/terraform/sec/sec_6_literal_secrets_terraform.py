"""SEC_6 on Terraform: lifecycle scripts, container environments, secrets, credentials and Kubernetes objects."""

from __future__ import annotations

from checkov_aiml.judgements.azure_credentials import AZURE_CREDENTIALS
from checkov_aiml.judgements.literal_secrets import LiteralSecrets
from checkov_aiml.judgements.terraform_texts import judge_secret_value, judge_texts
from checkov_aiml.terraform_manifest_control import BODIES, CONFIG_MAPS, TerraformManifestControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict

_JOB = "monitoring_schedule_config.monitoring_job_definition"
_TEXTS = {
    "aws_sagemaker_algorithm": (
        "inference_specification.containers.environment",
        "validation_specification.validation_profiles.training_job_definition.hyper_parameters",
        "validation_specification.validation_profiles.transform_job_definition.environment",
    ),
    "aws_sagemaker_data_quality_job_definition": ("data_quality_app_specification.environment",),
    "aws_sagemaker_hyper_parameter_tuning_job": (
        "training_job_definition.environment",
        "training_job_definition.static_hyper_parameters",
        "training_job_definitions.environment",
        "training_job_definitions.static_hyper_parameters",
    ),
    "aws_sagemaker_model": ("primary_container.environment", "container.environment"),
    "aws_sagemaker_monitoring_schedule": (f"{_JOB}.environment",),
    "aws_sagemaker_notebook_instance_lifecycle_configuration": ("on_create", "on_start"),
    "aws_sagemaker_studio_lifecycle_config": ("studio_lifecycle_config_content",),
    "aws_sagemaker_training_job": ("environment", "hyper_parameters"),
}
_VALUES = {
    "aws_secretsmanager_secret_version": ("secret_string", "secret_string_wo", "secret_binary"),
    "azurerm_key_vault_secret": ("value", "value_wo"),
    **AZURE_CREDENTIALS,
}


class TerraformLiteralSecrets(LiteralSecrets, TerraformManifestControl):
    resources = {**_TEXTS, **_VALUES, **CONFIG_MAPS, **BODIES}
    fails = """
resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "explore" {
  name = "explore"
  on_start = base64encode(<<-EOT
    #!/bin/bash
    export DB_PASSWORD=hunter2-not-a-real-one
  EOT
  )
}
"""
    passes = """
resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "explore" {
  name = "explore"
  on_start = base64encode(<<-EOT
    #!/bin/bash
    export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id training/db --query SecretString)
  EOT
  )
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type.lower() in map(str.lower, _VALUES):
            return judge_secret_value(resource, self.paths(resource))
        if resource.type in _TEXTS:
            return judge_texts([one for path in _TEXTS[resource.type] for one in resource.attributes(path)])
        return super().judge(resource)


check = TerraformLiteralSecrets()
