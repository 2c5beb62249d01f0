"""SEC_9 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.environment_secrets import EnvironmentSecrets
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformEnvironmentSecrets(EnvironmentSecrets, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "triage" {
  manifest = {
    apiVersion = "serving.kserve.io/v1beta1"
    kind       = "InferenceService"
    metadata   = { name = "triage", namespace = "training" }
    spec = {
      predictor = {
        model = {
          envFrom = [{ secretRef = { name = "db" } }]
        }
      }
    }
  }
}
"""
    passes = """
resource "kubernetes_manifest" "triage" {
  manifest = {
    apiVersion = "serving.kserve.io/v1beta1"
    kind       = "InferenceService"
    metadata   = { name = "triage", namespace = "training" }
    spec = {
      predictor = {
        model = {
          env = [{ name = "DB_PASSWORD_FILE", value = "/mnt/secrets/db" }]
        }
      }
    }
  }
}
"""


check = TerraformEnvironmentSecrets()
