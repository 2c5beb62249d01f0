"""RBAC_1 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_wildcards import RbacWildcards
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesRbacWildcards(RbacWildcards, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: training-pipeline
  namespace: training
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, create]
  - apiGroups: [""]
    resources: [secrets]
    verbs: ["*"]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: training-pipeline
  namespace: training
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, create]
  - apiGroups: [kubeflow.org]
    resources: ["*"]
    verbs: ["*"]
"""


check = KubernetesRbacWildcards()
