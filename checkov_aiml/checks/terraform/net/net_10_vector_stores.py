"""NET_10 vector stores and public networks."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.vector_stores import concerns_ai, policy_entries
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Value
from checkov_aiml.terraform_view.vocabulary import each, is_set, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, not_applicable, unresolved

_ATLAS = "storage_configuration.mongo_db_atlas_configuration.endpoint_service_name"


class VectorStores(TerraformControl):
    id = "CKV_AIML_NET_10"
    name = "Ensure vector stores of AI services are not open to public networks"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "aws_opensearchserverless_security_policy": ("policy", "type"),
        "aws_opensearch_domain": ("vpc_options.subnet_ids",),
        "aws_neptunegraph_graph": ("public_connectivity",),
        "aws_rds_cluster_instance": ("publicly_accessible", "cluster_identifier"),
        "aws_bedrockagent_knowledge_base": (_ATLAS,),
    }
    why = (
        "A vector store holds the text of the documents that it was made of. On a public network its contents are one "
        "leaked credential, or one wrong data access policy, away from everyone."
    )
    fix = (
        "Set AllowFromPublic to false and name SourceVPCEs or SourceServices; place domains and databases in your VPC."
    )
    guideline = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html"
    covers = ("B33",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0085.000")
    limits = (
        "Serverless policies are judged for vector-search collections and those that AI resources use. Pinecone and "
        "Redis Enterprise Cloud have no private endpoint in the provider; S3 Vectors has no network setting."
    )
    fails = """
resource "aws_opensearchserverless_collection" "letters" {
  name = "letters"
  type = "VECTORSEARCH"
}
resource "aws_opensearchserverless_security_policy" "network" {
  name = "letters"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/letters"] }]
    AllowFromPublic = true
  }])
}
"""
    passes = """
resource "aws_opensearchserverless_collection" "letters" {
  name = "letters"
  type = "VECTORSEARCH"
}
resource "aws_opensearchserverless_security_policy" "network" {
  name = "letters"
  type = "network"
  policy = jsonencode([{
    Rules           = [{ ResourceType = "collection", Resource = ["collection/letters"] }]
    AllowFromPublic = false
    SourceServices  = ["bedrock.amazonaws.com"]
  }])
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == "aws_opensearchserverless_security_policy":
            return _network_policy(resource)
        if resource.type == "aws_bedrockagent_knowledge_base":
            return each(
                resource, self.paths(resource), is_set("the endpoint service of your Atlas cluster (PrivateLink)")
            )
        clusters = resource.attribute("cluster_identifier").targets or (resource,)
        if not any(resource.estate.ai_use(cluster) for cluster in clusters):
            return not_applicable("no AI resource uses the store")
        private = is_set("subnets of your VPC") if resource.type == "aws_opensearch_domain" else one_of(False)
        return each(resource, self.paths(resource)[:1], private, implied=("vpc_options",))


def _network_policy(resource: Resource) -> Verdict:
    kind = resource.attribute("type")
    if kind.known != "network":
        return (
            not_applicable("no network policy") if kind.known else unresolved("the kind of policy is not known", "type")
        )
    policy = resource.attribute("policy")
    entries = policy_entries(policy)
    if entries is None:
        return unresolved("the policy is not known").about("policy")
    return all_of(_entry(resource, entry, f"policy[{index}]") for index, entry in enumerate(entries))


def _entry(policy: Resource, entry: Value, place: str) -> Verdict:
    ours = concerns_ai(policy, entry)
    if ours is False:
        return not_applicable("no AI resource uses the collections")
    public: Value = entry.known.get("AllowFromPublic") or UNSET if hasattr(entry.known, "get") else entry
    verdict = one_of(False)(Attribute(f"{place}.AllowFromPublic", public, default=False))
    return verdict if ours else _if_ours(verdict)


def _if_ours(verdict: Verdict) -> Verdict:
    """An open policy that may or may not name a collection of AI is undecided; a closed one is closed for all."""
    return (
        unresolved("which collections the policy names is not known") if verdict.outcome is Outcome.FAILED else verdict
    )


check = VectorStores()
