"""PII_4 on the datasets that ConfigMaps and Secrets hold."""

from __future__ import annotations

from checkov_aiml.kubernetes_control import KubernetesManifestControl
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.pii.controls import ManifestDatasets, ReadableDatasets
from checkov_aiml.pii.uploads import held_by, readable
from checkov_aiml.verdict import Verdict


class ReadableManifests(ReadableDatasets, ManifestDatasets, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: samples
  namespace: training
data:
  records.jsonl: |
    {"score": 0.25}
    {"score": 0.75
"""
    passes = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: samples
  namespace: training
data:
  records.jsonl: |
    {"score": 0.25}
    {"score": 0.75}
"""

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return readable(held_by(manifest))


check = ReadableManifests()
