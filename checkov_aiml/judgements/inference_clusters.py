"""Which Kubernetes clusters run models."""

from __future__ import annotations

from checkov_aiml.terraform_view.resources import Resource

CLUSTERS = ("azurerm_kubernetes_cluster", "microsoft.containerservice/managedclusters")


def runs_models(cluster: Resource) -> bool:
    """Whether an AKS cluster is used for inference: Azure ML is attached to it, or a marker names it."""
    if cluster.type.lower() not in CLUSTERS:
        return False
    extensions = cluster.estate.parts_of(cluster, "azurerm_kubernetes_cluster_extension")
    attached = any(str(one.text("extension_type")).lower() == "microsoft.azureml.kubernetes" for one in extensions)
    return attached or cluster.estate.ai_use(cluster) is not None
