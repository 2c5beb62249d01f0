"""ENC_4 AgentCore encryption keys."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of

_VAULT_KEY = "kms_configuration.kms_key_arn"


class AgentCoreKeys(TerraformControl):
    id = "CKV_AIML_ENC_4"
    name = "Ensure AgentCore memory, gateways, policy engines, evaluators and token vaults use a customer-managed key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_agentregistry_registry": ("encryption_configuration.kms_key_arn",),
        "aws_bedrockagentcore_evaluator": ("kms_key_arn",),
        "aws_bedrockagentcore_gateway": ("kms_key_arn",),
        "aws_bedrockagentcore_harness": ("memory.managed_memory_configuration.encryption_key_arn",),
        "aws_bedrockagentcore_memory": ("encryption_key_arn",),
        "aws_bedrockagentcore_policy_engine": ("encryption_key_arn",),
        "aws_bedrockagentcore_token_vault_cmk": (_VAULT_KEY, "kms_configuration.key_type"),
    }
    why = (
        "Agents remember conversations for months, and the token vault holds the credentials with which they act for "
        "users. Under a key of your own that can be read only by whom you name, and made unreadable at once."
    )
    fix = "Name a customer-managed KMS key in the key argument; for a token vault with key_type CustomerManagedKey."
    guideline = "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/data-encryption.html"
    covers = ("C3", "C4", "C5")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = (
        "Runtimes, browsers, code interpreters and gateway targets take no key. A token vault whose key the files do "
        "not set is not judged, and taking the resource away does not give the vault its former key back. The memory "
        "that a harness gets without a memory block is not judged: what key it takes is not documented."
    )
    fails = """
resource "aws_bedrockagentcore_token_vault_cmk" "vault" {
  kms_configuration {
    key_type = "ServiceManagedKey"
  }
}
"""
    passes = """
resource "aws_kms_key" "agents" {
  enable_key_rotation = true
}
resource "aws_bedrockagentcore_token_vault_cmk" "vault" {
  kms_configuration {
    key_type    = "CustomerManagedKey"
    kms_key_arn = aws_kms_key.agents.arn
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        verdict = each(resource, ("kms_configuration.key_type",), one_of("CustomerManagedKey"))
        if verdict.outcome is Outcome.FAILED:
            return verdict
        keys = [path for path in self.paths(resource) if not path.endswith("key_type")]
        return all_of([verdict, each(resource, keys, customer_managed_key, ("encryption_configuration",))])


check = AgentCoreKeys()
