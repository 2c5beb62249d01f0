"""RBAC_9: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.binding import BINDING_FIELDS, Binding, Subject, granted_rules
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import Rule
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

_NAMESPACED = {
    "": (
        "bindings configmaps endpoints events limitranges persistentvolumeclaims pods podtemplates "
        "replicationcontrollers resourcequotas secrets serviceaccounts services"
    ),
    "apps": "controllerrevisions daemonsets deployments replicasets statefulsets",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "coordination.k8s.io": "leases",
    "discovery.k8s.io": "endpointslices",
    "events.k8s.io": "events",
    "extensions": "daemonsets deployments ingresses networkpolicies replicasets",
    "networking.k8s.io": "ingresses networkpolicies",
    "policy": "poddisruptionbudgets",
    "rbac.authorization.k8s.io": "rolebindings roles",
}
"""Kubernetes' own resources that live in a namespace, by API group (`kubectl api-resources --namespaced`)."""

_USER_FACING = ("admin", "edit", "view")
"""The roles of every cluster that the Kubernetes documentation means for namespaces."""


class ClusterWideBindings(ManifestJudgement):
    """Rights on namespaced resources are bound in a namespace."""

    id = "CKV_AIML_RBAC_9"
    name = "Ensure service accounts get rights on namespaced resources by RoleBindings, not by ClusterRoleBindings"
    severity = MEDIUM
    category = CheckCategories.IAM
    why = (
        "A ClusterRoleBinding gives the rights in every namespace that there is and ever will be, so that a training "
        "account reads the config maps and starts the jobs of every other team."
    )
    fix = "Bind the role with a RoleBinding in each namespace where the service account works."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"
    covers = ("new",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "ISO27001:8.3")
    limits = (
        "Judged are admin, edit and view, and scanned roles that name nothing but Kubernetes' own namespaced "
        "resources. A role that also names custom or cluster-wide resources or URLs may need the whole cluster and "
        "passes."
    )
    kinds = {"ClusterRoleBinding": BINDING_FIELDS}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        binding = Binding.read(manifest)
        accounts = list(filter(_is_account, binding.subjects)) if binding else []
        if binding is None or not accounts:
            return not_applicable("binds no service account")
        role = binding.role()
        if binding.role_name in _USER_FACING:
            rights = "gives rights that are meant for a namespace"
        elif role is None:
            if not binding.role_is_known:
                return unresolved("the role is not known", "roleRef.name")
            return not_applicable(f"the role {binding.role_name} is not in what is scanned")
        else:
            rules = granted_rules(role)
            if not rules or not all(map(_stays_in_namespaces, rules)):
                return passed("the role reaches more than Kubernetes' own namespaced resources")
            rights = "reaches namespaced resources only"
        who = ", ".join(account.shown for account in accounts)
        return failed(
            f"{binding.role_shown} {rights}, and {who} gets it in every namespace", "roleRef.name", "subjects"
        )


def _is_account(subject: Subject) -> bool:
    return subject.kind == "ServiceAccount" or subject.is_group_of_accounts


def _stays_in_namespaces(rule: Rule) -> bool:
    return not rule.non_resource_urls and all(
        resource.partition("/")[0] in _NAMESPACED.get(group, "").split()
        for group in rule.api_groups
        for resource in rule.resources
    )
