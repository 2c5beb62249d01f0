"""NET_29 Azure ML endpoints and registries made with azapi."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.state import Unset
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Outcome, Verdict, all_of, passed, unresolved

_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_ISOLATION = ("managed_network.isolation_mode", "properties.managedNetwork.isolationMode")


_BLOBS = "properties.regionDetails.storageAccountDetails.systemCreatedStorageAccount.allowBlobPublicAccess"


class AzapiEndpoints(TerraformControl):
    id = "CKV_AIML_NET_29"
    name = "Ensure Azure ML online endpoints, deployments and registries made with azapi are private"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        _ENDPOINTS: ("properties.publicNetworkAccess",),
        f"{_ENDPOINTS}/deployments": ("properties.egressPublicNetworkAccess",),
        "Microsoft.MachineLearningServices/registries": ("properties.publicNetworkAccess", _BLOBS),
    }
    why = (
        "An online endpoint with public network access offers the model to the whole internet, a deployment with "
        "public egress can send out what it is asked, and a public registry gives away models and images."
    )
    fix = "Set publicNetworkAccess (and a deployment's egressPublicNetworkAccess) to Disabled in the body."
    guideline = "https://learn.microsoft.com/azure/machine-learning/concept-secure-online-endpoint"
    covers = ("new",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0040")
    limits = (
        "The default of a registry's publicNetworkAccess is not documented; its absence counts as public. Public "
        "blobs of its storage account are judged where the body speaks of them."
    )
    fails = """
resource "azapi_resource" "triage" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2024-10-01"
  name      = "triage"
  location  = "uksouth"
  parent_id = "workspace"
  body = {
    properties = {
      authMode = "AADToken"
    }
  }
}
"""
    passes = """
resource "azapi_resource" "triage" {
  type      = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2024-10-01"
  name      = "triage"
  location  = "uksouth"
  parent_id = "workspace"
  body = {
    properties = {
      authMode            = "AADToken"
      publicNetworkAccess = "Disabled"
    }
  }
}
"""

    def judge(self, resource: Resource) -> Verdict:
        blobs = [one_of(False)(one) for one in resource.attributes(_BLOBS) if not isinstance(one.state, Unset)]
        access = each(resource, self.paths(resource)[:1], one_of("Disabled"), implied=("properties",))
        verdict = all_of([access, *blobs])
        if verdict.outcome is Outcome.FAILED and resource.type.lower().endswith("/deployments"):
            # A plan may name several: it does not hold which one `each.value` is.
            workspaces = list(_workspaces(resource))
            isolated = [workspace for workspace in workspaces if _is_isolated(workspace)]
            if isolated and len(isolated) < len(workspaces):
                return unresolved("which workspace it belongs to is not known", *verdict.attributes)
            if isolated:
                return passed(f"{isolated[0].address} allows only approved outbound traffic", *verdict.attributes)
        return verdict


def _workspaces(deployment: Resource) -> Iterator[Resource]:
    """The workspaces that the deployment may belong to."""
    for endpoint in deployment.attribute("parent_id").targets:
        yield from endpoint.attribute("parent_id").targets


def _is_isolated(workspace: Resource) -> bool:
    """Whether its managed network, which replaces the egress flag of deployments, admits approved traffic only."""
    return any(workspace.text(path) == "AllowOnlyApprovedOutbound" for path in _ISOLATION)


check = AzapiEndpoints()
