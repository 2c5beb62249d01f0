"""RBAC_3: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import ROLE_KINDS, Right, without
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import judge_role
from checkov_aiml.verdict import Verdict

_RBAC = "rbac.authorization.k8s.io"
_CLUSTER_ROLES, _ROLES = (_RBAC, "clusterroles"), (_RBAC, "roles")
_AUTHENTICATION = "authentication.k8s.io"
_PEOPLE = [("", "users"), ("", "groups"), (_AUTHENTICATION, "uids"), (_AUTHENTICATION, "userextras")]
_IMPERSONATE = ["impersonate", *(f"impersonate:{mode}" for mode in ("user-info", "serviceaccount", "arbitrary-node"))]
_judge_rule = without(
    Right(["escalate"], [_ROLES]),
    Right(["escalate"], [_CLUSTER_ROLES], cluster_scoped=True),
    Right(["bind"], [_ROLES, _CLUSTER_ROLES], unless_named=True, never=("cluster-admin",)),
    Right(_IMPERSONATE, [("", "serviceaccounts")], unless_named=True),
    Right(_IMPERSONATE, _PEOPLE, unless_named=True, never=("system:masters", "system:admin"), cluster_scoped=True),
    good="no rule lets its holder escalate, bind any role or impersonate anyone",
)


class Escalation(ManifestJudgement):
    """A rule may not hand out rights that its holder does not have."""

    id = "CKV_AIML_RBAC_3"
    name = "Ensure Kubernetes roles grant no escalate, bind or impersonate"
    severity = CRITICAL
    category = CheckCategories.IAM
    why = (
        "These three verbs switch off the API server's own guard: escalate and bind give any right to anyone, "
        "impersonate acts as anyone. Holding one of them is holding the cluster."
    )
    fix = "Remove the verb; where an operator must bind or impersonate, list the roles or users in `resourceNames`."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb"
    covers = ("N5",)
    maps = ("NCSC-CAF:B2.c", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "ISO27001:8.2", "CIS-EKS:4.1.8")
    limits = (
        "bind and impersonate pass when `resourceNames` limit them to named roles or users, as the Kubernetes "
        "documentation advises, unless cluster-admin, system:admin or system:masters is among them; what the named "
        "ones may do is not followed. A Role cannot give rights on resources of the cluster: there escalate counts on "
        "roles and impersonate on service accounts alone."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_role(manifest, _judge_rule)
