"""Whether an Azure resource has a private endpoint of its own, for the right part of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset, Value, all_targets
from checkov_aiml.verdict import Outcome, Verdict, all_of, failed, not_applicable, passed, unresolved

_CONNECTIONS = {
    "azurerm_private_endpoint": (
        ("private_service_connection", "private_connection_resource_id", "subresource_names"),
    ),
    "azapi_resource": (
        ("properties.privateLinkServiceConnections.properties", "privateLinkServiceId", "groupIds"),
        ("properties.manualPrivateLinkServiceConnections.properties", "privateLinkServiceId", "groupIds"),
    ),
}
"""Where an endpoint's blocks name the resource that it leads to, and the parts of it."""

_NOT_FOR_ENDPOINTS = ("GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "AzureBastionSubnet")


def has_private_endpoint(target: Resource, part: str) -> Verdict:
    """Whether a private endpoint leads to the target's part, such as `amlworkspace` of a workspace.

    Not applicable where the files hold no subnet in which an endpoint could stand.
    """
    estate, root = target.estate, target.root
    endpoints = [one for one in target.referrers if _is_private_endpoint(one)]
    endpoints.extend(estate.once(("private endpoints to the unknown", root), lambda: _to_the_unknown(estate, root)))
    found = [verdict for endpoint in endpoints for verdict in _connections(endpoint, target, part)]
    if any(verdict.outcome is Outcome.PASSED for verdict in found):
        return all_of(verdict for verdict in found if verdict.outcome is Outcome.PASSED)
    if not estate.once(("place for private endpoints", root), lambda: _has_place(estate, root)):
        return not_applicable("no subnet for a private endpoint is in the files")
    if found:
        return all_of(found)
    if estate.is_given_to_unread_module(target):
        return unresolved("a module that is not read may make its private endpoint")
    advice = f'add an azurerm_private_endpoint with subresource_names = ["{part}"]'
    return failed(f"no private endpoint leads to it; {advice}")


def _is_private_endpoint(resource: Resource) -> bool:
    if resource.terraform_type == "azapi_resource":
        return resource.type.lower() == "microsoft.network/privateendpoints"
    return resource.mode == "managed" and resource.type == "azurerm_private_endpoint"


def _to_the_unknown(estate: Estate, root: str) -> list[Resource]:
    """The private endpoints of which nobody can tell what they lead to, as they name nothing in the files."""
    kinds = ("azurerm_private_endpoint", "azapi_resource")
    endpoints = [one for one in estate.of_type(*kinds, root=root) if _is_private_endpoint(one)]
    return [
        one
        for one in endpoints
        if not any(named.mode == "managed" and _may_be_target(named) for named in one.references)
    ]


def _may_be_target(named: Resource) -> bool:
    return named.type not in (
        "azurerm_resource_group",
        "azurerm_subnet",
        "azurerm_virtual_network",
        "azurerm_private_dns_zone",
    )


def _has_place(estate: Estate, root: str) -> bool:
    return any(_can_hold_endpoints(subnet) for subnet in estate.of_type("azurerm_subnet", root=root))


def _connections(endpoint: Resource, target: Resource, part: str) -> Iterator[Verdict]:
    """The verdicts on an endpoint's connections to the target; none when they lead elsewhere."""
    for path, resource_id, parts in _CONNECTIONS[endpoint.terraform_type]:
        for place, block in endpoint.blocks(path):
            body: Any = block.known
            if not hasattr(body, "get"):
                yield unresolved("what the private endpoint leads to is not known").about(f"{endpoint.address}.{place}")
                continue
            led_to: Value = body.get(resource_id) or UNSET
            leads = _leads_to(led_to, target, endpoint)
            if leads:
                yield _names(body.get(parts) or UNSET, part, endpoint).about(f"{endpoint.address}.{place}.{parts}")
            elif leads is None:
                where = f"{endpoint.address}.{place}.{resource_id}"
                yield unresolved("what the private endpoint leads to is not known").about(where)


def _leads_to(led_to: Value, target: Resource, endpoint: Resource) -> bool | None:
    """Whether a value names the target; None when nobody can tell.

    Of a resource with `for_each` a plan names all instances: the one with the endpoint's own key is then meant.
    """
    named = all_targets(led_to)
    if not named:
        return False if isinstance(led_to.state, (Known, Unset)) else None
    instances = [one for one in named if (one.type, one.name) == (target.type, target.name)]
    if len(instances) == 1 or target not in named:
        return target in named
    of_same_key = [one for one in instances if one.index == endpoint.index]
    return target is of_same_key[0] if len(of_same_key) == 1 else None


def _names(parts: Value, wanted: str, endpoint: Resource) -> Verdict:
    names = parts.known if isinstance(parts.known, list) else [parts]
    if any(isinstance(name.known, str) and name.known.casefold() == wanted.casefold() for name in names):
        return passed(f"{endpoint.address} leads to {wanted}")
    if any(not isinstance(name.state, (Known, Unset)) for name in names):
        return unresolved("the part of the service is not known")
    return failed(f"leads to another part of the service; name {wanted}")


def _can_hold_endpoints(subnet: Resource) -> bool:
    """Whether private endpoints may stand in a subnet: not in those kept for one service."""
    delegated = any(True for _ in subnet.blocks("delegation"))
    return not delegated and subnet.text("name") not in _NOT_FOR_ENDPOINTS
