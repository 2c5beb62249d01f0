"""RBAC_3 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_escalation import Escalation
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesEscalation(Escalation, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pipeline
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [bind]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pipeline
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    resourceNames: [notebook-viewer]
    verbs: [bind]
"""


check = KubernetesEscalation()
