"""Which VPCs serve AI resources, and whether they have an interface endpoint for a service."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.state import Known, Reference
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, passed, unresolved

_IN_A_VPC = ("aws_subnet", "aws_security_group")


def vpcs_of_ai_resources(resource: Resource) -> list[Resource]:
    """The VPCs of the resource's root module that AI resources stand in; all of its VPCs where none can be told."""
    estate = resource.estate
    vpcs = list(estate.of_type("aws_vpc", root=resource.root))
    used = {vpc for user in estate.ai_resources(resource.root) for vpc in _vpcs(user)}
    return [vpc for vpc in vpcs if vpc in used] or vpcs


def _vpcs(user: Resource) -> Iterator[Resource]:
    for named in user.references:
        if named.type == "aws_vpc":
            yield named
        elif named.type in _IN_A_VPC:
            yield from (vpc for vpc in named.references if vpc.type == "aws_vpc")


def has_interface_endpoint(vpc: Resource, service: str) -> Verdict:
    """Whether a VPC has an interface endpoint with private DNS for a service such as `sagemaker.runtime`."""
    verdicts = [_endpoint(endpoint, service) for endpoint in _endpoints(vpc)]
    found = [verdict for verdict in verdicts if verdict is not None]
    if any(verdict.outcome is Outcome.PASSED for verdict in found):
        return passed(f"{vpc.address} has an interface endpoint for {service}")
    if found:
        return all_of(found)
    return failed(f"{vpc.address} has no interface endpoint for {service}; add an aws_vpc_endpoint with private DNS")


def _endpoints(vpc: Resource) -> Iterator[Resource]:
    for endpoint in vpc.estate.of_type("aws_vpc_endpoint", root=vpc.root):
        vpc_id = endpoint.attribute("vpc_id")
        if vpc in vpc_id.targets or not vpc_id.targets and not isinstance(vpc_id.state, Known):
            yield endpoint


def _endpoint(endpoint: Resource, service: str) -> Verdict | None:
    """The verdict on one endpoint for the service; None when it is for another service."""
    name = endpoint.attribute("service_name")
    text = name.known if isinstance(name.known, str) else getattr(name.state, "text", "")
    if text.endswith((f".{service}", f".{service}-fips")):
        return all_of(
            [
                one_of("Interface")(endpoint.attribute("vpc_endpoint_type").of(endpoint)),
                one_of(True)(endpoint.attribute("private_dns_enabled").of(endpoint)),
            ]
        )
    if isinstance(name.state, Known) or isinstance(name.state, Reference) and not text.endswith("}"):
        return None
    return unresolved("the service is not known").about(name.of(endpoint).path)
