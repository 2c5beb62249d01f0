"""SEC_11 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.research_volumes import ResearchVolumes
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesResearchVolumes(ResearchVolumes, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
  labels: {environment: research}
spec:
  containers: []
  volumes:
    - name: data
      csi:
        driver: efs.csi.aws.com
        volumeAttributes: {environment: production}
"""
    passes = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
  labels: {environment: research}
spec:
  containers: []
  volumes:
    - name: data
      csi:
        driver: efs.csi.aws.com
        volumeAttributes: {environment: research}
"""


check = KubernetesResearchVolumes()
