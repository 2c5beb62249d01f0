"""ENC_1 SageMaker encryption keys."""

from __future__ import annotations

import re

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Reference, Unresolved, Unset
from checkov_aiml.terraform_view.vocabulary import Judgement, customer_managed_key
from checkov_aiml.verdict import Verdict, all_of, not_applicable, unresolved

_TRAINING = ("hyper_parameter_tuning_resource_config.volume_kms_key_id", "resource_config.volume_kms_key_id")
_MONITORING = "monitoring_schedule_config.monitoring_job_definition"
_VALIDATION = "validation_specification.validation_profiles"
_IMPLIED = ("online_store_config.security_config", "security_config")


class SageMakerKeys(TerraformControl):
    id = "CKV_AIML_ENC_1"
    name = "Ensure SageMaker volumes, outputs, captures, stores and domains use a customer-managed key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_sagemaker_algorithm": (
            f"{_VALIDATION}.training_job_definition.output_data_config.kms_key_id",
            f"{_VALIDATION}.training_job_definition.resource_config.volume_kms_key_id",
            f"{_VALIDATION}.transform_job_definition.transform_output.kms_key_id",
            f"{_VALIDATION}.transform_job_definition.transform_resources.volume_kms_key_id",
        ),
        "aws_sagemaker_data_quality_job_definition": (
            "data_quality_job_output_config.kms_key_id",
            "job_resources.cluster_config.volume_kms_key_id",
        ),
        "aws_sagemaker_device_fleet": ("output_config.kms_key_id",),
        "aws_sagemaker_domain": (
            "kms_key_id",
            "default_user_settings.canvas_app_settings.workspace_settings.s3_kms_key_id",
            "default_user_settings.sharing_settings.s3_kms_key_id",
        ),
        "aws_sagemaker_endpoint_configuration": (
            "kms_key_arn",
            "async_inference_config.output_config.kms_key_id",
            "data_capture_config.kms_key_id",
            "production_variants.core_dump_config.kms_key_id",
            "shadow_production_variants.core_dump_config.kms_key_id",
        ),
        "aws_sagemaker_feature_group": (
            "offline_store_config.s3_storage_config.kms_key_id",
            "online_store_config.security_config.kms_key_id",
        ),
        "aws_sagemaker_flow_definition": ("output_config.kms_key_id",),
        "aws_sagemaker_hyper_parameter_tuning_job": tuple(
            f"{block}.{path}"
            for block in ("training_job_definition", "training_job_definitions")
            for path in (*_TRAINING, "output_data_config.kms_key_id")
        ),
        "aws_sagemaker_labeling_job": (
            "labeling_job_algorithms_config.labeling_job_resource_config.volume_kms_key_id",
            "output_config.kms_key_id",
        ),
        "aws_sagemaker_model_card": ("security_config.kms_key_id",),
        "aws_sagemaker_monitoring_schedule": (
            f"{_MONITORING}.monitoring_output_config.kms_key_id",
            f"{_MONITORING}.monitoring_resources.cluster_config.volume_kms_key_id",
        ),
        "aws_sagemaker_notebook_instance": ("kms_key_id",),
        "aws_sagemaker_training_job": ("output_data_config.kms_key_id", "resource_config.volume_kms_key_id"),
        "aws_sagemaker_user_profile": (
            "user_settings.canvas_app_settings.workspace_settings.s3_kms_key_id",
            "user_settings.sharing_settings.s3_kms_key_id",
        ),
    }
    why = (
        "Volumes, outputs, captured requests and feature stores hold training data and predictions. Only a key of your "
        "own lets you decide who can read them, see in CloudTrail who did, and make them unreadable for good."
    )
    fix = "Name a customer-managed KMS key in every key argument that the resource has."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html"
    covers = ("S4", "S12", "S13", "S16", "S19", "S21", "S25", "S26", "S27")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = (
        "Volume keys of serverless variants and of instance types with local NVMe storage are not judged, because "
        "SageMaker has no such volume or rejects the key. A literal key id or ARN is taken for a customer's."
    )
    fails = """
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  kms_key_id    = "alias/aws/sagemaker"
}
"""
    passes = """
resource "aws_kms_key" "ml" {
  enable_key_rotation = true
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  kms_key_id    = aws_kms_key.ml.arn
}
"""

    def judge(self, resource: Resource) -> Verdict:
        verdicts = [
            judgement(attribute)
            for path in self.paths(resource)
            if (judgement := _judgement(resource, path)) is not None
            for attribute in resource.attributes(path, _IMPLIED)
        ]
        return all_of(verdicts) if verdicts else not_applicable("nothing that takes a key is configured")


def _judgement(resource: Resource, path: str) -> Judgement | None:
    """How a key argument is judged; None where the service takes no key."""
    if path.endswith("sharing_settings.s3_kms_key_id"):
        output = resource.attribute(path.replace("s3_kms_key_id", "notebook_output_option"))
        if isinstance(output.state, Unresolved):
            return _key_if_taken
        return customer_managed_key if output.known == "Allowed" else None
    if path != "kms_key_arn" and not path.endswith("volume_kms_key_id"):
        return customer_managed_key
    instance_types = [instance_type for name in _instance_types(path) for instance_type in resource.attributes(name)]
    if _is_serverless(resource) or any(_LOCAL_STORAGE.match(str(one.known)) for one in instance_types):
        return None
    if any(isinstance(one.state, (Unresolved, Reference)) for one in instance_types):
        return _key_if_taken
    return customer_managed_key


def _instance_types(path: str) -> tuple[str, ...]:
    """Where the instance types stand whose volumes the key of a path encrypts."""
    if path == "kms_key_arn":
        return ("production_variants.instance_type",)
    siblings = path.rpartition(".")[0]
    return (f"{siblings}.instance_type", f"{siblings}.instance_groups.instance_type")


def _is_serverless(resource: Resource) -> bool:
    variants = [variant.known for _, variant in resource.blocks("production_variants")]
    serverless = [hasattr(one, "get") and bool((one.get("serverless_config") or UNSET).known) for one in variants]
    return bool(serverless) and all(serverless)


def _key_if_taken(attribute: Attribute) -> Verdict:
    if isinstance(attribute.state, Unset):
        return unresolved("whether a key is taken here is not known").about(attribute.path)
    return customer_managed_key(attribute)


# AWS refuses a volume key for instance types with local storage, whose hardware encrypts it
# (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html, KmsKeyId). A `d` after the
# generation says local NVMe storage; the accelerated and storage families named have it without saying so.
_LOCAL_STORAGE = re.compile(r"ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|gr6|i[34]\w*|p5\w*|p6\w*|trn\d\w*)\.")


check = SageMakerKeys()
