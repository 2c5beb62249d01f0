"""SEC_10 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.secret_manifests import SecretManifests
from checkov_aiml.kubernetes_view.in_terraform import SECRET_TYPES
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl
from checkov_aiml.terraform_view.resources import Resource
from checkov_aiml.verdict import Outcome, Verdict, failed, unresolved

SECRETS = dict.fromkeys(SECRET_TYPES, ("data", "binary_data"))


class TerraformSecretManifests(SecretManifests, TerraformManifestControl):
    resources = {**SECRETS, **BODIES}
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

    def judge(self, resource: Resource) -> Verdict:
        verdict = super().judge(resource)
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        ask = getattr(resource.body, "refers", None)  # A plan holds the value of a variable, and not where it is from.
        if ask and any(ask(path) is not False for path in self.paths(resource)):
            return unresolved(
                "whether the data is written here, a plan does not tell; scan the HCL", *verdict.attributes
            )
        if resource.type not in SECRETS:
            return verdict
        places = (place.replace("string_data", "binary_data") for place in verdict.attributes)
        return failed(verdict.reason.replace("stringData", "binary_data"), *places)


check = TerraformSecretManifests()
