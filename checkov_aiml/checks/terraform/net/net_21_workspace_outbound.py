"""NET_21 managed networks and what they let out."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.managed_networks import ISOLATION_MODES, isolation_modes, isolation_path
from checkov_aiml.judgements.open_networks import closed
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Unset
from checkov_aiml.terraform_view.vocabulary import one_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_ML = "Microsoft.MachineLearningServices/workspaces"
_ACCOUNTS = "Microsoft.CognitiveServices/accounts/managedNetworks"
_RULE = "azurerm_machine_learning_workspace_network_outbound_rule"
_ARM_RULE = (
    "properties.destination",
    "properties.destination.serviceTag",
    "properties.destination.addressPrefixes",
    "properties.destination.action",
)
_INLINE = "properties.managedNetwork.outboundRules"
_EVERYWHERE = ("internet", "azurecloud")
_SUBNETS = {
    "azurerm_machine_learning_compute_cluster": "subnet_resource_id",
    "azurerm_machine_learning_compute_instance": "subnet_resource_id",
    "microsoft.machinelearningservices/workspaces/computes": "properties.properties.subnet.id",
}
_SERVERLESS = ("serverless_compute.subnet_id", "properties.serverlessComputeSettings.serverlessComputeCustomSubnet")


class WorkspaceOutbound(TerraformControl):
    id = "CKV_AIML_NET_21"
    name = "Ensure managed networks of Azure ML workspaces and AI Foundry allow only approved outbound traffic"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_ai_foundry": (ISOLATION_MODES["azurerm_ai_foundry"],),
        "azurerm_machine_learning_workspace": (
            ISOLATION_MODES["azurerm_machine_learning_workspace"],
            _SERVERLESS[0],
        ),
        _ML: (ISOLATION_MODES[_ML], _INLINE, _SERVERLESS[1]),
        _ACCOUNTS: (ISOLATION_MODES[_ACCOUNTS], _INLINE),
        f"{_RULE}_fqdn": ("destination_fqdn",),
        f"{_RULE}_service_tag": ("service_tag",),
        f"{_ML}/outboundRules": _ARM_RULE,
        f"{_ACCOUNTS}/outboundRules": _ARM_RULE,
    }
    why = (
        "Jobs, notebooks and agents run code and packages that nobody reviewed. AllowInternetOutbound is a network of "
        "its own but lets them send training data and prompts to any host; so does a rule for the Internet tag."
    )
    fix = 'Set the isolation mode to "AllowOnlyApprovedOutbound" and name each host, service tag or private endpoint.'
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-managed-network"
    covers = ("M2", "M15")
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0025")
    limits = (
        "Not judged without a managed network where the workspace's compute stands in subnets of your own: their "
        "security groups are NET_31's. The tag AzureCloud counts as open, as it holds every Azure customer's addresses."
    )
    fails = """
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
  managed_network {
    isolation_mode = "AllowInternetOutbound"
  }
}
"""
    passes = """
resource "azurerm_machine_learning_workspace" "triage" {
  name                    = "triage"
  location                = "uksouth"
  resource_group_name     = "triage"
  application_insights_id = "insights"
  key_vault_id            = "vault"
  storage_account_id      = "storage"
  identity {
    type = "SystemAssigned"
  }
  managed_network {
    isolation_mode = "AllowOnlyApprovedOutbound"
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if not isolation_path(resource.type):
            return all_of(_rule(resource))
        if str(resource.value("kind").known).lower() == "project" and "/" in resource.type:
            return not_applicable("a project takes its hub's network settings")
        modes = [one_of("AllowOnlyApprovedOutbound")(mode) for mode in isolation_modes(resource)]
        if any(_is_off(mode) for mode in isolation_modes(resource)) and _has_own_subnets(resource):
            return not_applicable("the compute of the workspace stands in subnets of your own")
        return all_of([*modes, *_inline_rules(resource)])


def _is_off(mode: Attribute) -> bool:
    return isinstance(mode.state, Unset) or str(mode.known).casefold() == "disabled"


def _has_own_subnets(workspace: Resource) -> bool:
    """Whether compute of the workspace names a subnet, which a managed network would forbid."""
    serverless = workspace.attribute(_SERVERLESS["/" in workspace.type])
    computes = ((user, _SUBNETS.get(user.type.lower())) for user in workspace.referrers)
    return serverless.is_set or any(path is not None and user.attribute(path).is_set for user, path in computes)


def _rule(rule: Resource) -> Iterator[Verdict]:
    if "/" not in rule.type:
        kind = "fqdn" if rule.type.endswith("_fqdn") else "tag"
        yield _host(rule.attribute("destination_fqdn")) if kind == "fqdn" else _tag(rule.attribute("service_tag"))
        return
    yield from _arm_rule(rule.attribute("properties.destination"), "properties.destination")


def _inline_rules(workspace: Resource) -> Iterator[Verdict]:
    """The rules in the body of an azapi workspace, which are an object by name."""
    if "/" not in workspace.type:
        return
    for rules in workspace.attributes(_INLINE):
        if isinstance(rules.state, Unset):
            continue
        if not hasattr(rules.known, "get"):
            yield unresolved("the outbound rules are not known").about(rules.path)
            continue
        for name in rules.known.names() if hasattr(rules.known, "names") else rules.known:
            rule = rules.known.get(name)
            destination = rule.known.get("destination") if hasattr(rule.known, "get") else rule
            path = f"{rules.path}.{name}.destination"
            yield from _arm_rule(Attribute(path, destination or UNSET), path)


def _arm_rule(destination: Attribute, path: str) -> Iterator[Verdict]:
    """A rule's destination: a host name, or an object with a service tag, addresses or a private endpoint."""
    body = destination.known
    if not hasattr(body, "get"):
        yield _host(destination)
        return
    if str((body.get("action") or UNSET).known).casefold() == "deny":
        yield passed("the rule denies").about(path)
        return
    prefixes = Attribute(f"{path}.addressPrefixes", body.get("addressPrefixes") or UNSET)
    yield closed([prefixes], "egress")
    yield _tag(Attribute(f"{path}.serviceTag", body.get("serviceTag") or UNSET))


def _host(host: Attribute) -> Verdict:
    if isinstance(host.state, Unset):
        return not_applicable("the rule names no host")
    if not isinstance(host.state, Known):
        return unresolved("the host is not known").about(host.path)
    labels = str(host.known).split(".")
    if "*" in labels[-2:]:
        return failed(f"{host.known} lets out to any host; name the hosts that are needed").about(host.path)
    return passed("a named host").about(host.path)


def _tag(tag: Attribute) -> Verdict:
    if isinstance(tag.state, Unset):
        return not_applicable("the rule names no service tag")
    if not isinstance(tag.state, Known):
        return unresolved("the service tag is not known").about(tag.path)
    if str(tag.known).casefold() in _EVERYWHERE:
        return failed(f"the tag {tag.known} opens the network again; name the service's own tag").about(tag.path)
    return passed("the tag of one service").about(tag.path)


check = WorkspaceOutbound()
