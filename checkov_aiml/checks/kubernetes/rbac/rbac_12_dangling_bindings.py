"""RBAC_12 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_dangling_bindings import DanglingBindings
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesDanglingBindings(DanglingBindings, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: runner
      namespace: training
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: pipeline
      namespace: training
    rules:
      - apiGroups: [batch]
        resources: [jobs]
        verbs: [create]
  - apiVersion: rbac.authorization.k8s.io/v1
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
        name: runer
        namespace: training
"""
    passes = """
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: runner
      namespace: training
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: pipeline
      namespace: training
    rules:
      - apiGroups: [batch]
        resources: [jobs]
        verbs: [create]
  - apiVersion: rbac.authorization.k8s.io/v1
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
        name: runner
        namespace: training
"""


check = KubernetesDanglingBindings()
