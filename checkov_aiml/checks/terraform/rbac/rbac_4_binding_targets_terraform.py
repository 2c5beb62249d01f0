"""RBAC_4 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_binding_targets import BindingTargets
from checkov_aiml.terraform_manifest_control import BINDINGS, TerraformManifestControl


class TerraformBindingTargets(BindingTargets, TerraformManifestControl):
    resources = BINDINGS
    fails = """
resource "kubernetes_cluster_role_binding_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "cluster-admin"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runner"
    namespace = "training"
  }
}
"""
    passes = """
resource "kubernetes_role_binding_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = "pipeline"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runner"
    namespace = "training"
  }
}
"""


check = TerraformBindingTargets()
