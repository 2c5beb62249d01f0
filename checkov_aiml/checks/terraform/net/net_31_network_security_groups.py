"""NET_31 network security groups of Azure AI subnets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.inference_clusters import CLUSTERS, runs_models
from checkov_aiml.judgements.open_networks import is_internet
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Unset
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_DESTINATIONS = ("destination_address_prefix", "destination_address_prefixes")
_FILTERS = ("protocol", "source_address_prefix", "source_port_range", "destination_port_range")
_RULE = ("direction", "access", "priority", *_DESTINATIONS, *_FILTERS)
_SEPARATE = "azurerm_network_security_rule"

Rule = dict[str, Attribute]


class NetworkSecurityGroups(TerraformControl):
    id = "CKV_AIML_NET_31"
    name = "Ensure network security groups of Azure AI subnets hold no outbound allow to the internet"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_network_security_group": tuple(f"security_rule.{name}" for name in _RULE),
        _SEPARATE: (*_RULE, "network_security_group_name"),
    }
    why = (
        "Compute in the subnet holds training data and the identity that reads it. A rule that lets it out to the "
        "internet is the way by which data and credentials leave, whatever else the network closes."
    )
    fix = "Name the service tags and address ranges that are needed as destinations, and deny Internet after them."
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet"
    covers = ("rego",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0025")
    limits = (
        "Azure's default rule lets out to the internet where no rule denies it; the absence of a deny is not judged. "
        "Subnets count when an AI resource or an AKS cluster used for inference names them; a private endpoint opens "
        "no connection, so its subnet does not."
    )
    fails = """
resource "azurerm_subnet" "training" {
  name                 = "training"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.2.0/24"]
}
resource "azurerm_network_security_group" "training" {
  name                = "training"
  location            = "uksouth"
  resource_group_name = "triage"
  security_rule {
    name                       = "out"
    priority                   = 100
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "443"
  }
}
resource "azurerm_subnet_network_security_group_association" "training" {
  subnet_id                 = azurerm_subnet.training.id
  network_security_group_id = azurerm_network_security_group.training.id
}
resource "azurerm_machine_learning_compute_instance" "desk" {
  name                          = "desk"
  machine_learning_workspace_id = "workspace"
  virtual_machine_size          = "STANDARD_DS2_V2"
  subnet_resource_id            = azurerm_subnet.training.id
}
"""
    passes = """
resource "azurerm_subnet" "training" {
  name                 = "training"
  resource_group_name  = "triage"
  virtual_network_name = "triage"
  address_prefixes     = ["10.0.2.0/24"]
}
resource "azurerm_network_security_group" "training" {
  name                = "training"
  location            = "uksouth"
  resource_group_name = "triage"
  security_rule {
    name                       = "out"
    priority                   = 100
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "AzureMachineLearning"
    destination_port_range     = "443"
  }
}
resource "azurerm_subnet_network_security_group_association" "training" {
  subnet_id                 = azurerm_subnet.training.id
  network_security_group_id = azurerm_network_security_group.training.id
}
resource "azurerm_machine_learning_compute_instance" "desk" {
  name                          = "desk"
  machine_learning_workspace_id = "workspace"
  virtual_machine_size          = "STANDARD_DS2_V2"
  subnet_resource_id            = azurerm_subnet.training.id
}
"""

    def judge(self, resource: Resource) -> Verdict:
        separate = resource.type == _SEPARATE
        groups = resource.attribute("network_security_group_name").targets if separate else (resource,)
        groups = [group for group in groups if group.type == "azurerm_network_security_group" and _serves_ai(group)]
        if not groups:
            return not_applicable("no AI resource stands in a subnet of the group")
        rules = list(_rules(resource))
        if not rules:
            return passed("no outbound rule of its own")
        denied = [rule for group in groups for rule in group.estate.once(("denying rules", group), _denying(group))]
        return all_of(_lets_out(rule, denied) for rule in rules)


def _serves_ai(group: Resource) -> bool:
    return group.estate.once(("serves AI", group), lambda: _stands_before_ai(group))


def _stands_before_ai(group: Resource) -> bool:
    if group.estate.ai_use(group):
        return True
    associations = group.estate.parts_of(group, "azurerm_subnet_network_security_group_association")
    subnets = [subnet for one in associations for subnet in one.attribute("subnet_id").targets]
    subnets.extend(one for one in group.referrers if one.type == "azurerm_subnet")
    clusters = (user for subnet in subnets for user in subnet.referrers if user.type.lower() in CLUSTERS)
    return any(subnet.estate.ai_use(subnet) for subnet in subnets) or any(map(runs_models, clusters))


def _rules(resource: Resource) -> Iterator[Rule]:
    """The rules in a security group, or the one that a rule resource is."""
    prefix = "" if resource.type == _SEPARATE else "security_rule."
    columns = [list(resource.attributes(f"{prefix}{name}")) for name in _RULE]
    for cells in zip(*columns, strict=True):
        yield dict(zip(_RULE, cells, strict=True))


def _denying(group: Resource) -> Callable[[], list[Rule]]:
    """Finds the rules of a group, in it and separate, that deny the internet."""

    def find() -> list[Rule]:
        holders = (group, *group.estate.parts_of(group, _SEPARATE))
        return [rule for holder in holders for rule in _rules(holder) if _denies_internet(rule)]

    return find


def _is(attribute: Attribute, *words: str) -> bool:
    return str(attribute.known).casefold() in words


def _denies_internet(rule: Rule) -> bool:
    """Whether a rule denies everything that goes to the internet, so that no rule after it lets it out."""
    return (
        _is(rule["direction"], "outbound")
        and _is(rule["access"], "deny")
        and all(_is(rule[name], "*") for name in _FILTERS)
        and _is(rule["destination_address_prefix"], "*", "internet", "0.0.0.0/0")
    )


def _lets_out(rule: Rule, denied: list[Rule]) -> Verdict:
    for name, wanted in (("direction", "outbound"), ("access", "allow")):
        if not isinstance(rule[name].state, Known):
            return unresolved("the rule is not known").about(rule[name].path)
        if not _is(rule[name], wanted):
            return passed("no outbound allow").about(rule[name].path)
    verdict = all_of(_destination(item) for name in _DESTINATIONS for item in rule[name].items())
    if any(_comes_before(deny, rule) for deny in denied):
        return passed("an earlier rule denies the internet").about(rule["priority"].path)
    return verdict


def _comes_before(first: Rule, second: Rule) -> bool:
    try:
        return int(first["priority"].known) < int(second["priority"].known)
    except (TypeError, ValueError):
        return False


def _destination(item: Attribute) -> Verdict:
    if isinstance(item.state, Unset):
        return not_applicable("no destination")
    if not isinstance(item.state, Known):
        return unresolved("the destination is not known").about(item.path)
    text = str(item.known)
    try:
        everywhere = text.casefold() in ("*", "internet") or is_internet(text)
    except ValueError:
        everywhere = False
    if everywhere:
        return failed(f"lets out to {text}; name the service tags and ranges that are needed").about(item.path)
    return passed("a named destination").about(item.path)


check = NetworkSecurityGroups()
