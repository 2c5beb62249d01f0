"""RBAC_1 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_wildcards import RbacWildcards
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformRbacWildcards(RbacWildcards, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = ["batch"]
    resources  = ["jobs"]
    verbs      = ["get", "list", "create"]
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["*"]
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
    api_groups = ["batch"]
    resources  = ["jobs"]
    verbs      = ["get", "list", "create"]
  }
  rule {
    api_groups = ["kubeflow.org"]
    resources  = ["*"]
    verbs      = ["*"]
  }
}
"""


check = TerraformRbacWildcards()
