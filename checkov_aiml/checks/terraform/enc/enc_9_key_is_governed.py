"""ENC_9 the keys of AI resources."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.policy import statements
from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved


class AiKeyIsGoverned(TerraformControl):
    id = "CKV_AIML_ENC_9"
    name = "Ensure KMS keys used by AI resources rotate and have no open key policy"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {"aws_kms_key": ("enable_key_rotation", "customer_master_key_spec", "custom_key_store_id", "policy")}
    why = (
        "A key is worth what its policy is worth: one that admits every principal protects nothing, and one that never "
        "rotates keeps everything readable with material that may have leaked years ago."
    )
    fix = "Set enable_key_rotation to true, and name principals in the key policy."
    guideline = "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"
    covers = ("K1", "K2", "K3")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = "Rotation is judged for symmetric keys with AWS_KMS material; a condition on an open statement is trusted."
    fails = """
resource "aws_kms_key" "ml" {
  description = "ML"
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  kms_key_id    = aws_kms_key.ml.arn
}
"""
    passes = """
resource "aws_kms_key" "ml" {
  description         = "ML"
  enable_key_rotation = true
}
resource "aws_kms_alias" "ml" {
  name          = "alias/ml"
  target_key_id = aws_kms_key.ml.key_id
}
resource "aws_sagemaker_notebook_instance" "analysis" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/analysis"
  instance_type = "ml.t3.medium"
  kms_key_id    = aws_kms_alias.ml.arn
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.estate.ai_use(resource) is None:
            return not_applicable("no AI resource uses the key")
        return all_of([*_rotation(resource), _policy(resource)])


def _rotation(key: Resource) -> Iterator[Verdict]:
    spec = key.attribute("customer_master_key_spec")
    symmetric = spec.known in (None, "SYMMETRIC_DEFAULT")
    if symmetric and not key.attribute("custom_key_store_id").is_set:
        yield one_of(True)(key.attribute("enable_key_rotation"))


def _policy(key: Resource) -> Verdict:
    policy = key.attribute("policy")
    found = statements(policy)
    if found is None:
        return unresolved("the key policy is not known", "policy")
    open_statements = [s for s in found if s.allows and "*" in s.principals and not s.conditional]
    if open_statements:
        place = open_statements[0].place
        return failed(f"{place} of the key policy admits every principal without a condition; name principals", "policy")
    return passed("the key policy names its principals", "policy")


check = AiKeyIsGoverned()
