"""RBAC_4 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_binding_targets import BindingTargets
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesBindingTargets(BindingTargets, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: pipeline
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: runner
    namespace: training
"""
    passes = """
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
    name: runner
    namespace: training
"""


check = KubernetesBindingTargets()
