"""RBAC_8 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_service_account_use import ServiceAccountUse
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesServiceAccountUse(ServiceAccountUse, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pipeline
  namespace: training
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: pipeline
subjects:
  - kind: ServiceAccount
    name: default
    namespace: training
"""
    passes = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: triage
  namespace: training
spec:
  predictor:
    serviceAccountName: triage
    automountServiceAccountToken: false
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/triage
"""


check = KubernetesServiceAccountUse()
