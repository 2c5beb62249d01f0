"""RES_5 where requests to Bedrock models go."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.model_references import MODEL_ARGUMENTS, is_of_bedrock, judge_model
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import Verdict, all_of, not_applicable


class BedrockModelReferences(TerraformControl):
    id = "CKV_AIML_RES_5"
    name = "Ensure Bedrock models are called in region, through no cross-region inference profile"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = MODEL_ARGUMENTS
    why = (
        "An id such as eu.anthropic… or global.anthropic… lets Bedrock run each request in whichever region has room. "
        "Prompts and answers leave the country although every resource stands in it; no profile keeps to the UK."
    )
    fix = "Name the model by its own id or ARN in an allowed region, without us., eu., apac. or global. before it."
    guideline = "https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html"
    covers = ("R4",)
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "A literal ARN of an application inference profile does not say which model it copies. A profile passes only "
        "where the settings allow every region of its geography."
    )
    fails = """
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "eu.anthropic.claude-sonnet-4-20250514-v1:0"
}
"""
    passes = """
resource "aws_bedrockagent_agent" "triage" {
  agent_name              = "triage"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/triage"
  foundation_model        = "anthropic.claude-3-7-sonnet-20250219-v1:0"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        attributes = [attribute for path in self.paths(resource) for attribute in resource.attributes(path)]
        named = [one for one in attributes if not isinstance(one.state, Unset) and is_of_bedrock(one)]
        return all_of(map(judge_model, named)) if named else not_applicable("no model is named")


check = BedrockModelReferences()
