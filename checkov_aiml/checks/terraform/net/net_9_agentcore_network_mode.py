"""NET_9 AgentCore and the public network."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict

_MODE = "network_configuration.network_mode"
_HARNESS = "environment.agentcore_runtime_environment"


class AgentCoreNetworkMode(TerraformControl):
    id = "CKV_AIML_NET_9"
    name = "Ensure Bedrock AgentCore runtimes, browsers and code interpreters are not in PUBLIC network mode"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "aws_bedrockagentcore_agent_runtime": (_MODE,),
        "aws_bedrockagentcore_browser": (_MODE,),
        "aws_bedrockagentcore_code_interpreter": (_MODE,),
        "aws_bedrockagentcore_harness": (f"{_HARNESS}.{_MODE}",),
    }
    why = (
        "An agent, a browser or generated code with the public internet at hand can be talked into posting what it has "
        "read to anyone, and into fetching instructions or code from anywhere."
    )
    fix = 'Set network_mode to "VPC" with subnets and security groups, or a code interpreter\'s to "SANDBOX".'
    guideline = "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-vpc.html"
    covers = ("C1", "C6")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0086", "FSBP:BedrockAgentCore.1")
    limits = "What a harness without an environment block runs in is not documented, so it is not judged."
    fails = """
resource "aws_bedrockagentcore_code_interpreter" "analysis" {
  name = "analysis"
  network_configuration {
    network_mode = "PUBLIC"
  }
}
"""
    passes = """
resource "aws_bedrockagentcore_code_interpreter" "analysis" {
  name = "analysis"
  network_configuration {
    network_mode = "SANDBOX"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        isolated = ("VPC", "SANDBOX") if resource.type == "aws_bedrockagentcore_code_interpreter" else ("VPC",)
        return each(resource, self.paths(resource), one_of(*isolated), implied=("network_configuration",))


check = AgentCoreNetworkMode()
