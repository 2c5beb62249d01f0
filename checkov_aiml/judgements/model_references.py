"""References to Bedrock models: where the requests to them go.

Kinds of reference: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-use.html
"""

from __future__ import annotations

import re

from checkov_aiml.judgements.residency import allowance, is_allowed, judge_name
from checkov_aiml.terraform_view.regions import text_of
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.verdict import Verdict, all_of, failed, passed, unresolved

MODEL_ARGUMENTS = {
    "aws_bedrock_custom_model": ("base_model_identifier",),
    "aws_bedrock_evaluation_job": (
        "evaluation_config.automated.custom_metric_config.evaluator_model_config"
        ".bedrock_evaluator_model.model_identifier",
        "evaluation_config.automated.evaluator_model_config.bedrock_evaluator_model.model_identifier",
        "inference_config.model.bedrock_model.model_identifier",
        "inference_config.rag_config.knowledge_base_config.retrieve_and_generate_config.model_arn",
    ),
    "aws_bedrock_foundation_model_agreement": ("model_id",),
    "aws_bedrock_inference_profile": ("model_source.copy_from",),
    "aws_bedrock_model_invocation_job": ("model_id",),
    "aws_bedrock_provisioned_model_throughput": ("model_arn",),
    "aws_bedrockagent_agent": ("foundation_model",),
    "aws_bedrockagent_data_source": (
        "vector_ingestion_configuration.parsing_configuration.bedrock_foundation_model_configuration.model_arn",
    ),
    "aws_bedrockagent_flow": (
        "definition.node.configuration.knowledge_base.model_id",
        "definition.node.configuration.prompt.source_configuration.inline.model_id",
    ),
    "aws_bedrockagent_knowledge_base": (
        "knowledge_base_configuration.managed_knowledge_base_configuration.embedding_model_arn",
        "knowledge_base_configuration.vector_knowledge_base_configuration.embedding_model_arn",
    ),
    "aws_bedrockagent_prompt": ("variant.model_id",),
    "aws_bedrockagentcore_evaluator": (
        "evaluator_config.llm_as_a_judge.model_config.bedrock_evaluator_model_config.model_id",
    ),
    "aws_bedrockagentcore_harness": (
        "model.bedrock_model_config.model_id",
        "model.litellm_model_config.model_id",
    ),
    "aws_bedrockagentcore_memory_strategy": (
        "configuration.consolidation.model_id",
        "configuration.extraction.model_id",
        "configuration.reflection.model_id",
    ),
    "aws_lexv2models_intent": ("qna_intent_configuration.bedrock_model_configuration.model_arn",),
    "aws_sagemaker_training_job": ("serverless_job_config.base_model_arn",),
}
"""The arguments that take a model by its id, its ARN, or an inference profile."""

_ARN = re.compile(r"^arn:aws[\w-]*:[\w-]+:(?P<region>[\w-]*):[^:]*:(?P<kind>[\w-]+)/(?P<name>.+)$")
_GEOGRAPHY = re.compile(r"^(?P<name>[a-z]{2}|us-gov|apac|global)\.")
"""How the id of a profile over several regions begins; a model's own id begins with the name of its maker."""

_REGIONS_OF = {
    "us": ("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    "eu": ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"),
}
"""The regions to which a profile may send requests; of other geographies no list is relied on.

https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
"""


def geography_of(identifier: str) -> str | None:
    """The geography that the id of a cross-region profile begins with, such as `eu`; None where it is no such id."""
    match = _GEOGRAPHY.match(identifier)
    return match["name"] if match else None


def judge_geography(geography: str, shown: str) -> Verdict:
    """A cross-region profile must keep to allowed regions: all that the geography has must be allowed."""
    regions = _REGIONS_OF.get(geography, ())
    if regions and all(is_allowed(region, "aws") for region in regions):
        return passed(f"{shown} keeps to allowed regions")
    everywhere = "any commercial region" if geography == "global" else f"any region of the geography {geography}"
    return failed(f"{shown} is a cross-region profile that may send requests to {everywhere}; {allowance('aws')}")


_LITELLM = re.compile(r"^bedrock/(?:converse/)?")
"""How LiteLLM names Bedrock's models: https://docs.litellm.ai/docs/providers/bedrock"""


def is_of_bedrock(attribute: Attribute) -> bool:
    """Whether an argument names a model of Bedrock: through LiteLLM it may be anybody's."""
    return "litellm" not in attribute.path or bool(_LITELLM.match(str(attribute.known)))


def judge_model(attribute: Attribute) -> Verdict:
    """A reference to a model must not lead out of the allowed regions."""
    return _judge(attribute).about(attribute.path)


def _judge(attribute: Attribute) -> Verdict:
    if isinstance(attribute.state, Unset):
        return passed("no model is named")
    if isinstance(attribute.known, str):
        return _judge_text(attribute.known)
    followed = [verdict for target in attribute.targets if (verdict := _judge_target(target)) is not None]
    if followed and len(followed) == len(attribute.targets):
        return all_of(followed)
    text = text_of(attribute.value)
    return _judge_text(text) if _ARN.match(text) or geography_of(text) else unresolved("the model is not known")


def _judge_text(text: str) -> Verdict:
    text = _LITELLM.sub("", text)
    arn = _ARN.match(text)
    profile = arn is None or arn["kind"] == "inference-profile"
    name = arn["name"] if arn else text
    geography = geography_of(name) if profile else None
    if geography is not None:
        return judge_geography(geography, name)
    if arn is None:
        return passed(f"{text} is used in the resource's own region")
    if arn["kind"] == "application-inference-profile":
        return unresolved("which model the application inference profile copies is not known")
    return judge_name(arn["region"], "aws", f"the region in {text}") if arn["region"] else passed(text)


def _judge_target(target: Resource) -> Verdict | None:
    """What a named resource or data source says of the model; None where it says nothing."""
    if target.type == "aws_bedrock_inference_profile" and target.mode == "managed":
        verdict = _judge(target.attribute("model_source.copy_from"))
        return Verdict(verdict.outcome, f"{target.address} copies: {verdict.statement}", verdict.attributes)
    if target.type == "aws_bedrock_inference_profile":
        return _judge(target.attribute("inference_profile_id"))
    if target.type == "aws_bedrock_foundation_model":
        return _judge(target.attribute("model_id"))
    if target.mode == "managed" and target.type in (
        "aws_bedrock_custom_model",
        "aws_bedrock_provisioned_model_throughput",
    ):
        return passed(f"{target.address} is judged for itself")
    return None
