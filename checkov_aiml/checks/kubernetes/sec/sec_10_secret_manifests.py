"""SEC_10 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.secret_manifests import SecretManifests
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesSecretManifests(SecretManifests, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: training
stringData:
  password: not-a-real-one
"""
    passes = """
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: training
stringData:
  password: ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A=]
sops:
  version: 3.9.0
"""


check = KubernetesSecretManifests()
