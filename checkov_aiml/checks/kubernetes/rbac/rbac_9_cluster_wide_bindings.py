"""RBAC_9 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cluster_wide_bindings import ClusterWideBindings
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesClusterWideBindings(ClusterWideBindings, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: pipeline
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
subjects:
  - kind: ServiceAccount
    name: runner
    namespace: training
"""
    passes = """
apiVersion: v1
kind: List
items:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: job-watcher
    rules:
      - apiGroups: [kubeflow.org]
        resources: [pytorchjobs]
        verbs: [get, list, watch]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: pipeline
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: job-watcher
    subjects:
      - kind: ServiceAccount
        name: runner
        namespace: training
"""


check = KubernetesClusterWideBindings()
