"""RBAC_11 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_access_grants import AccessGrants
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformAccessGrants(AccessGrants, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = ["secrets-store.csi.x-k8s.io"]
    resources  = ["secretproviderclasspodstatuses"]
    verbs      = ["get", "list"]
  }
}
"""
    passes = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups     = [""]
    resources      = ["configmaps"]
    resource_names = ["hyperparameters"]
    verbs          = ["get", "update"]
  }
}
"""


check = TerraformAccessGrants()
