"""SEC_3 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_identity import SecretClassIdentity
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformSecretClassIdentity(SecretClassIdentity, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "training" {
  manifest = {
    apiVersion = "secrets-store.csi.x-k8s.io/v1"
    kind       = "SecretProviderClass"
    metadata   = { name = "training", namespace = "training" }
    spec = {
      provider = "azure"
      parameters = {
        keyvaultName   = "kv-training"
        tenantID       = "72f988bf-0000-0000-0000-2d7cd011db47"
        usePodIdentity = "true"
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
      provider = "azure"
      parameters = {
        keyvaultName = "kv-training"
        tenantID     = "72f988bf-0000-0000-0000-2d7cd011db47"
        clientID     = "0f3e1c5a-0000-0000-0000-6a1f3c9d2b70"
      }
    }
  }
}
"""


check = TerraformSecretClassIdentity()
