"""ENC_8 keys of the vector stores of AI services."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.vector_stores import concerns_ai, is_ai_collection, policy_concerns_ai, policy_entries
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Unset, Value
from checkov_aiml.terraform_view.vocabulary import customer_managed_key, each, kms_encryption, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, any_of, not_applicable, unresolved

_COLLECTION = "aws_opensearchserverless_collection"
_POLICY = "aws_opensearchserverless_security_policy"
_VECTORS = ("encryption_configuration.sse_type", "encryption_configuration.kms_key_arn")
_SWITCHES = ("encrypt_at_rest.enabled", "storage_encrypted", "encryption_config.aws_owned_key")


class VectorStoreKeys(TerraformControl):
    id = "CKV_AIML_ENC_8"
    name = "Ensure vector stores of AI services are encrypted with a customer-managed key"
    severity = MEDIUM
    category = CheckCategories.ENCRYPTION
    resources = {
        "aws_neptunegraph_graph": ("kms_key_identifier",),
        "aws_opensearch_domain": ("encrypt_at_rest.enabled", "encrypt_at_rest.kms_key_id"),
        _COLLECTION: ("encryption_config.aws_owned_key", "encryption_config.kms_key_arn"),
        _POLICY: ("policy", "type"),
        "aws_rds_cluster": ("storage_encrypted", "kms_key_id"),
        "aws_s3vectors_index": _VECTORS,
        "aws_s3vectors_vector_bucket": _VECTORS,
        "azurerm_cosmosdb_account": ("key_vault_key_id", "managed_hsm_key_id"),
        "azurerm_mongo_cluster": ("customer_managed_key.key_vault_key_id",),
        "azurerm_postgresql_flexible_server": ("customer_managed_key.key_vault_key_id",),
    }
    why = (
        "A vector store holds the documents of a knowledge base in pieces, and embeddings from which text can be won "
        "back. Under the service's own key they are readable to whoever may query; your key is a second permission."
    )
    fix = "Name a customer-managed key; for OpenSearch Serverless with KmsARN in the encryption policy."
    guideline = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-encryption.html"
    covers = ("B33",)
    maps = ("UKGDPR:32(1)(a)", "ISO27001:8.24", "ATLAS:AML.T0035")
    limits = (
        "Stores that no AI resource names, and that no marker of the settings names, are not judged, save collections "
        "for vector search. A collection without encryption_config takes its key from an encryption policy, which is "
        "judged in its place. Azure AI Search is a control of its own; Pinecone and the like have no resource here."
    )
    fails = """
resource "aws_s3vectors_vector_bucket" "guidance" {
  vector_bucket_name = "guidance"
}
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
      vector_bucket_arn = aws_s3vectors_vector_bucket.guidance.vector_bucket_arn
      index_name        = "guidance"
    }
  }
}
"""
    passes = """
resource "aws_kms_key" "guidance" {
  enable_key_rotation = true
}
resource "aws_s3vectors_vector_bucket" "guidance" {
  vector_bucket_name = "guidance"
  encryption_configuration = [{
    sse_type    = "aws:kms"
    kms_key_arn = aws_kms_key.guidance.arn
  }]
}
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
      vector_bucket_arn = aws_s3vectors_vector_bucket.guidance.vector_bucket_arn
      index_name        = "guidance"
    }
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == _POLICY:
            return _policy(resource)
        vectors = resource.type == _COLLECTION and is_ai_collection(resource)
        if not vectors and resource.estate.ai_use(resource) is None:
            return not_applicable("no AI resource uses the store")
        if resource.type.startswith("aws_s3vectors_"):
            implied = ("encryption_configuration",) if resource.type.endswith("_bucket") else ()
            return all_of(kms_encryption(resource, *_VECTORS, by=("aws:kms",), implied=implied))
        return all_of(_verdicts(resource, self.paths(resource)))


def _verdicts(store: Resource, paths: tuple[str, ...]) -> Iterator[Verdict]:
    implied = ("encrypt_at_rest", "customer_managed_key")
    keys = [path for path in paths if path not in _SWITCHES]
    for switch in (path for path in paths if path in _SWITCHES):
        yield each(store, [switch], one_of(not switch.endswith("aws_owned_key")), implied)
    yield any_of(each(store, [path], customer_managed_key, implied) for path in keys)


def _policy(policy: Resource) -> Verdict:
    if policy.text("type") != "encryption":
        return not_applicable("no encryption policy")
    text = policy.attribute("policy")
    entries = policy_entries(text)
    if entries is not None:
        return all_of(_entry(policy, entry) for entry in entries)
    if policy_concerns_ai(policy) is False:
        return not_applicable("no AI resource uses the collections")
    return customer_managed_key(text)


def _entry(policy: Resource, entry: Value) -> Verdict:
    ours = concerns_ai(policy, entry)
    if ours is False or not hasattr(entry.known, "get"):
        return not_applicable("no AI resource uses the collections")
    owned = entry.known.get("AWSOwnedKey") or UNSET
    if isinstance(owned.state, Unset) or owned.known is False:
        verdict = customer_managed_key(Attribute("policy.KmsARN", entry.known.get("KmsARN") or UNSET))
    else:
        verdict = one_of(False)(Attribute("policy.AWSOwnedKey", owned))
    if ours is None and verdict.outcome is Outcome.FAILED:
        return unresolved("which collections the policy names is not known", "policy")
    return verdict


check = VectorStoreKeys()
