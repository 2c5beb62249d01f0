"""SEC_6 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.literal_secrets import LiteralSecrets
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesLiteralSecrets(LiteralSecrets, KubernetesManifestControl):
    fails = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
spec:
  containers:
    - name: trainer
      image: registry.example.org/trainer:1.4
      env:
        - name: DB_PASSWORD
          value: hunter2-not-a-real-one
"""
    passes = """
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  namespace: training
spec:
  containers:
    - name: trainer
      image: registry.example.org/trainer:1.4
      env:
        - name: DB_PASSWORD_FILE
          value: /mnt/secrets/db
"""


check = KubernetesLiteralSecrets()
