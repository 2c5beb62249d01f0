"""SEC_5 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_sync import SecretClassSync
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretClassSync(SecretClassSync, KubernetesManifestControl):
    fails = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: aws
  secretObjects:
    - secretName: db
      type: Opaque
      data: [{objectName: training_db, key: password}]
  parameters:
    region: eu-west-2
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


check = KubernetesSecretClassSync()
