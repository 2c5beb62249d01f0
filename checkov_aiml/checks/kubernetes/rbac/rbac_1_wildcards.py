"""RBAC_1 on manifests."""

from __future__ import annotations

from checkov_aiml.judgements.rbac_wildcards import RbacWildcards, judge_rule
from checkov_aiml.kubernetes_control import KubernetesControl
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import judge_role
from checkov_aiml.verdict import Verdict

_RULES = ("rules.apiGroups", "rules.resources", "rules.verbs", "rules.resourceNames", "rules.nonResourceURLs")


class KubernetesRbacWildcards(RbacWildcards, KubernetesControl):
    kinds = {"Role": _RULES, "ClusterRole": (*_RULES, "aggregationRule")}

    fails = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: training-pipeline
  namespace: training
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, create]
  - apiGroups: [""]
    resources: [secrets]
    verbs: ["*"]
"""
    passes = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: training-pipeline
  namespace: training
rules:
  - apiGroups: [batch]
    resources: [jobs]
    verbs: [get, list, create]
  - apiGroups: [kubeflow.org]
    resources: ["*"]
    verbs: ["*"]
"""

    def judge(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, judge_rule)


check = KubernetesRbacWildcards()
