"""RBAC_11 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_access_grants import AccessGrants
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesAccessGrants(AccessGrants, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [secrets-store.csi.x-k8s.io]
    resources: [secretproviderclasspodstatuses]
    verbs: [get, list]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [hyperparameters]
    verbs: [get, update]
"""


check = KubernetesAccessGrants()
