"""RBAC_7: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import CHANGE, READ, ROLE_KINDS, WRITE, Right, without
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import judge_role
from checkov_aiml.verdict import Verdict

_ADMISSION = "admissionregistration.k8s.io"
_CERTIFICATES = "certificates.k8s.io"
_CSR = (_CERTIFICATES, "certificatesigningrequests/approval")
_WEBHOOKS = [(_ADMISSION, "mutatingwebhookconfigurations"), (_ADMISSION, "validatingwebhookconfigurations")]
_judge_rule = without(
    Right(READ | WRITE, [("", "nodes/proxy")], cluster_scoped=True),
    Right(CHANGE, [_CSR], cluster_scoped=True),
    Right(["approve"], [(_CERTIFICATES, "signers")], unless_named=True, cluster_scoped=True),
    Right(["create"], [("", "serviceaccounts/token")], unless_named=True),
    Right(WRITE, _WEBHOOKS, unless_named=True, cluster_scoped=True),
    Right(WRITE, [("", "persistentvolumes")], unless_named=True, cluster_scoped=True),
    good="no rule gives node proxy, CSR approval, token, webhook configuration or persistent volume rights",
)


class ClusterRights(ManifestJudgement):
    """A rule may not give the rights that lead from one workload to the whole cluster."""

    id = "CKV_AIML_RBAC_7"
    name = "Ensure Kubernetes roles grant no node proxy, CSR approval, token, webhook or persistent volume rights"
    severity = HIGH
    category = CheckCategories.IAM
    why = (
        "Each of these leaves the namespace: the node proxy runs commands in any pod of a node unseen by the audit "
        "log, an approved certificate request makes a new identity, a token is someone else's, a webhook reads and "
        "rewrites what others apply, a persistent volume can mount the node's disk."
    )
    fix = "Remove the right, or limit token and webhook rights to named objects with `resourceNames`."
    guideline = (
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#kubernetes-rbac-privilege-escalation-risks"
    )
    covers = ("N7",)
    maps = (
        "NCSC-CAF:B2.c",
        "UKGDPR:25(2)",
        "UKGDPR:32(1)(b)",
        "ATLAS:AML.T0105",
        "CIS-EKS:4.1.9",
        "CIS-EKS:4.1.10",
        "CIS-EKS:4.1.11",
        "CIS-EKS:4.1.12",
        "CIS-AKS:4.1.9",
        "CIS-AKS:4.1.10",
        "CIS-AKS:4.1.11",
        "CIS-AKS:4.1.12",
    )
    limits = (
        "Reading webhook configurations and persistent volumes passes. Rights on webhooks, tokens, signers and volumes "
        "pass when `resourceNames` limit them to named ones; on nodes and certificate requests a name does not help. A "
        "Role cannot give rights on resources of the cluster, so in a Role only tokens count."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, _judge_rule)
