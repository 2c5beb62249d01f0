"""NET_30 AKS clusters for inference."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.inference_clusters import runs_models
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.terraform_view.vocabulary import each, one_of
from checkov_aiml.verdict import Verdict, not_applicable

_BALANCER = "properties.properties.loadBalancerType"
_API_SERVER = "properties.apiServerAccessProfile"


class InferenceClusters(TerraformControl):
    id = "CKV_AIML_NET_30"
    name = "Ensure AKS clusters used for inference are private"
    severity = HIGH
    category = CheckCategories.NETWORKING
    resources = {
        "azurerm_kubernetes_cluster": ("private_cluster_enabled",),
        "Microsoft.ContainerService/managedClusters": (f"{_API_SERVER}.enablePrivateCluster",),
        "Microsoft.MachineLearningServices/workspaces/computes": (_BALANCER,),
    }
    why = (
        "Whoever reaches the API server of the cluster can try credentials against it, and with it owns the models and "
        "the requests; a public load balancer offers the models themselves to the internet."
    )
    fix = "Set private_cluster_enabled to true; attach AKS to the workspace with an InternalLoadBalancer."
    guideline = "https://learn.microsoft.com/azure/aks/private-clusters"
    covers = ("rego",)
    maps = ("UKGDPR:32(1)(b)", "ISO27001:8.20", "ATLAS:AML.T0049")
    limits = (
        "A cluster counts as used for inference when Azure ML is attached to it, by an inference cluster or by its "
        "extension, or when a marker of the settings names it. Authorised address ranges do not make it private."
    )
    fails = """
resource "azurerm_kubernetes_cluster" "serving" {
  name                = "serving"
  location            = "uksouth"
  resource_group_name = "triage"
  dns_prefix          = "serving"
  default_node_pool {
    name       = "default"
    vm_size    = "Standard_D4s_v5"
    node_count = 1
  }
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_machine_learning_inference_cluster" "serving" {
  name                          = "serving"
  location                      = "uksouth"
  kubernetes_cluster_id         = azurerm_kubernetes_cluster.serving.id
  machine_learning_workspace_id = "workspace"
}
"""
    passes = """
resource "azurerm_kubernetes_cluster" "serving" {
  name                    = "serving"
  location                = "uksouth"
  resource_group_name     = "triage"
  dns_prefix              = "serving"
  private_cluster_enabled = true
  default_node_pool {
    name       = "default"
    vm_size    = "Standard_D4s_v5"
    node_count = 1
  }
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_machine_learning_inference_cluster" "serving" {
  name                          = "serving"
  location                      = "uksouth"
  kubernetes_cluster_id         = azurerm_kubernetes_cluster.serving.id
  machine_learning_workspace_id = "workspace"
}
"""

    def judge(self, resource: Resource) -> Verdict:
        if self.paths(resource) == (_BALANCER,):
            if str(resource.value("properties.computeType").known).lower() != "aks":
                return not_applicable("no AKS cluster")
            blocks = ("properties", "properties.properties")
            return each(resource, (_BALANCER,), one_of("InternalLoadBalancer"), implied=blocks)
        if not runs_models(resource):
            return not_applicable("Azure ML does not use the cluster")
        return each(resource, self.paths(resource), one_of(True), implied=("properties", _API_SERVER))


check = InferenceClusters()
