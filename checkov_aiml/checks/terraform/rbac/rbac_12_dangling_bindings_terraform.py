"""RBAC_12 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_dangling_bindings import DanglingBindings
from checkov_aiml.terraform_manifest_control import BINDINGS, TerraformManifestControl


class TerraformDanglingBindings(DanglingBindings, TerraformManifestControl):
    resources = BINDINGS
    fails = """
resource "kubernetes_service_account_v1" "runner" {
  metadata {
    name      = "runner"
    namespace = "training"
  }
}

resource "kubernetes_role_binding_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runer"
    namespace = "training"
  }
}
"""
    passes = """
resource "kubernetes_service_account_v1" "runner" {
  metadata {
    name      = "runner"
    namespace = "training"
  }
}

resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = ["batch"]
    resources  = ["jobs"]
    verbs      = ["create"]
  }
}

resource "kubernetes_role_binding_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = "training-pipeline"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "runner"
    namespace = "training"
  }
}
"""


check = TerraformDanglingBindings()
