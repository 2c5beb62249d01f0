"""RES_8 processors outside the cloud account."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.outside_processors import litellm, no_crowd, no_outside_address, no_outsider, third_party
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import Judgement, one_of
from checkov_aiml.verdict import Verdict, all_of, not_applicable, passed

_LITELLM = ("model.litellm_model_config.model_id", "model.litellm_model_config.api_base")

_STORES = no_outsider(
    {"PINECONE": "Pinecone", "REDIS_ENTERPRISE_CLOUD": "Redis", "MONGO_DB_ATLAS": "MongoDB Atlas"},
)
_CONNECTIONS = no_outsider(
    {
        "BingLLMSearch": "Bing",
        "GroundingWithBingSearch": "Bing",
        "GroundingWithCustomSearch": "Bing",
        "OpenAI": "OpenAI",
        "Pinecone": "Pinecone",
        "Serp": "a search company",
    }
)

_CONNECTION = {"category": _CONNECTIONS, "target": no_outside_address}
_ARM_CONNECTION = {f"properties.{name}": judge for name, judge in _CONNECTION.items()}

_JUDGED: dict[str, dict[str, Judgement]] = {
    "aws_bedrockagent_knowledge_base": {
        "storage_configuration.type": _STORES,
        "storage_configuration.mongo_db_atlas_configuration.endpoint": third_party("MongoDB Atlas"),
        "storage_configuration.pinecone_configuration.connection_string": third_party("Pinecone"),
        "storage_configuration.redis_enterprise_cloud_configuration.endpoint": third_party("Redis"),
    },
    "aws_bedrockagentcore_gateway_target": {
        "target_configuration.http.passthrough.endpoint": no_outside_address,
        "target_configuration.inference.provider.endpoint": no_outside_address,
        "target_configuration.mcp.mcp_server.endpoint": no_outside_address,
    },
    "aws_bedrockagentcore_harness": {
        "model.gemini_model_config.model_id": third_party("Google"),
        "model.openai_model_config.model_id": third_party("OpenAI"),
        "tool.config.remote_mcp.url": no_outside_address,
    },
    "aws_rekognition_stream_processor": {"data_sharing_preference.opt_in": one_of(False)},
    "aws_sagemaker_flow_definition": {"human_loop_config.workteam_arn": no_crowd},
    "aws_sagemaker_labeling_job": {"human_task_config.workteam_arn": no_crowd},
    "azurerm_cognitive_account_connection_account_key": _CONNECTION,
    "azurerm_cognitive_account_connection_account_managed_identity": _CONNECTION,
    "azurerm_cognitive_account_connection_api_key": _CONNECTION,
    "azurerm_cognitive_account_connection_custom_keys": _CONNECTION,
    "azurerm_cognitive_account_connection_entra_id": _CONNECTION,
    "Microsoft.CognitiveServices/accounts/connections": _ARM_CONNECTION,
    "Microsoft.CognitiveServices/accounts/projects/connections": _ARM_CONNECTION,
    "Microsoft.MachineLearningServices/workspaces/connections": _ARM_CONNECTION,
}


class OutsideProcessors(TerraformControl):
    id = "CKV_AIML_RES_8"
    name = "Ensure no processor outside the cloud account receives prompts, vectors or training data"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    resources = {
        **{kind: tuple(judged) for kind, judged in _JUDGED.items()},
        "aws_bedrockagentcore_harness": (
            *_JUDGED["aws_bedrockagentcore_harness"],
            "model.bedrock_model_config.model_id",
            *_LITELLM,
        ),
    }
    why = (
        "A third party's model, vector store, web search or crowd sees what it is given, in its own regions and under "
        "its own terms. No region setting of the account reaches it; Bing grounding leaves Azure's compliance and "
        "geographic boundary, and content that AI services keep to improve themselves may be stored in other regions."
    )
    fix = "Use a service of your own account in an allowed region: Bedrock, OpenSearch, Aurora, Azure AI Search."
    guideline = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html"
    covers = ("R1",)
    maps = ("UKGDPR:28", "UKGDPR:44", "ISO27001:5.23")
    limits = (
        "Addresses are judged by the domains of well-known processors; whose another address is, a scan cannot tell. "
        "What the code of an agent or a container calls is not seen."
    )
    fails = """
resource "aws_bedrockagent_knowledge_base" "guidance" {
  name     = "guidance"
  role_arn = "arn:aws:iam::111122223333:role/guidance"
  knowledge_base_configuration {
    type = "VECTOR"
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-west-2::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }
  storage_configuration {
    type = "PINECONE"
    pinecone_configuration {
      connection_string      = "https://guidance-0a1b2c3.svc.pinecone.io"
      credentials_secret_arn = "arn:aws:secretsmanager:eu-west-2:111122223333:secret:guidance-AbCdEf"
      field_mapping {
        metadata_field = "metadata"
        text_field     = "text"
      }
    }
  }
}
"""
    passes = """
resource "aws_bedrockagent_knowledge_base" "guidance" {
  name     = "guidance"
  role_arn = "arn:aws:iam::111122223333:role/guidance"
  knowledge_base_configuration {
    type = "VECTOR"
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-west-2::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }
  storage_configuration {
    type = "S3_VECTORS"
    s3_vectors_configuration {
      index_arn = "arn:aws:s3vectors:eu-west-2:111122223333:bucket/guidance/index/guidance"
    }
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        kind = next(name for name in _JUDGED if name.lower() == resource.type.lower())
        verdicts = [
            judge(attribute).about(attribute.path)
            for path, judge in _JUDGED[kind].items()
            for attribute in resource.attributes(path)
        ]
        verdicts += _harness_models(resource) if kind == "aws_bedrockagentcore_harness" else ()
        return all_of(verdicts) if verdicts else not_applicable("no other processor is named")


def _harness_models(harness: Resource) -> Iterator[Verdict]:
    for attribute in harness.attributes("model.bedrock_model_config.model_id"):
        yield passed("Bedrock runs the model").about(attribute.path)
    pairs = zip(*(harness.attributes(path) for path in _LITELLM), strict=True)
    for model, base in pairs:
        yield litellm(model, base).about(model.path)


check = OutsideProcessors()
