"""RBAC_10 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cloud_identity import CloudIdentity
from checkov_aiml.terraform_manifest_control import ACCOUNTS, TerraformManifestControl


class TerraformCloudIdentity(CloudIdentity, TerraformManifestControl):
    resources = ACCOUNTS
    fails = """
resource "kubernetes_service_account_v1" "default" {
  metadata {
    name        = "default"
    namespace   = "training"
    annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/explore" }
  }
}

resource "kubernetes_manifest" "explore" {
  manifest = {
    apiVersion = "kubeflow.org/v1"
    kind       = "Notebook"
    metadata   = { name = "explore", namespace = "training" }
    spec       = { template = { spec = { containers = [] } } }
  }
}
"""
    passes = """
resource "kubernetes_service_account_v1" "explore" {
  metadata {
    name        = "explore"
    namespace   = "training"
    annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/explore" }
  }
}

resource "kubernetes_manifest" "explore" {
  manifest = {
    apiVersion = "kubeflow.org/v1"
    kind       = "Notebook"
    metadata   = { name = "explore", namespace = "training" }
    spec       = { template = { spec = { serviceAccountName = "explore", containers = [] } } }
  }
}
"""


check = TerraformCloudIdentity()
