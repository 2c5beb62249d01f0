"""NET_5 where SageMaker pulls images from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

_DEFINITIONS = ("training_job_definition", "training_job_definitions")
_MODES = {
    "primary_container.image": "primary_container.image_config.repository_access_mode",
    "container.image": "container.image_config.repository_access_mode",
    "algorithm_specification.training_image": (
        "algorithm_specification.training_image_config.training_repository_access_mode"
    ),
}
"""Images, and the access mode that stands in the same block; other images have none, and must be in ECR."""

_ECR = re.compile(
    r"^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.(aws|amazonwebservices\.com\.cn))/"
)
_ECR_UNFINISHED = re.compile(r"\.dkr[.-]ecr(-fips)?\.")
_ECR_SOURCES = ("aws_ecr_repository", "aws_ecr_image", "aws_sagemaker_prebuilt_ecr_image")


class SageMakerImageSource(TerraformControl):
    id = "CKV_AIML_NET_5"
    name = "Ensure SageMaker images come from Amazon ECR, or through the VPC from another registry"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        "aws_sagemaker_model": (
            "primary_container.image",
            "primary_container.image_config.repository_access_mode",
            "container.image",
            "container.image_config.repository_access_mode",
        ),
        "aws_sagemaker_training_job": (
            "algorithm_specification.training_image",
            "algorithm_specification.training_image_config.training_repository_access_mode",
        ),
        "aws_sagemaker_hyper_parameter_tuning_job": tuple(
            f"{definition}.algorithm_specification.training_image" for definition in _DEFINITIONS
        ),
        "aws_sagemaker_algorithm": (
            "training_specification.training_image",
            "inference_specification.containers.image",
        ),
        "aws_sagemaker_data_quality_job_definition": ("data_quality_app_specification.image_uri",),
        "aws_sagemaker_monitoring_schedule": (
            "monitoring_schedule_config.monitoring_job_definition.monitoring_app_specification.image_uri",
        ),
        "aws_sagemaker_image_version": ("base_image",),
    }
    why = (
        "An image from a registry on the internet is code that the organisation neither scanned nor keeps, fetched "
        "past its network controls; a registry reached through the VPC passes its firewall and logs."
    )
    fix = 'Copy the image to a private ECR repository, or set the repository access mode to "Vpc".'
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html"
    covers = ("S11",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0010.004")
    limits = "Whose ECR repository it is, and whether its address is pinned, are questions of GOV_5."
    fails = """
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "registry.example.org/triage:1"
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
}
"""

    def judge(self, resource: Resource) -> Verdict:
        images = [path for path in self.paths(resource) if not path.endswith("_access_mode")]
        verdicts = [verdict for path in images for verdict in _images(resource, path)]
        return all_of(verdicts) if verdicts else not_applicable("no image is named")


def _images(resource: Resource, path: str) -> Iterator[Verdict]:
    """The verdict on each image at a path, with the access mode that stands in the same container block."""
    mode = _MODES.get(path, "")
    blocks = {mode.rsplit(".", count)[0] for count in (1, 2)}
    modes = resource.attributes(mode, implied=blocks) if mode else repeat(None)
    for image, access in zip(resource.attributes(path), modes, strict=False):
        if isinstance(image.state, Unset):
            continue
        verdict = _source(image)
        if verdict.outcome is Outcome.FAILED and access is not None:
            through_vpc = one_of("Vpc")(access)
            verdict = verdict if through_vpc.outcome is Outcome.FAILED else through_vpc
        yield verdict


def _source(image: Attribute) -> Verdict:
    if any(target.type in _ECR_SOURCES for target in image.targets):
        return passed("an image in Amazon ECR").about(image.path)
    text = image.known if isinstance(image.known, str) else getattr(image.state, "text", "")
    if _ECR.match(text) or _ECR_UNFINISHED.search(text):
        return passed("an image in Amazon ECR").about(image.path)
    if not isinstance(image.known, str):
        return unresolved("the registry of the image is not known").about(image.path)
    host = text.partition("/")[0] if "/" in text else "a registry on the internet"
    return failed(f'the image comes from {host}; use ECR, or the access mode "Vpc" where there is one').about(
        image.path
    )


check = SageMakerImageSource()
