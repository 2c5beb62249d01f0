"""SEC_20: Secrets Manager secrets that AI workloads use."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.terraform_view.vocabulary import customer_managed_key
from checkov_aiml.verdict import Verdict, all_of, failed, passed, unresolved

_ROTATION = "aws_secretsmanager_secret_rotation"
_VERSION = "aws_secretsmanager_secret_version"


class SecretsManagerSecrets(TerraformControl):
    id = "CKV_AIML_SEC_20"
    name = "Ensure Secrets Manager secrets of AI workloads have a customer-managed key and rotate"
    severity = MEDIUM
    category = CheckCategories.SECRETS
    why = (
        "With AWS's own key every principal of the account that may read the secret can decrypt it, and no key policy "
        "says otherwise; a secret that never changes stays good for whoever once copied it from a notebook."
    )
    fix = "Set `kms_key_id` to a key of your own, and add an `aws_secretsmanager_secret_rotation` for the secret."
    guideline = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html"
    covers = ("mlops",)
    maps = ("NCSC-CAF:B3.c", "UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0055")
    limits = "Judged are secrets that an AI resource names, and those that the settings' markers name as AI/ML."
    resources = {"aws_secretsmanager_secret": ("kms_key_id",)}
    fails = """
resource "aws_secretsmanager_secret" "training" {
  name = "training/db"
  tags = { workload_type = "ai_training" }
}
"""
    passes = """
resource "aws_kms_key" "secrets" {}

resource "aws_secretsmanager_secret" "training" {
  name       = "training/db"
  kms_key_id = aws_kms_key.secrets.arn
  tags       = { workload_type = "ai_training" }
}

resource "aws_secretsmanager_secret_rotation" "training" {
  secret_id           = aws_secretsmanager_secret.training.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-2:111122223333:function:rotate"

  rotation_rules {
    automatically_after_days = 30
  }
}
"""

    def concerns(self, resource: Resource) -> bool:
        return resource.estate.ai_use(resource) is not None

    def judge(self, resource: Resource) -> Verdict:
        return all_of([customer_managed_key(resource.attribute("kms_key_id")), _judge_rotation(resource)])


def _judge_rotation(secret: Resource) -> Verdict:
    if any(secret in _rotated_by(one) for one in secret.referrers if one.type == _ROTATION):
        return passed("rotated")
    if any(secret in _rotated_by(one) for one in _through_versions(secret)):
        return passed("rotated")
    open_ones = secret.estate.once((_ROTATION, secret.root), lambda: _without_a_secret(secret))
    if open_ones:
        return unresolved(f"which secret {open_ones[0]} rotates is not known")
    return failed(f"no {_ROTATION} names the secret; add one")


def _through_versions(secret: Resource) -> Iterator[Resource]:
    """The rotations that name a version of the secret: its `secret_id` is the secret's."""
    versions = (one for one in secret.referrers if one.type == _VERSION)
    of_secret = (one for one in versions if secret in one.attribute("secret_id").targets)
    return (one for version in of_secret for one in version.referrers if one.type == _ROTATION)


def _rotated_by(rotation: Resource) -> Iterator[Resource]:
    """The secrets that a rotation is for, those whose version it names among them."""
    for target in rotation.attribute("secret_id").targets:
        yield from target.attribute("secret_id").targets if target.type == _VERSION else (target,)


def _without_a_secret(secret: Resource) -> list[Resource]:
    """The rotations of a secret's root module of which nobody can tell the secret."""
    rotations = secret.estate.of_type(_ROTATION, root=secret.root)
    return [
        one
        for one in rotations
        if not isinstance(one.attribute("secret_id").state, (Known, Unset)) and not any(_rotated_by(one))
    ]


check = SecretsManagerSecrets()
