"""SEC_2 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_regions import SecretClassRegions
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformSecretClassRegions(SecretClassRegions, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "training" {
  manifest = {
    apiVersion = "secrets-store.csi.x-k8s.io/v1"
    kind       = "SecretProviderClass"
    metadata   = { name = "training", namespace = "training" }
    spec = {
      provider = "aws"
      parameters = {
        region  = "us-east-1"
        objects = yamlencode([{ objectName = "training/db", objectType = "secretsmanager" }])
      }
    }
  }
}
"""
    passes = """
resource "kubernetes_manifest" "training" {
  manifest = {
    apiVersion = "secrets-store.csi.x-k8s.io/v1"
    kind       = "SecretProviderClass"
    metadata   = { name = "training", namespace = "training" }
    spec = {
      provider = "aws"
      parameters = {
        region  = "eu-west-2"
        objects = yamlencode([{ objectName = "training/db", objectType = "secretsmanager" }])
      }
    }
  }
}
"""


check = TerraformSecretClassRegions()
