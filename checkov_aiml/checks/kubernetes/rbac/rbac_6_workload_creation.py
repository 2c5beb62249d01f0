"""RBAC_6 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_workload_creation import WorkloadCreation
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesWorkloadCreation(WorkloadCreation, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: pipeline
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [create]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deploy-role
  namespace: mlops
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, create]
"""


check = KubernetesWorkloadCreation()
