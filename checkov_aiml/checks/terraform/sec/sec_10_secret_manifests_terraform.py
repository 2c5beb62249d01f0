"""SEC_10 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_manifests import SecretManifests
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformSecretManifests(SecretManifests, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "db" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "db", namespace = "training" }
    stringData = { password = "not-a-real-one" }
  }
}
"""
    passes = """
resource "kubernetes_manifest" "db" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "db", namespace = "training" }
    type       = "Opaque"
  }
}
"""


check = TerraformSecretManifests()
