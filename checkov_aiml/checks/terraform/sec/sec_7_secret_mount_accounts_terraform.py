"""SEC_7 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_mount_accounts import SecretMountAccounts
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformSecretMountAccounts(SecretMountAccounts, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "trainer" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "trainer", namespace = "training" }
    spec = {
      volumes = [{
        name = "secrets"
        csi = {
          driver           = "secrets-store.csi.k8s.io"
          readOnly         = true
          volumeAttributes = { secretProviderClass = "training" }
        }
      }]
    }
  }
}
"""
    passes = """
resource "kubernetes_manifest" "trainer" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "trainer", namespace = "training" }
    spec = {
      serviceAccountName = "trainer"
      volumes = [{
        name = "secrets"
        csi = {
          driver           = "secrets-store.csi.k8s.io"
          readOnly         = true
          volumeAttributes = { secretProviderClass = "training" }
        }
      }]
    }
  }
}
"""


check = TerraformSecretMountAccounts()
