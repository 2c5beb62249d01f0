"""RES_7 the regions that AI resources name in ARNs, images and addresses."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.aws_ai_types import addresses
from checkov_aiml.judgements.azure_connections import AZURE_ADDRESSES, judge_named_location
from checkov_aiml.judgements.interface_endpoints import is_for_ai
from checkov_aiml.judgements.model_references import MODEL_ARGUMENTS
from checkov_aiml.judgements.named_regions import judge_named_region
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Verdict, all_of, not_applicable


class NamedRegions(TerraformControl):
    id = "CKV_AIML_RES_7"
    name = "Ensure ARNs, image registries and endpoints named by AI resources are in an allowed region"
    severity = MEDIUM
    category = CheckCategories.GENERAL_SECURITY
    resources = {
        "aws_connect_bot_association": ("lex_bot.lex_region",),
        "aws_vpc_endpoint": ("service_name", "service_region"),
        **{
            kind: tuple(path for path in paths if path not in MODEL_ARGUMENTS.get(kind, ()))
            for kind, paths in addresses().items()
            if set(paths) - set(MODEL_ARGUMENTS.get(kind, ()))
        },
        **AZURE_ADDRESSES,
    }
    why = (
        "An ARN, a registry or an endpoint of another region takes data there, or makes the resource depend on it: a "
        "function that enriches prompts, an endpoint of Bedrock elsewhere, an image pulled across the border."
    )
    fix = "Name the counterpart in an allowed region; AWS's own images exist in registries of eu-west-2 too."
    guideline = "https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/ecr-eu-west-2.html"
    covers = ("R1",)
    maps = ("UKGDPR:44", "ISO27001:5.31")
    limits = (
        "S3 addresses and IAM ARNs name no region. Models are judged by RES_5. Of other hosts than those of AWS nobody "
        "can tell where they are, and what the code of a container names is not seen."
    )
    fails = """
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312"
  }
}
"""
    passes = """
resource "aws_sagemaker_model" "triage" {
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage"
  primary_container {
    image = "763104351884.dkr.ecr.eu-west-2.amazonaws.com/pytorch-inference:2.6.0-cpu-py312"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "aws_vpc_endpoint" and not is_for_ai(resource):
            return not_applicable("the endpoint is for no AI service")
        attributes = (attribute for path in self.paths(resource) for attribute in resource.attributes(path))
        judge_named = judge_named_region if resource.terraform_type.startswith("aws_") else judge_named_location
        verdicts = [verdict for attribute in attributes for verdict in judge_named(attribute)]
        return all_of(verdicts) if verdicts else not_applicable("nothing names a region")


check = NamedRegions()
