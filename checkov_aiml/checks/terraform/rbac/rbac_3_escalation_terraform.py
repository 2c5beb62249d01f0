"""RBAC_3 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_escalation import Escalation
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformEscalation(Escalation, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_cluster_role_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  rule {
    api_groups = [""]
    resources  = ["users", "groups"]
    verbs      = ["impersonate"]
  }
}
"""
    passes = """
resource "kubernetes_cluster_role_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  rule {
    api_groups     = ["rbac.authorization.k8s.io"]
    resources      = ["clusterroles"]
    resource_names = ["notebook-viewer"]
    verbs          = ["bind"]
  }
}
"""


check = TerraformEscalation()
