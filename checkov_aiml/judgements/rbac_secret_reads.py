"""RBAC_2: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import READ, ROLE_KINDS, Right, without
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import judge_role
from checkov_aiml.verdict import Verdict

_judge_rule = without(Right(READ, [("", "secrets")], unless_named=True), good="no rule reads Secrets beyond named ones")


class SecretReads(ManifestJudgement):
    """A rule may read named Secrets only."""

    id = "CKV_AIML_RBAC_2"
    name = "Ensure Kubernetes roles read no Secrets beyond named ones"
    severity = HIGH
    category = CheckCategories.IAM
    why = (
        "Whoever may get or list all Secrets has every credential of the namespace, or of the cluster: tokens of other "
        "service accounts, registry passwords, keys to training data. A notebook or pipeline step that is taken over "
        "then speaks for everyone."
    )
    fix = "Give get on the Secrets that the workload needs, by `resourceNames`, or mount them instead."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets"
    covers = ("N2",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "ATLAS:AML.T0055", "CIS-EKS:4.1.2", "CIS-AKS:4.1.2")
    limits = (
        "Verbs that change a Secret are not judged, though the answer to a patch holds its content. Whoever may create "
        "pods can mount any Secret of the namespace: CKV_AIML_RBAC_6."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, _judge_rule)
