"""SEC_1 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_shape import SecretClassShape
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretClassShape(SecretClassShape, KubernetesManifestControl):
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
    objects: |
      - objectName: training/db
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


check = KubernetesSecretClassShape()
