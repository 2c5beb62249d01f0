"""SEC_4 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_vault import SecretClassVault
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretClassVault(SecretClassVault, KubernetesManifestControl):
    fails = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: vault
  parameters:
    roleName: training
    vaultAddress: http://vault.vault:8200
    objects: |
      - objectName: db
        secretPath: secret/data/training/db
"""
    passes = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: vault
  parameters:
    roleName: training
    vaultAddress: https://vault.vault:8200
    objects: |
      - objectName: db
        secretPath: secret/data/training/db
"""


check = KubernetesSecretClassVault()
