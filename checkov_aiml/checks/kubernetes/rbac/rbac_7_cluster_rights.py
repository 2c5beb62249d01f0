"""RBAC_7 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cluster_rights import ClusterRights
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesClusterRights(ClusterRights, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pipeline
rules:
  - apiGroups: [""]
    resources: [nodes/proxy]
    verbs: [get]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pipeline
rules:
  - apiGroups: [""]
    resources: [nodes, persistentvolumes]
    verbs: [get, list]
"""


check = KubernetesClusterRights()
