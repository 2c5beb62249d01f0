"""RBAC_5 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_exec import PodExec
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesPodExec(PodExec, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [""]
    resources: [pods/exec]
    verbs: [create]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [""]
    resources: [pods, pods/log]
    verbs: [get, list]
"""


check = KubernetesPodExec()
