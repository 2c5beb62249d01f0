"""RBAC_5: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import CHANGE, ROLE_KINDS, Right, without
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import judge_role
from checkov_aiml.verdict import Verdict

_judge_rule = without(
    Right({"create", "get"}, [("", "pods/exec"), ("", "pods/attach"), ("", "pods/portforward")]),
    Right(CHANGE, [("", "pods/ephemeralcontainers")]),
    good="no rule reaches into running pods",
)


class PodExec(ManifestJudgement):
    """A rule may not open a way into running pods."""

    id = "CKV_AIML_RBAC_5"
    name = "Ensure Kubernetes roles grant no exec, attach, port-forward or ephemeral containers"
    severity = HIGH
    category = CheckCategories.IAM
    why = (
        "A shell in a pod has what the pod has: its service account, its cloud identity, its mounted secrets, the "
        "training data and the model weights, and it goes past the image scan and past the audit of the deployment."
    )
    fix = "Remove the subresource from the rule; give it to a break-glass role that nobody holds by default."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
    covers = ("N4",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "ISO27001:8.2")
    limits = (
        "A limit by `resourceNames` does not help: the named pod's identity and data are reached all the same. `get` "
        "counts, because a WebSocket connection opens exec and attach with it. The way through `nodes/proxy` is "
        "CKV_AIML_RBAC_7's."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, _judge_rule)
