"""RBAC_2 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_secret_reads import SecretReads
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformSecretReads(SecretReads, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
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
    resources      = ["secrets"]
    resource_names = ["training-db"]
    verbs          = ["get"]
  }
}
"""


check = TerraformSecretReads()
