"""SEC_3 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_class_identity import SecretClassIdentity
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretClassIdentity(SecretClassIdentity, KubernetesManifestControl):
    fails = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: azure
  parameters:
    keyvaultName: kv-training
    tenantID: 72f988bf-0000-0000-0000-2d7cd011db47
    useVMManagedIdentity: "true"
    objects: |
      array:
        - |
          objectName: db
          objectType: secret
"""
    passes = """
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: training
  namespace: training
spec:
  provider: azure
  parameters:
    keyvaultName: kv-training
    tenantID: 72f988bf-0000-0000-0000-2d7cd011db47
    clientID: 0f3e1c5a-0000-0000-0000-6a1f3c9d2b70
    objects: |
      array:
        - |
          objectName: db
          objectType: secret
"""


check = KubernetesSecretClassIdentity()
