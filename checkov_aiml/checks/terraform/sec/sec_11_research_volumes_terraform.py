"""SEC_11 on the Kubernetes objects that Terraform makes."""

from __future__ import annotations

from checkov_aiml.judgements.research_volumes import ResearchVolumes
from checkov_aiml.terraform_manifest_control import BODIES, TerraformManifestControl


class TerraformResearchVolumes(ResearchVolumes, TerraformManifestControl):
    resources = BODIES
    fails = """
resource "kubernetes_manifest" "trainer" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "trainer", namespace = "training", labels = { environment = "research" } }
    spec = {
      volumes = [{
        name = "data"
        csi  = { driver = "efs.csi.aws.com", volumeAttributes = { environment = "production" } }
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
    metadata   = { name = "trainer", namespace = "training", labels = { environment = "research" } }
    spec = {
      volumes = [{
        name = "data"
        csi  = { driver = "efs.csi.aws.com", volumeAttributes = { environment = "research" } }
      }]
    }
  }
}
"""


check = TerraformResearchVolumes()
