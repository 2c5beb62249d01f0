"""RBAC_5 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_exec import PodExec
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformPodExec(PodExec, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_role_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  rule {
    api_groups = [""]
    resources  = ["pods/exec"]
    verbs      = ["create"]
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
    api_groups = [""]
    resources  = ["pods", "pods/log"]
    verbs      = ["get", "list"]
  }
}
"""


check = TerraformPodExec()
