"""NET_29 Azure ML endpoints and registries made with azapi."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resource import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Outcome, Verdict, passed

_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_ISOLATION = ("managed_network.isolation_mode", "properties.managedNetwork.isolationMode")


class AzapiEndpoints(TerraformControl):
    id = "CKV_AIML_NET_29"
    name = "Ensure Azure ML online endpoints, deployments and registries made with azapi are private"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        _ENDPOINTS: ("properties.publicNetworkAccess",),
        f"{_ENDPOINTS}/deployments": ("properties.egressPublicNetworkAccess",),
        "Microsoft.MachineLearningServices/registries": ("properties.publicNetworkAccess",),
    }
    why = (
        "An online endpoint with public network access offers the model to the whole internet, a deployment with "
        "public egress can send out what it is asked, and a public registry gives away models and images."
    )
    fix = "Set publicNetworkAccess (and a deployment's egressPublicNetworkAccess) to Disabled in the body."
    guideline = "https://learn.microsoft.com/azure/machine-learning/concept-secure-online-endpoint"
    covers = ("new",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0040")
    limits = "The default of a registry's publicNetworkAccess is not documented; its absence counts as public."
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
        verdict = each(resource, self.paths(resource), one_of("Disabled"), implied=("properties",))
        if verdict.outcome is Outcome.FAILED and resource.type.lower().endswith("/deployments"):
            workspace = _isolated_workspace(resource)
            if workspace:
                return passed(f"{workspace.address} allows only approved outbound traffic", *verdict.attributes)
        return verdict


def _isolated_workspace(deployment: Resource) -> Resource | None:
    """The deployment's workspace when its managed network, which replaces the egress flag, admits approved traffic only."""
    for endpoint in deployment.attribute("parent_id").targets:
        for workspace in endpoint.attribute("parent_id").targets:
            if any(workspace.text(path) == "AllowOnlyApprovedOutbound" for path in _ISOLATION):
                return workspace
    return None


check = AzapiEndpoints()
