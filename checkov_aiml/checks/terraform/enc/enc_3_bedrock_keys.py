"""ENC_3 Bedrock encryption keys."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each
from checkov_aiml.verdict import Verdict

_MANAGED = "knowledge_base_configuration.managed_knowledge_base_configuration.server_side_encryption_configuration"


class BedrockKeys(TerraformControl):
    id = "CKV_AIML_ENC_3"
    name = "Ensure Bedrock models, agents, guardrails, flows, prompts, jobs and data sources use a customer-managed key"
    severity = HIGH
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_bedrock_custom_model": ("custom_model_kms_key_id",),
        "aws_bedrock_evaluation_job": ("customer_encryption_key_id",),
        "aws_bedrock_guardrail": ("kms_key_arn",),
        "aws_bedrock_model_invocation_job": ("output_data_config.s3_output_data_config.s3_encryption_key_id",),
        "aws_bedrockagent_agent": ("customer_encryption_key_arn",),
        "aws_bedrockagent_data_source": ("server_side_encryption_configuration.kms_key_arn",),
        "aws_bedrockagent_flow": ("customer_encryption_key_arn",),
        "aws_bedrockagent_knowledge_base": (f"{_MANAGED}.kms_key_arn",),
        "aws_bedrockagent_prompt": ("customer_encryption_key_arn",),
    }
    why = (
        "Instructions, prompts, denied topics, fine-tuned weights and the documents of a knowledge base show what an "
        "organisation knows and forbids. A key of your own decides who can read them, and withdrawing it ends that."
    )
    fix = "Name a customer-managed KMS key in the key argument of the resource."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/data-encryption.html"
    covers = ("B3", "B5", "B11", "B18", "B19", "B21", "B22", "B24")
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = (
        "A knowledge base over a vector store of your own takes no key: its data source and its store are judged. "
        "Aliases, action groups, inference profiles and provisioned throughput take no key either. Imported models "
        "have no Terraform resource. A literal key id or ARN is taken for a customer's."
    )
    fails = """
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
"""
    passes = """
resource "aws_kms_key" "agents" {
  enable_key_rotation = true
}
resource "aws_bedrockagent_agent" "triage" {
  agent_name                  = "triage"
  agent_resource_role_arn     = "arn:aws:iam::111122223333:role/triage"
  foundation_model            = "anthropic.claude-3-sonnet-20240229-v1:0"
  customer_encryption_key_arn = aws_kms_key.agents.arn
}
"""

    def judge(self, resource: Resource) -> Verdict:
        implied = ("server_side_encryption_configuration", _MANAGED)
        return each(resource, self.paths(resource), customer_managed_key, implied)


check = BedrockKeys()
