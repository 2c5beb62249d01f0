"""IAM_9 the roles of Bedrock agents."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.role_holders import AGENT, ROLE_ARGUMENTS, holders, role_named
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

_SHOWN = 3


class AgentRoles(TerraformControl):
    id = "CKV_AIML_IAM_9"
    name = "Ensure each Bedrock agent has a role of its own"
    severity = MEDIUM
    category = CheckCategories.IAM
    resources = ROLE_ARGUMENTS
    why = (
        "A role that several agents share can do what any of them needs: whoever talks the least guarded agent into "
        "something has the tools and data of all, and the logs do not tell which of them did it."
    )
    fix = "Give the agent an aws_iam_role of its own, with what this agent needs."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permission.html"
    covers = ("B8",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:5.15", "ATLAS:AML.T0053")
    limits = (
        "Agents are judged against what else in the same root module names their role; a role that another "
        "configuration shares is not seen. Roles that other resources share among themselves are not judged."
    )
    fails = """
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/agents"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
resource "aws_bedrockagent_knowledge_base" "guidelines" {
  name     = "guidelines"
  role_arn = "arn:aws:iam::111122223333:role/agents"
  knowledge_base_configuration {
    type = "VECTOR"
  }
}
"""
    passes = """
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
resource "aws_bedrockagent_agent" "letters" {
  agent_name              = "letters"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/letters"
  foundation_model        = "anthropic.claude-3-sonnet-20240229-v1:0"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type != AGENT:
            return not_applicable("judged on the agent that names the same role")
        (path,) = ROLE_ARGUMENTS[AGENT]
        role = role_named(resource.attribute(path))
        if role is None:
            return unresolved("which role the agent has is not known").about(path)
        own = {instance.address for instance in resource.estate.instances_of(resource)}
        sharing = holders(resource, role)
        others = [address for address in sharing if address not in own or len(own.intersection(sharing)) > 1]
        if not others:
            return passed("the role is the agent's alone").about(path)
        shown = ", ".join(others[:_SHOWN]) + (f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else "")
        return failed(f"{role} is also the role of {shown}; give the agent a role of its own").about(path)


check = AgentRoles()
