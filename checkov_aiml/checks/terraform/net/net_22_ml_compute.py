"""NET_22 Azure ML compute and the network."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.managed_networks import isolation_modes, isolation_path
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import Unresolved, Unset
from checkov_aiml.terraform_view.vocabulary import each, is_set, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, any_of, failed, not_applicable, passed, unresolved

_CLUSTER = "azurerm_machine_learning_compute_cluster"
_INSTANCE = "azurerm_machine_learning_compute_instance"
_WORKSPACE = "azurerm_machine_learning_workspace"
_COMPUTES = "Microsoft.MachineLearningServices/workspaces/computes"
_ARM = "properties.properties"
_NO_PUBLIC_IP = "properties.serverlessComputeSettings.serverlessComputeNoPublicIP"
_SSH_WORDS = {"amlcompute": "remoteLoginPortPublicAccess", "computeinstance": "sshSettings.sshPublicAccess"}


class MlCompute(TerraformControl):
    id = "CKV_AIML_NET_22"
    name = "Ensure Azure ML compute has no public IP address and no SSH, and stands in a private network"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        _CLUSTER: ("node_public_ip_enabled", "ssh_public_access_enabled", "subnet_resource_id"),
        _INSTANCE: ("node_public_ip_enabled", "ssh", "subnet_resource_id"),
        _WORKSPACE: ("serverless_compute.public_ip_enabled",),
        "Microsoft.MachineLearningServices/workspaces": (_NO_PUBLIC_IP,),
        _COMPUTES: (
            f"{_ARM}.enableNodePublicIp",
            f"{_ARM}.remoteLoginPortPublicAccess",
            f"{_ARM}.sshSettings.sshPublicAccess",
            f"{_ARM}.subnet.id",
        ),
    }
    why = (
        "Compute nodes hold the training data and an identity that reads it. A public address or an SSH port lets "
        "anyone on the internet knock, and a node outside a network of yours sends its traffic where it likes."
    )
    fix = (
        "Set node_public_ip_enabled to false, leave out SSH, and give subnet_resource_id or a managed_network to the "
        "workspace (not both: a managed network forbids the subnet)."
    )
    guideline = "https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet"
    covers = ("M8",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.22", "ATLAS:AML.T0049")
    limits = "Where the workspace is not in the files, only a subnet can prove the network; without one it stays open."
    fails = """
resource "azurerm_machine_learning_compute_instance" "desk" {
  name                          = "desk"
  machine_learning_workspace_id = "workspace"
  virtual_machine_size          = "STANDARD_DS2_V2"
}
"""
    passes = """
resource "azurerm_machine_learning_compute_instance" "desk" {
  name                          = "desk"
  machine_learning_workspace_id = "workspace"
  virtual_machine_size          = "STANDARD_DS2_V2"
  node_public_ip_enabled        = false
  subnet_resource_id            = "subnet"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if resource.type == _WORKSPACE:
            return each(resource, self.paths(resource), one_of(False))
        if self.paths(resource) == (_NO_PUBLIC_IP,):
            return each(resource, self.paths(resource), one_of(True))
        if "/" in resource.type:
            return all_of(_arm_compute(resource))
        ssh = _ssh_block(resource) if resource.type == _INSTANCE else _off(resource, "ssh_public_access_enabled")
        network = _network(resource, "subnet_resource_id", "machine_learning_workspace_id")
        return all_of([_off(resource, "node_public_ip_enabled"), ssh, network])


def _off(compute: Resource, path: str) -> Verdict:
    return one_of(False)(compute.attribute(path))


def _ssh_block(instance: Resource) -> Verdict:
    """The mere presence of the block turns public SSH on."""
    for place, block in instance.blocks("ssh"):
        if isinstance(block.state, Unresolved):
            return unresolved("whether SSH is on is not known").about(place)
        return failed("the block opens SSH to public networks; leave it out").about(place)
    return passed("no SSH").about("ssh")


def _arm_compute(compute: Resource) -> Iterator[Verdict]:
    kind = str(compute.value("properties.computeType").known).lower()
    if kind not in _SSH_WORDS:
        yield not_applicable("compute that stands in a network of its own kind")
        return
    blocks = ("properties", _ARM, f"{_ARM}.sshSettings", f"{_ARM}.subnet")
    subnet = any_of(is_set("a subnet")(one) for one in compute.attributes(f"{_ARM}.subnet.id", implied=blocks))
    yield each(compute, (f"{_ARM}.enableNodePublicIp",), one_of(False), implied=blocks)
    for ssh in compute.attributes(f"{_ARM}.{_SSH_WORDS[kind]}", implied=blocks):
        # Left alone, the port is closed in a subnet and open elsewhere.
        unspecified = isinstance(ssh.state, Unset) or str(ssh.known).casefold() == "notspecified"
        if not (unspecified and kind == "amlcompute" and subnet.outcome is Outcome.PASSED):
            yield one_of("Disabled")(ssh)
    if subnet.outcome is not Outcome.NOT_APPLICABLE:
        yield _network(compute, f"{_ARM}.subnet.id", "parent_id")


def _network(compute: Resource, subnet_path: str, workspace_path: str) -> Verdict:
    """A subnet of one's own, or the managed network of the workspace."""
    subnet = is_set("a subnet")(compute.attribute(subnet_path))
    if subnet.outcome is not Outcome.FAILED:
        return subnet
    targets = compute.attribute(workspace_path).targets
    workspaces = [one for one in targets if one.mode == "managed" and isolation_path(one.type)]
    modes = [_managed(mode, workspace) for workspace in workspaces for mode in isolation_modes(workspace)]
    if not modes:
        return unresolved("no subnet, and the workspace is not in the files").about(subnet_path)
    managed = any_of(modes)
    if len({mode.outcome for mode in modes}) > 1:
        return unresolved("which workspace it belongs to is not known").about(workspace_path)
    if managed.outcome is not Outcome.FAILED:
        return managed
    return failed(f"not set, and {workspaces[0].address} has no managed network; give one of them").about(subnet_path)


def _managed(mode: Attribute, workspace: Resource) -> Verdict:
    return one_of("AllowOnlyApprovedOutbound", "AllowInternetOutbound")(mode.of(workspace))


check = MlCompute()
