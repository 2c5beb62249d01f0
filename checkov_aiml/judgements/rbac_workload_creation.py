"""RBAC_6: the words and the judgement."""

from __future__ import annotations

from dataclasses import replace

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import ROLE_KINDS, Right, judge_where_given
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import Rule
from checkov_aiml.verdict import Verdict, all_of, failed, passed

_TEMPLATES = [
    ("", "replicationcontrollers"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
]
_CREATES = Right({"create"}, [("", "pods"), *_TEMPLATES])
_CHANGES = Right({"update", "patch"}, _TEMPLATES, unless_named=True)
"""A pod's service account cannot be changed; that of a workload can, and with it the identity of its next pods."""


class WorkloadCreation(ManifestJudgement):
    """A rule may create workloads only as a deployer: in a namespace, of named kinds."""

    id = "CKV_AIML_RBAC_6"
    name = "Ensure Kubernetes roles create pods and workloads only in their namespace and of named kinds"
    severity = HIGH
    category = CheckCategories.IAM
    why = (
        "Who creates a pod chooses its service account, its Secrets and its volumes. Across the cluster that is every "
        "identity of every namespace; with a wildcard it is also every kind that nobody reviewed."
    )
    fix = "Use a Role in the workload's namespace that names the kinds, such as deployments or jobs."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"
    covers = ("N4",)
    maps = ("NCSC-CAF:B2.d", "UKGDPR:25(2)", "UKGDPR:32(1)(b)", "CIS-EKS:4.1.4", "CIS-AKS:4.1.4")
    limits = (
        "A deployer can run a pod with any service account of its own namespace. A ClusterRole counts as limited when "
        "RoleBindings alone give it in what is scanned, by its own name or by that of a role that it is aggregated "
        "into (edit, for example); a part of other roles that nothing gives is not judged. Custom resources whose "
        "operators run pods are not judged."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_where_given(manifest, _judge_rule, lambda rule: _judge_rule(_in_a_namespace(rule)))


def _judge_rule(rule: Rule) -> Verdict:
    return all_of([_judge_right(rule, _CREATES), _judge_right(rule, _CHANGES)])


def _judge_right(rule: Rule, right: Right) -> Verdict:
    given = right.given_by(rule)
    if given and (rule.cluster_wide or "*" in (*rule.api_groups, *rule.resources)):
        everywhere = "in every namespace" if rule.cluster_wide else "for kinds that it does not name"
        return failed(f"{given}, {everywhere}", rule.path("verbs"), rule.path("resources"))
    return passed("no rule creates workloads, or it names their kinds and stays in its namespace")


def _in_a_namespace(rule: Rule) -> Rule:
    return replace(rule, cluster_wide=False)
