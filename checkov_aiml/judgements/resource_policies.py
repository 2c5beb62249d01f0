"""Whom the policies of AI resources and of their data stores admit."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_aiml.judgements.caller_conditions import CALLER, PLACE, any_demands
from checkov_aiml.terraform_view.policy import Statement, statements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

RESOURCE_POLICIES = {
    "aws_bedrockagentcore_resource_policy": "policy",
    "aws_dynamodb_resource_policy": "policy",
    "aws_ecr_repository_policy": "policy",
    "aws_efs_file_system_policy": "policy",
    "aws_opensearch_domain": "access_policies",
    "aws_opensearch_domain_policy": "access_policies",
    "aws_s3_access_point": "policy",
    "aws_s3_bucket": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_s3control_access_point_policy": "policy",
    "aws_s3vectors_vector_bucket_policy": "policy",
    "aws_sagemaker_model_package_group_policy": "resource_policy",
    "aws_secretsmanager_secret": "policy",
    "aws_secretsmanager_secret_policy": "policy",
}
"""Types that carry a policy saying who may use a resource, and where."""

SUBJECTS = {
    "aws_bedrockagentcore_resource_policy": "resource_arn",
    "aws_dynamodb_resource_policy": "resource_arn",
    "aws_ecr_repository_policy": "repository",
    "aws_efs_file_system_policy": "file_system_id",
    "aws_opensearch_domain_policy": "domain_name",
    "aws_s3_access_point": "bucket",
    "aws_s3_bucket_policy": "bucket",
    "aws_s3control_access_point_policy": "access_point_arn",
    "aws_s3vectors_vector_bucket_policy": "vector_bucket_arn",
    "aws_secretsmanager_secret_policy": "secret_arn",
}
"""Which of them name the resource that the policy is for."""

_NAMES = {
    "aws_ecr_repository_policy": ("aws_ecr_repository", "name"),
    "aws_opensearch_domain_policy": ("aws_opensearch_domain", "domain_name"),
    "aws_s3_access_point": ("aws_s3_bucket", "bucket"),
    "aws_s3_bucket_policy": ("aws_s3_bucket", "bucket"),
}
"""Where that name may be a literal one: the type it is of, and that type's argument."""


def concern(carrier: Resource) -> list[Resource]:
    """The resources of AI, or used by it, that a policy is for; the one that carries it where it names none."""
    subjects = list(_subjects(carrier))
    if carrier.estate.is_ai(carrier):
        return subjects or [carrier]
    return [subject for subject in subjects if carrier.estate.ai_use(_store(subject)) is not None]


def _subjects(carrier: Resource) -> Iterator[Resource]:
    if carrier.type not in SUBJECTS or carrier.type == "aws_s3_access_point":
        yield carrier
        return
    named = carrier.attribute(SUBJECTS[carrier.type])
    yield from (target for target in named.targets if target.mode == "managed")
    if not named.targets and isinstance(named.known, str):
        yield from _by_name(carrier, named.known)


def _store(subject: Resource) -> Resource:
    """The store that a subject is, or gives access to."""
    if subject.type != "aws_s3_access_point":
        return subject
    bucket = subject.attribute("bucket")
    named = [target for target in bucket.targets if target.type == "aws_s3_bucket"]
    return next(iter(named or _by_name(subject, str(bucket.known))), subject)


def _by_name(carrier: Resource, name: str) -> list[Resource]:
    kind, argument = _NAMES.get(carrier.type, ("", ""))

    def find() -> dict[str | None, Resource]:
        stores = carrier.estate.of_type(kind, root=carrier.root)
        return {store.text(argument): store for store in stores}

    found = carrier.estate.once(("by literal name", kind, carrier.root), find).get(name)
    return [found] if found else []


def admits(policy: Attribute, subject: Resource) -> Verdict:
    """Whether a policy for a resource admits only principals, accounts or networks that it names."""
    found = statements(policy)
    if found is None:
        return unresolved("the policy is not known").about(policy.path)
    closed = _is_closed_by_itself(subject)
    verdicts = [passed("whoever calls must sign in there").about(closed) if closed else _admits(one) for one in found]
    return all_of([passed("admits only whom it names").about(policy.path), *verdicts])


def _admits(statement: Statement) -> Verdict:
    if statement.allows and "*" in statement.principals:
        limited = any_demands(statement.conditions, (*CALLER, *PLACE))
        if limited is None:
            return unresolved("admits everyone under a condition whose values are not known").about(statement.name)
        if not limited:
            text = "admits everyone; name principals, or limit aws:PrincipalOrgID, aws:SourceAccount or the like"
            return failed(text).about(statement.name)
    return not_applicable() if statement.is_known else unresolved("is not known in full").about(statement.name)


def _is_closed_by_itself(subject: Resource) -> str | None:
    """What closes a resource to strangers whatever its policy says: where it stands, or that it has callers sign in.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-oauth.html
    """
    tokens = "authorizer_configuration.custom_jwt_authorizer"
    if subject.type.startswith("aws_bedrockagentcore_") and any(subject.blocks(tokens)):
        return f"{subject.address}.{tokens}"
    if subject.type == "aws_s3_access_point" and subject.attribute("vpc_configuration.vpc_id").is_set:
        return f"{subject.address}.vpc_configuration"
    options = "advanced_security_options.enabled"
    return f"{subject.address}.{options}" if subject.value(options).known is True else None
