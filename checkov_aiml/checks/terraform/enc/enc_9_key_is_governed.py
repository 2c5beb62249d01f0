"""ENC_9 the keys of AI resources."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.vector_stores import policy_concerns_ai
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.policy import statements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Verdict, all_of, failed, passed, unresolved


class AiKeyIsGoverned(TerraformControl):
    id = "CKV_AIML_ENC_9"
    name = "Ensure KMS keys used by AI resources rotate and have no open key policy"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_kms_key": ("enable_key_rotation", "customer_master_key_spec", "custom_key_store_id", "policy"),
        "aws_kms_external_key": ("policy",),
        "aws_kms_replica_external_key": ("policy",),
        "aws_kms_replica_key": ("policy",),
        "aws_kms_key_policy": ("policy", "key_id"),
    }
    why = (
        "A key is worth what its policy is worth: one that admits every principal protects nothing, and one that never "
        "rotates keeps everything readable with material that may have leaked years ago."
    )
    fix = "Set enable_key_rotation to true, and name principals in the key policy."
    guideline = "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"
    covers = ("K1", "K2", "K3")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24")
    limits = (
        "Rotation is judged for symmetric keys with AWS_KMS material: keys of key stores and imported material cannot "
        "rotate by themselves, and a replica rotates with its primary. A separate policy is judged on the key that it "
        "belongs to. A statement for everyone passes when a condition names accounts, organisations or principals. "
        "That resources name a customer's key, and none of AWS's own, is judged where they name it."
    )
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

    def concerns(self, resource: Resource) -> bool:
        if resource.type == "aws_kms_key_policy":  # It is judged on the key.
            return False
        return resource.estate.ai_use(resource) is not None or _encrypts_collections(resource)

    def judge(self, resource: Resource) -> Verdict:
        rotation = list(_rotation(resource)) if resource.type == "aws_kms_key" else []
        separate = resource.estate.parts_of(resource, "aws_kms_key_policy")
        policies = [resource.attribute("policy"), *(part.attribute("policy").of(part) for part in separate)]
        return all_of([*rotation, *map(_policy, policies)])


def _encrypts_collections(key: Resource) -> bool:
    """Whether an encryption policy gives the key to collections of AI, which name no key themselves."""
    policies = (named for named in key.referrers if named.type == "aws_opensearchserverless_security_policy")
    return any(policy.text("type") == "encryption" and policy_concerns_ai(policy) is True for policy in policies)


def _rotation(key: Resource) -> Iterator[Verdict]:
    spec = key.attribute("customer_master_key_spec")
    symmetric = spec.known in (None, "SYMMETRIC_DEFAULT")
    if symmetric and not key.attribute("custom_key_store_id").is_set:
        yield one_of(True)(key.attribute("enable_key_rotation"))


def _policy(policy: Attribute) -> Verdict:
    found = statements(policy)
    if found is None:
        return unresolved("the key policy is not known", policy.path)
    for statement in found:
        if statement.is_open:
            text = f"{statement.place} of the key policy admits every principal without a condition; name principals"
            return failed(text, policy.path)
    if not all(statement.is_known for statement in found):
        return unresolved("a part of the key policy is not known", policy.path)
    return passed("the key policy names its principals", policy.path)


check = AiKeyIsGoverned()
