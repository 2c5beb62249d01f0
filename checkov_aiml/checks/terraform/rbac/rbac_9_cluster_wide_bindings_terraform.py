"""RBAC_9 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cluster_wide_bindings import ClusterWideBindings
from checkov_aiml.terraform_manifest_control import BINDINGS, TerraformManifestControl


class TerraformClusterWideBindings(ClusterWideBindings, TerraformManifestControl):
    resources = BINDINGS
    fails = """
resource "kubernetes_cluster_role_binding_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "edit"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runner"
    namespace = "training"
  }
}
"""
    passes = """
resource "kubernetes_cluster_role_v1" "watcher" {
  metadata {
    name = "training-watcher"
  }
  rule {
    api_groups = ["kubeflow.org"]
    resources  = ["pytorchjobs"]
    verbs      = ["get", "list", "watch"]
  }
}

resource "kubernetes_cluster_role_binding_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "training-watcher"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runner"
    namespace = "training"
  }
}
"""


check = TerraformClusterWideBindings()
