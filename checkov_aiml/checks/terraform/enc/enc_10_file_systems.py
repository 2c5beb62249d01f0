"""ENC_10 block and file storage of AI resources."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Outcome, Verdict, passed, unresolved

_FSX = ("lustre", "ontap", "openzfs", "windows")


class FileSystems(TerraformControl):
    id = "CKV_AIML_ENC_10"
    name = "Ensure EBS, EFS and FSx storage used by AI resources is encrypted"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_ebs_volume": ("encrypted", "snapshot_id"),
        "aws_efs_file_system": ("encrypted",),
        **{f"aws_fsx_{kind}_file_system": ("kms_key_id",) for kind in _FSX},
        "aws_instance": ("root_block_device.encrypted", "ebs_block_device.encrypted"),
        "aws_launch_template": ("block_device_mappings.ebs.encrypted",),
    }
    why = (
        "Training data, checkpoints and home directories of notebooks lie on these volumes. An unencrypted snapshot or "
        "backup of one is readable in any account that it is shared with."
    )
    fix = "Set encrypted to true."
    guideline = "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html"
    covers = ("mlops",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "FSx always encrypts, so its file systems pass. EBS volumes also pass where the files turn on the account's "
        "encryption by default; a volume from a snapshot takes the snapshot's encryption, which the files do not "
        "show. Whose key it is is not judged. Instances, launch templates and volumes count as AI by their markers."
    )
    fails = """
resource "aws_efs_file_system" "datasets" {
  creation_token = "datasets"
}
resource "aws_sagemaker_training_job" "triage" {
  training_job_name = "triage"
  role_arn          = "arn:aws:iam::111122223333:role/triage"
  algorithm_specification {
    training_input_mode = "File"
    training_image      = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
  }
  input_data_config {
    channel_name = "train"
    data_source {
      file_system_data_source {
        file_system_id          = aws_efs_file_system.datasets.id
        file_system_type        = "EFS"
        file_system_access_mode = "ro"
        directory_path          = "/train"
      }
    }
  }
  output_data_config {
    s3_output_path = "s3://triage-models"
  }
  resource_config {
    instance_count    = 1
    instance_type     = "ml.m5.xlarge"
    volume_size_in_gb = 50
  }
  stopping_condition {
    max_runtime_in_seconds = 3600
  }
}
"""
    passes = """
resource "aws_efs_file_system" "datasets" {
  creation_token = "datasets"
  encrypted      = true
}
resource "aws_sagemaker_training_job" "triage" {
  training_job_name = "triage"
  role_arn          = "arn:aws:iam::111122223333:role/triage"
  algorithm_specification {
    training_input_mode = "File"
    training_image      = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/triage:1"
  }
  input_data_config {
    channel_name = "train"
    data_source {
      file_system_data_source {
        file_system_id          = aws_efs_file_system.datasets.id
        file_system_type        = "EFS"
        file_system_access_mode = "ro"
        directory_path          = "/train"
      }
    }
  }
  output_data_config {
    s3_output_path = "s3://triage-models"
  }
  resource_config {
    instance_count    = 1
    instance_type     = "ml.m5.xlarge"
    volume_size_in_gb = 50
  }
  stopping_condition {
    max_runtime_in_seconds = 3600
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        if resource.type.startswith("aws_fsx_"):
            return passed("FSx encrypts its file systems always")
        if resource.type != "aws_efs_file_system" and _by_default(resource):
            return passed("the account encrypts EBS volumes by default")
        if resource.type == "aws_ebs_volume" and not isinstance(resource.attribute("snapshot_id").state, Unset):
            return each(resource, ["encrypted"], _as_its_snapshot)
        paths = [path for path in self.paths(resource) if path.endswith("encrypted")]
        return each(resource, paths, one_of(True), ("root_block_device",))


def _as_its_snapshot(encrypted: Attribute) -> Verdict:
    if isinstance(encrypted.state, Unset):
        return unresolved("as the snapshot is, which is not known").about(encrypted.path)
    return one_of(True)(encrypted)


def _by_default(storage: Resource) -> bool:
    settings = storage.estate.of_type("aws_ebs_encryption_by_default", root=storage.root)
    return any(one_of(True)(setting.attribute("enabled")).outcome is Outcome.PASSED for setting in settings)


check = FileSystems()
