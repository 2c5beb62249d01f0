"""NET_8 interface endpoints for Bedrock, and the policies of AI endpoints."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.interface_endpoints import (
    has_interface_endpoint,
    is_for_ai,
    is_limited,
    vpcs_of_ai_resources,
)
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import Verdict, all_of, not_applicable

_SERVICES = {
    "aws_bedrock_custom_model": "bedrock-runtime",
    "aws_bedrock_guardrail": "bedrock-runtime",
    "aws_bedrock_inference_profile": "bedrock-runtime",
    "aws_bedrock_provisioned_model_throughput": "bedrock-runtime",
    "aws_bedrockagent_agent": "bedrock-agent-runtime",
    "aws_bedrockagent_flow": "bedrock-agent-runtime",
    "aws_bedrockagent_knowledge_base": "bedrock-agent-runtime",
    "aws_bedrockagent_data_source": "bedrock-agent",
    "aws_bedrockagent_prompt": "bedrock-agent",
    "aws_bedrockagentcore_agent_runtime": "bedrock-agentcore",
    "aws_bedrockagentcore_browser": "bedrock-agentcore",
    "aws_bedrockagentcore_code_interpreter": "bedrock-agentcore",
    "aws_bedrockagentcore_gateway": "bedrock-agentcore.gateway",
    "aws_bedrockagentcore_memory": "bedrock-agentcore",
}
"""The API that workloads call to use what a type makes; each is an endpoint service of its own."""

_NAMES = {
    "aws_bedrock_custom_model": "custom_model_name",
    "aws_bedrock_provisioned_model_throughput": "provisioned_model_name",
    "aws_bedrockagent_agent": "agent_name",
    "aws_bedrockagentcore_agent_runtime": "agent_runtime_name",
}


class BedrockInterfaceEndpoints(TerraformControl):
    id = "CKV_AIML_NET_8"
    name = "Ensure estates with Bedrock have interface endpoints for its APIs, and AI endpoints do not admit everyone"
    severity = MEDIUM
    category = CheckCategories.NETWORKING
    resources = {
        **{kind: (_NAMES.get(kind, "name"),) for kind in _SERVICES},
        "aws_vpc_endpoint": ("policy", "service_name"),
        "aws_vpc_endpoint_policy": ("policy", "vpc_endpoint_id"),
    }
    why = (
        "Without interface endpoints (AWS PrivateLink) prompts and answers cross the internet gateway. An endpoint "
        "with the default policy serves credentials of any account: whoever is inside can send data to a model of "
        "their own."
    )
    fix = (
        "Add an aws_vpc_endpoint of type Interface with private DNS for each Bedrock API in use, with a policy that "
        "names principals or limits aws:PrincipalOrgID or aws:PrincipalAccount."
    )
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html"
    covers = ("B25", "B26")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0025")
    limits = (
        "Endpoints are demanded only where the files own the VPC; those of a central VPC, shared through a transit "
        "gateway and private zones, are not seen, nor is use of Bedrock by policies alone, without a Bedrock resource. "
        "Requests with OAuth tokens to AgentCore need the principal `*`: name resources there."
    )
    fails = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
"""
    passes = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_endpoint" "agents" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-west-2.bedrock-agent-runtime"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "bedrock:InvokeAgent"
      Resource  = "*"
      Condition = { StringEquals = { "aws:PrincipalAccount" = "111122223333" } }
    }]
  })
}
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        service = _SERVICES.get(resource.type)
        if service is None:
            return _policy(resource)
        vpcs = vpcs_of_ai_resources(resource)
        if not vpcs:
            return not_applicable("the VPC is not in the files")
        return all_of(has_interface_endpoint(vpc, service) for vpc in vpcs)


def _policy(resource: Resource) -> Verdict:
    separate = resource.type == "aws_vpc_endpoint_policy"
    endpoints = resource.attribute("vpc_endpoint_id").targets if separate else (resource,)
    if not any(is_for_ai(endpoint) for endpoint in endpoints):
        return not_applicable("the endpoint is for no AI service")
    policy = resource.attribute("policy")
    if isinstance(policy.state, Unset) and any(resource.estate.parts_of(resource, "aws_vpc_endpoint_policy")):
        return not_applicable("the endpoint's policy is a resource of its own")
    return is_limited(policy)


check = BedrockInterfaceEndpoints()
