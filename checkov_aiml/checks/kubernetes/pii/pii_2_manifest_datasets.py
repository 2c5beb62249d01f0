"""PII_2 datasets that ConfigMaps and Secrets hold."""

from __future__ import annotations

from checkov_aiml.kubernetes_control import KubernetesManifestControl
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.pii.controls import ManifestDatasets, MaskedDatasets
from checkov_aiml.pii.uploads import held_by, masked
from checkov_aiml.verdict import Verdict


class ManifestsHoldMaskedDatasets(MaskedDatasets, ManifestDatasets, KubernetesManifestControl):
    id = "CKV_AIML_PII_2"
    name = "Ensure datasets in ConfigMaps and Secrets hold no unmasked personal data"
    fails = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: samples
  namespace: training
data:
  referrals.csv: |
    full_name,date_of_birth,postcode
    Ann Example,1980-02-29,SW1A 2AA
"""
    passes = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: samples
  namespace: training
data:
  referrals.csv: |
    full_name,date_of_birth,postcode
    <PERSON>,<DATE_OF_BIRTH>,<UK_POSTCODE>
"""

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return masked(held_by(manifest))


check = ManifestsHoldMaskedDatasets()
