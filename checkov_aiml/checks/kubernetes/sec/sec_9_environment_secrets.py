"""SEC_9 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.environment_secrets import EnvironmentSecrets
from checkov_aiml.kubernetes_control import KubernetesManifestControl


class KubernetesEnvironmentSecrets(EnvironmentSecrets, KubernetesManifestControl):
    fails = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: triage
  namespace: training
spec:
  predictor:
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/triage
      env:
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: password}}
"""
    passes = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: triage
  namespace: training
spec:
  predictor:
    model:
      modelFormat: {name: sklearn}
      storageUri: s3://models/triage
      env:
        - name: DB_PASSWORD_FILE
          value: /mnt/secrets/db
"""


check = KubernetesEnvironmentSecrets()
