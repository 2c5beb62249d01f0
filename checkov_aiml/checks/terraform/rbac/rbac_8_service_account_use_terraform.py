"""RBAC_8 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_service_account_use import ServiceAccountUse
from checkov_aiml.terraform_manifest_control import BINDINGS, TerraformManifestControl


class TerraformServiceAccountUse(ServiceAccountUse, TerraformManifestControl):
    resources = BINDINGS
    fails = """
resource "kubernetes_role_binding_v1" "pipeline" {
  metadata {
    name      = "training-pipeline"
    namespace = "training"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = "pipeline"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "default"
    namespace = "training"
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
        serviceAccountName           = "triage"
        automountServiceAccountToken = false
      }
    }
  }
}
"""


check = TerraformServiceAccountUse()
