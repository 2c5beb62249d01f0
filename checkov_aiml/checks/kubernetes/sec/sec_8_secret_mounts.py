"""SEC_8 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_mounts import SecretMounts
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretMounts(SecretMounts, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
spec:
  containers: []
  volumes:
    - name: secrets
      csi:
        driver: secrets-store.csi.k8s.io
        volumeAttributes: {secretProviderClass: training}
"""
    passes = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
spec:
  containers: []
  volumes:
    - name: secrets
      csi:
        driver: secrets-store.csi.k8s.io
        readOnly: true
        volumeAttributes: {secretProviderClass: training}
"""


check = KubernetesSecretMounts()
