"""Which AI resources run with which role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from checkov_aiml.terraform_view.resources import Attribute, Resource

AGENT = "aws_bedrockagent_agent"

_STUDIO = (
    "canvas_app_settings.emr_serverless_settings.execution_role_arn",
    "canvas_app_settings.generative_ai_settings.amazon_bedrock_role_arn",
    "canvas_app_settings.model_register_settings.cross_account_model_register_role_arn",
    "canvas_app_settings.time_series_forecasting_settings.amazon_forecast_role_arn",
    "execution_role",
    "jupyter_lab_app_settings.emr_settings.assumable_role_arns",
    "jupyter_lab_app_settings.emr_settings.execution_role_arns",
)
_SPACE = ("execution_role", *(path for path in _STUDIO if path.startswith("jupyter")))
_INSIGHTS = "elements.amazon_transcribe_call_analytics_processor_configuration.post_call_analytics_settings"

ROLE_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "aws_bedrock_custom_model": ("role_arn",),
    "aws_bedrock_evaluation_job": ("role_arn",),
    "aws_bedrock_model_invocation_job": ("role_arn",),
    "aws_bedrock_model_invocation_logging_configuration": ("logging_config.cloudwatch_config.role_arn",),
    AGENT: ("agent_resource_role_arn",),
    "aws_bedrockagent_flow": ("execution_role_arn",),
    "aws_bedrockagent_knowledge_base": ("role_arn",),
    "aws_bedrockagentcore_agent_runtime": ("role_arn",),
    "aws_bedrockagentcore_browser": ("execution_role_arn",),
    "aws_bedrockagentcore_code_interpreter": ("execution_role_arn",),
    "aws_bedrockagentcore_gateway": ("role_arn",),
    "aws_bedrockagentcore_harness": ("execution_role_arn",),
    "aws_bedrockagentcore_memory": ("memory_execution_role_arn",),
    "aws_bedrockagentcore_memory_strategy": ("memory_execution_role_arn",),
    "aws_bedrockagentcore_online_evaluation_config": ("evaluation_execution_role_arn",),
    "aws_chimesdkmediapipelines_media_insights_pipeline_configuration": (
        "resource_access_role_arn",
        f"{_INSIGHTS}.data_access_role_arn",
    ),
    "aws_comprehend_document_classifier": ("data_access_role_arn",),
    "aws_comprehend_entity_recognizer": ("data_access_role_arn",),
    "aws_glue_ml_transform": ("role_arn",),
    "aws_kendra_data_source": ("role_arn", "custom_document_enrichment_configuration.role_arn"),
    "aws_kendra_experience": ("role_arn",),
    "aws_kendra_faq": ("role_arn",),
    "aws_kendra_index": ("role_arn",),
    "aws_kendra_query_suggestions_block_list": ("role_arn",),
    "aws_kendra_thesaurus": ("role_arn",),
    "aws_lex_bot_alias": ("conversation_logs.iam_role_arn",),
    "aws_lexv2models_bot": ("role_arn",),
    "aws_qbusiness_application": ("iam_service_role_arn",),
    "aws_rekognition_stream_processor": ("role_arn",),
    "aws_sagemaker_algorithm": ("validation_specification.validation_role",),
    "aws_sagemaker_data_quality_job_definition": ("role_arn",),
    "aws_sagemaker_device_fleet": ("role_arn",),
    "aws_sagemaker_domain": (
        *(f"default_user_settings.{path}" for path in _STUDIO),
        *(f"default_space_settings.{path}" for path in _SPACE),
        "domain_settings.r_studio_server_pro_domain_settings.domain_execution_role_arn",
    ),
    "aws_sagemaker_endpoint_configuration": ("execution_role_arn",),
    "aws_sagemaker_feature_group": ("role_arn",),
    "aws_sagemaker_flow_definition": ("role_arn",),
    "aws_sagemaker_hyper_parameter_tuning_job": (
        "training_job_definition.role_arn",
        "training_job_definitions.role_arn",
    ),
    "aws_sagemaker_image": ("role_arn",),
    "aws_sagemaker_labeling_job": ("role_arn",),
    "aws_sagemaker_mlflow_app": ("role_arn",),
    "aws_sagemaker_mlflow_tracking_server": ("role_arn",),
    "aws_sagemaker_model": ("execution_role_arn",),
    "aws_sagemaker_monitoring_schedule": ("monitoring_schedule_config.monitoring_job_definition.role_arn",),
    "aws_sagemaker_notebook_instance": ("role_arn",),
    "aws_sagemaker_pipeline": ("role_arn",),
    "aws_sagemaker_training_job": ("role_arn",),
    "aws_sagemaker_user_profile": tuple(f"user_settings.{path}" for path in _STUDIO),
    "aws_transcribe_language_model": ("input_data_config.data_access_role_arn",),
}
"""AI resource types, and where each names the roles that it works with."""


def role_named(role: Attribute) -> Resource | str | None:
    """The role that an argument names: the resource or data source, or its literal ARN; None where it is not known."""
    roles = [target for target in role.targets if target.type == "aws_iam_role"]
    if len(roles) == 1:
        return roles[0]
    return role.known if isinstance(role.known, str) else None


def holders(resource: Resource, role: Resource | str) -> dict[str, str]:
    """The resources, in the same root module, that name a role as theirs: address to type."""
    found = resource.estate.once(("role holders", resource.root), lambda: _by_role(resource))
    return found.get(role, {})


def holder_types(role: Resource) -> set[str]:
    """The types of the AI resources that run with a role, by reference or by its literal ARN."""
    found = role.estate.once(("role holders", role.root), lambda: _by_role(role))
    name = role.text("name")
    by_name = role.estate.once(("role holders by name", role.root), lambda: _by_name(found)).get(name, ())
    return {*found.get(role, {}).values(), *by_name}


def _by_name(found: Mapping[Resource | str, Mapping[str, str]]) -> dict[str | None, set[str]]:
    names: dict[str | None, set[str]] = defaultdict(set)
    for role, holding in found.items():
        if isinstance(role, str):
            names[role.rpartition("/")[2]].update(holding.values())
    return names


def _by_role(resource: Resource) -> dict[Resource | str, dict[str, str]]:
    found: dict[Resource | str, dict[str, str]] = defaultdict(dict)
    for holder in _holding(resource):
        for path in ROLE_ARGUMENTS[holder.type]:
            for named in (item for attribute in holder.attributes(path) for item in attribute.items()):
                role = role_named(named)
                if role is not None:
                    found[role][holder.address] = holder.type
    return found


def _holding(resource: Resource) -> Iterator[Resource]:
    for holder in resource.estate.of_type(*ROLE_ARGUMENTS, root=resource.root):
        yield from resource.estate.instances_of(holder) if holder.type == AGENT else (holder,)
