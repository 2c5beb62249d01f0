"""SEC_4 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_vault import SecretClassVault
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformSecretClassVault(SecretClassVault, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "training" {
  manifest = {
    apiVersion = "secrets-store.csi.x-k8s.io/v1"
    kind       = "SecretProviderClass"
    metadata   = { name = "training", namespace = "training" }
    spec = {
      provider = "vault"
      parameters = {
        roleName     = "training"
        vaultAddress = "http://vault.vault:8200"
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
      provider = "vault"
      parameters = {
        roleName     = "training"
        vaultAddress = "https://vault.vault:8200"
      }
    }
  }
}
"""


check = TerraformSecretClassVault()
