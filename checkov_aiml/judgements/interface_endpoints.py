"""Which VPCs serve AI resources, whether they have an interface endpoint for a service, and whom an endpoint admits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkov_aiml.terraform_view.policy import Statement, statements
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Reference, Unset
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, passed, unresolved

_IN_A_VPC = ("aws_subnet", "aws_security_group", "aws_default_security_group")

_AI_SERVICE = re.compile(
    r"\.(sagemaker|bedrock|comprehend|comprehendmedical|kendra|kendra-ranking|lex"
    r"|models-v2-lex|runtime-v2-lex|qbusiness|rekognition|textract|transcribe|transcribestreaming|translate|polly)"
    r"([.-][\w.-]*)?$"
)
"""Endpoint services of AI (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html)."""

_NAMES_WHOSE_RESOURCES = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths")


def vpcs_of_ai_resources(resource: Resource) -> list[Resource]:
    """The VPCs of the resource's root module that AI resources stand in; all of them where none names a subnet.

    No VPC where the subnets that AI resources name belong to another configuration.
    """
    estate, root = resource.estate, resource.root

    def find() -> list[Resource]:
        vpcs = list(estate.of_type("aws_vpc", root=root))
        users = list(estate.ai_resources(root)) if vpcs else []
        used = {vpc for user in users for vpc in _vpcs(user)}
        return [vpc for vpc in vpcs if vpc in used] if used or any(map(_stands_elsewhere, users)) else vpcs

    return estate.once(("VPCs of AI resources", root), find)


def _stands_elsewhere(user: Resource) -> bool:
    """Whether a resource names a subnet that is not made here, by its id or as a data source."""
    looked_up = any(named.mode == "data" and named.type in ("aws_subnet", "aws_subnets") for named in user.references)
    return looked_up or any(text.startswith("subnet-") for text in user.body.strings())  # type: ignore[attr-defined]


def _vpcs(user: Resource) -> Iterator[Resource]:
    for named in user.references:
        if named.type == "aws_vpc":
            yield named
        elif named.type in _IN_A_VPC:
            yield from (vpc for vpc in named.references if vpc.type == "aws_vpc")


def has_interface_endpoint(vpc: Resource, service: str) -> Verdict:
    """Whether a VPC has an interface endpoint with private DNS for a service such as `sagemaker.runtime`."""
    return vpc.estate.once(("interface endpoint", vpc, service), lambda: _find_interface_endpoint(vpc, service))


def _find_interface_endpoint(vpc: Resource, service: str) -> Verdict:
    verdicts = [_endpoint(endpoint, service) for endpoint in _endpoints(vpc)]
    found = [verdict for verdict in verdicts if verdict is not None]
    if any(verdict.outcome is Outcome.PASSED for verdict in found):
        return passed(f"{vpc.address} has an interface endpoint for {service}")
    if found:
        return all_of(found)
    if vpc.estate.is_given_to_unread_module(vpc):
        return unresolved(f"a module that is not read may make endpoints in {vpc.address}")
    advice = "add an aws_vpc_endpoint of type Interface with private DNS"
    return Verdict(Outcome.FAILED, f"{vpc.address} has no interface endpoint; {advice}", (), (service,))


def _endpoints(vpc: Resource) -> Iterator[Resource]:
    for endpoint in vpc.estate.of_type("aws_vpc_endpoint", root=vpc.root):
        vpc_id = endpoint.attribute("vpc_id")
        if vpc in vpc_id.targets or (not vpc_id.targets and not isinstance(vpc_id.state, Known)):
            yield endpoint


def _endpoint(endpoint: Resource, service: str) -> Verdict | None:
    """The verdict on one endpoint for the service; None when it is for another service."""
    name, text = endpoint.attribute("service_name"), service_name(endpoint)
    if text.endswith((f".{service}", f".{service}-fips")):
        return all_of(
            [
                one_of("Interface")(endpoint.attribute("vpc_endpoint_type").of(endpoint)),
                one_of(True)(endpoint.attribute("private_dns_enabled").of(endpoint)),
            ]
        )
    told = isinstance(name.state, (Known, Unset)) or text.startswith(".")
    if told or (isinstance(name.state, Reference) and not text.endswith(("}", "]"))):
        return None
    return unresolved("the service is not known").about(name.of(endpoint).path)


def service_name(endpoint: Resource) -> str:
    """The name of an endpoint's service, as far as it is known: `com.amazonaws.eu-west-2.sagemaker.runtime`."""
    name = endpoint.attribute("service_name")
    for looked_up in name.targets:
        if looked_up.type == "aws_vpc_endpoint_service" and name.known in (None, looked_up.text("service_name")):
            service = looked_up.text("service")
            return f".{service}" if service else str(name.known or "${}")
    return name.known if isinstance(name.known, str) else getattr(name.state, "text", None) or ""


def is_for_ai(endpoint: Resource) -> bool:
    """Whether an endpoint is for an AI service, such as SageMaker or Bedrock."""
    return endpoint.type == "aws_vpc_endpoint" and bool(_AI_SERVICE.search(service_name(endpoint)))


def is_limited(policy: Attribute) -> Verdict:
    """Whether an endpoint's policy names whom it admits, or to what.

    Without a policy it has the default one, which is full access:
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if isinstance(policy.state, Unset):
        return failed("not set, which admits every principal to every resource; name yours").about(policy.path)
    found = statements(policy)
    if found is None:
        return unresolved("the policy is not known").about(policy.path)
    for statement in found:
        if _is_wide_open(statement):
            text = "admits everyone to everything; name principals, or limit aws:PrincipalOrgID or aws:PrincipalAccount"
            return failed(text).about(statement.place)
    if not all(statement.is_known for statement in found):
        return unresolved("a statement of the policy is not known").about(policy.path)
    return passed("the policy admits named principals, accounts or resources").about(policy.path)


def _is_wide_open(statement: Statement) -> bool:
    own = any(condition.key in _NAMES_WHOSE_RESOURCES for condition in statement.conditions)
    return statement.is_open and not own and (not statement.resources or "*" in statement.resources)
