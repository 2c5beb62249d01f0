"""SEC_2 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_regions import SecretClassRegions
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretClassRegions(SecretClassRegions, KubernetesManifestControl):
    fails = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: aws
  parameters:
    region: eu-west-2
    failoverRegion: us-east-1
    objects: |
      - objectName: training/db
        objectType: secretsmanager
"""
    passes = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: aws
  parameters:
    region: eu-west-2
    objects: |
      - objectName: training/db
        objectType: secretsmanager
"""


check = KubernetesSecretClassRegions()
