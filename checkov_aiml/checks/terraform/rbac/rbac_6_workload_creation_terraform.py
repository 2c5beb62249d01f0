"""RBAC_6 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_workload_creation import WorkloadCreation
from checkov_aiml.terraform_manifest_control import ROLES, TerraformManifestControl


class TerraformWorkloadCreation(WorkloadCreation, TerraformManifestControl):
    resources = ROLES
    fails = """
resource "kubernetes_cluster_role_v1" "pipeline" {
  metadata {
    name = "training-pipeline"
  }
  rule {
    api_groups = [""]
    resources  = ["pods"]
    verbs      = ["create"]
  }
}
"""
    passes = """
resource "kubernetes_role_v1" "deploy" {
  metadata {
    name      = "training-deploy"
    namespace = "training"
  }
  rule {
    api_groups = ["apps"]
    resources  = ["deployments"]
    verbs      = ["get", "list", "create"]
  }
}
"""


check = TerraformWorkloadCreation()
