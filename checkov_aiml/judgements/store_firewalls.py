"""Whether an Azure service answers to public networks: its switch, its firewall, a perimeter around it."""

from __future__ import annotations

from collections.abc import Iterator

from checkov_aiml.judgements.open_networks import closed
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import one_of, public_access_off
from checkov_aiml.verdict import Verdict, all_of, any_of

ACCESS = ("public_network_access_enabled", "public_network_access")
ARM_ACCESS = "properties.publicNetworkAccess"
RULES = "azurerm_storage_account_network_rules"
_PERIMETER_RULE = "azurerm_network_security_perimeter_access_rule"

FIREWALLS = {
    "azurerm_storage_account": "network_rules.default_action",
    RULES: "default_action",
    "azurerm_key_vault": "network_acls.default_action",
    "azurerm_key_vault_managed_hardware_security_module": "network_acls.default_action",
    "azurerm_container_registry": "network_rule_set.default_action",
    "azurerm_cognitive_account": "network_acls.default_action",
    "azurerm_ai_services": "network_acls.default_action",
    "Microsoft.Storage/storageAccounts": "properties.networkAcls.defaultAction",
    "Microsoft.KeyVault/vaults": "properties.networkAcls.defaultAction",
    "Microsoft.ContainerRegistry/registries": "properties.networkRuleSet.defaultAction",
    "Microsoft.CognitiveServices/accounts": "properties.networkAcls.defaultAction",
}
"""Types, and where each says what becomes of traffic that no rule of its firewall names."""

RANGES = {
    "azurerm_storage_account": "network_rules.ip_rules",
    RULES: "ip_rules",
    "azurerm_key_vault": "network_acls.ip_rules",
    "azurerm_container_registry": "network_rule_set.ip_rule.ip_range",
    "azurerm_cognitive_account": "network_acls.ip_rules",
    "azurerm_ai_services": "network_acls.ip_rules",
    "Microsoft.Storage/storageAccounts": "properties.networkAcls.ipRules.value",
    "Microsoft.KeyVault/vaults": "properties.networkAcls.ipRules.value",
    "Microsoft.ContainerRegistry/registries": "properties.networkRuleSet.ipRules.value",
    "Microsoft.CognitiveServices/accounts": "properties.networkAcls.ipRules.value",
}
"""Types, and where each names the address ranges that its firewall lets in."""


def paths_read(kind: str, *access: str) -> tuple[str, ...]:
    """The attribute paths that decide of a type, its switches given."""
    return tuple(filter(None, (*access, FIREWALLS.get(kind), RANGES.get(kind))))


def closed_to_public_networks(resource: Resource) -> Verdict:
    """Public network access is off, or the firewall denies by default, in itself or by separate rules."""
    ways = [public_access_off(attribute) for attribute in _switches(resource)]
    ways.extend(_denies_by_default(resource))
    for rules in resource.estate.parts_of(resource, RULES):
        ways.extend(_denies_by_default(rules, part=True))
    return any_of([*ways, *within_perimeter(resource)])


def within_perimeter(resource: Resource) -> Iterator[Verdict]:
    """The verdict on each network security perimeter around a resource; enforced, it decides in place of the switch.

    https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
    """
    for association in resource.estate.parts_of(resource, "azurerm_network_security_perimeter_association"):
        enforced = one_of("Enforced")(association.attribute("access_mode").of(association))
        profiles = association.attribute("network_security_perimeter_profile_id").targets
        rules = [rule for profile in profiles for rule in profile.estate.parts_of(profile, _PERIMETER_RULE)]
        ranges = [rule.attribute("address_prefixes").of(rule) for rule in rules if rule.text("direction") == "Inbound"]
        yield all_of([enforced, *_closed(ranges)])


def _switches(resource: Resource) -> Iterator[Attribute]:
    """The switches, each under the name that the configuration uses; an absent one under the older name."""
    if "/" in resource.type:
        yield from resource.attributes(ARM_ACCESS, implied=("properties",))
        return
    older, newer = (resource.attribute(path) for path in ACCESS)
    if not isinstance(newer.state, Unset):
        yield newer
    if isinstance(newer.state, Unset) or not isinstance(older.state, Unset):
        yield older if older.default is not None or newer.default is None else newer


def _denies_by_default(resource: Resource, part: bool = False) -> Iterator[Verdict]:
    """That the firewall denies by default and lets in no range as large as the internet; nothing without a firewall."""
    kind = _spelt(resource.type)
    for action in resource.attributes(FIREWALLS.get(kind, "")) if kind in FIREWALLS else ():
        ranges = resource.attributes(RANGES[kind]) if kind in RANGES else ()
        told = [one.of(resource) if part else one for one in (action, *ranges)]
        yield all_of([one_of("Deny")(told[0]), *_closed(told[1:])])


def _closed(ranges: list[Attribute]) -> list[Verdict]:
    """That no range let in is as large as the internet; nothing where none is named."""
    return [closed(ranges, "the firewall")] if any(one.items() for one in ranges) else []


def _spelt(kind: str) -> str:
    """A type as the tables spell it: ARM types may be written in any case."""
    return next((name for name in FIREWALLS if name.lower() == kind.lower()), kind)
