"""RBAC_2 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_secret_reads import SecretReads
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretReads(SecretReads, KubernetesManifestControl):
    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list, watch]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: training
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [training-db]
    verbs: [get]
"""


check = KubernetesSecretReads()
