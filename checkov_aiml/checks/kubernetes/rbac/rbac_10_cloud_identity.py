"""RBAC_10 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_cloud_identity import CloudIdentity
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesCloudIdentity(CloudIdentity, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: List
items:
  - apiVersion: kubeflow.org/v1
    kind: Notebook
    metadata:
      name: explore
      namespace: training
    spec:
      template:
        spec:
          serviceAccountName: default
          containers: []
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: default
      namespace: training
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/explore
"""
    passes = """
apiVersion: v1
kind: List
items:
  - apiVersion: kubeflow.org/v1
    kind: Notebook
    metadata:
      name: explore
      namespace: training
    spec:
      template:
        spec:
          serviceAccountName: explore
          containers: []
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: explore
      namespace: training
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/explore
"""


check = KubernetesCloudIdentity()
