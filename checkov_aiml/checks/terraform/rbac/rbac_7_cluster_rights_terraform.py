"""RBAC_7 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cluster_rights import ClusterRights
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformClusterRights(ClusterRights, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_cluster_role_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  rule {
    api_groups = [""]
    resources  = ["nodes/proxy"]
    verbs      = ["get"]
  }
}
"""
    passes = """
resource "kubernetes_cluster_role_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  rule {
    api_groups = [""]
    resources  = ["nodes", "persistentvolumes"]
    verbs      = ["get", "list"]
  }
}
"""


check = TerraformClusterRights()
