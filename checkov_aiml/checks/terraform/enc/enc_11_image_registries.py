"""ENC_11 registries of model images."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, kms_encryption, one_of
from checkov_aiml.verdict import Verdict, all_of, any_of, failed, passed, unresolved

_SCANNING = "aws_ecr_registry_scanning_configuration"
_KEY = ("encryption_configuration.encryption_type", "encryption_configuration.kms_key")
_ON_PUSH = "image_scanning_configuration.scan_on_push"
_CLOSED = ("admin_enabled", "anonymous_pull_enabled")


class ImageRegistries(TerraformControl):
    id = "CKV_AIML_ENC_11"
    name = "Ensure registries of model images use a customer-managed key, immutable scanned tags and no shared login"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_ecr_repository": (*_KEY, "image_tag_mutability", _ON_PUSH),
        _SCANNING: ("rule.scan_frequency", "rule.repository_filter.filter"),
        "azurerm_container_registry": ("encryption.key_vault_key_id", *_CLOSED),
    }
    why = (
        "An image is the code that reads training data and answers requests. A tag that can be moved, a password that "
        "everyone shares or an image that nobody scanned lets other code take its place."
    )
    fix = (
        "ECR: encrypt with KMS and a key of your own, set image_tag_mutability to IMMUTABLE and scan on push. ACR: add "
        "an encryption block with a key of your own, and leave admin_enabled and anonymous_pull_enabled false."
    )
    guideline = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"
    covers = ("K7",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0010.004")
    limits = (
        "Registries that no AI resource names, and that no marker of the settings names, are not judged. Which tags "
        "IMMUTABLE_WITH_EXCLUSION leaves open is not judged, nor is scanning that the registry's own settings "
        "turn on outside of the files. Older guides of Azure ML ask for the registry's admin "
        "user; a workspace with a managed identity that may pull needs none."
    )
    fails = """
resource "aws_ecr_repository" "triage" {
  name = "triage"
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "${aws_ecr_repository.triage.repository_url}:1"
  }
}
"""
    passes = """
resource "aws_kms_key" "images" {
  enable_key_rotation = true
}
resource "aws_ecr_repository" "triage" {
  name                 = "triage"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.images.arn
  }
  image_scanning_configuration {
    scan_on_push = true
  }
}
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "${aws_ecr_repository.triage.repository_url}:1"
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return resource.type != _SCANNING and resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "azurerm_container_registry":
            key = each(resource, ["encryption.key_vault_key_id"], customer_managed_key, ("encryption",))
            return all_of([key, *(one_of(False)(resource.attribute(path)) for path in _CLOSED)])
        immutable = one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")(resource.attribute("image_tag_mutability"))
        keys = kms_encryption(resource, *_KEY, by=("KMS", "KMS_DSSE"), implied=("encryption_configuration",))
        return all_of([*keys, immutable, _scanned(resource)])


def _scanned(repository: Resource) -> Verdict:
    own = each(repository, [_ON_PUSH], one_of(True), ("image_scanning_configuration",))
    return any_of([own, *_registry_wide(repository)])


def _registry_wide(repository: Resource) -> Iterator[Verdict]:
    """What the registry's own configuration says about the repository."""
    for registry in repository.estate.of_type(_SCANNING, root=repository.root):
        for place, rule in registry.blocks("rule"):
            if not hasattr(rule.known, "get"):
                yield unresolved("a rule that is not known").about(f"{registry.address}.{place}")
            elif rule.known.get("scan_frequency").known in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN"):
                yield _matches(repository, rule.known.get("repository_filter").known or [])


def _matches(repository: Resource, filters: list) -> Verdict:
    patterns = [str(one.known.get("filter").known) for one in filters if hasattr(one.known, "get")]
    name = repository.text("name")
    if "*" in patterns or (name is not None and any(_covers(pattern, name) for pattern in patterns)):
        return passed("the registry scans the repository")
    if name is None:
        return unresolved("the repository's name is not known", "name")
    return failed(f"not scanned; set {_ON_PUSH} to true", _ON_PUSH)


def _covers(pattern: str, name: str) -> bool:
    """A filter without a star matches every name that holds it (AmazonECR userguide, image-scanning-filters)."""
    return fnmatchcase(name, pattern if "*" in pattern else f"*{pattern}*")


check = ImageRegistries()
