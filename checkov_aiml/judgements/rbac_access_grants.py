"""RBAC_11: the words and the judgement."""

from __future__ import annotations

from collections.abc import Callable

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.rbac_rights import CHANGE, READ, ROLE_KINDS, WRITE, Right, judge_where_given
from checkov_aiml.kubernetes_view.binding import bindings_of
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.rbac import Rule
from checkov_aiml.verdict import Verdict, failed, passed

_STATUSES = Right(
    READ | WRITE,
    [
        ("secrets-store.csi.x-k8s.io", "secretproviderclasspodstatuses"),
        ("secrets-store.csi.x-k8s.io", "secretproviderclasspodstatuses/status"),
    ],
)
_CONFIG_MAPS = Right(CHANGE, [("", "configmaps")], unless_named=True, never=("aws-auth",))
_DRIVER = "secrets-store-csi-driver"


class AccessGrants(ManifestJudgement):
    """What decides about access is the driver's and the platform's to write."""

    id = "CKV_AIML_RBAC_11"
    name = "Ensure roles reach no SecretProviderClass pod statuses and write no config maps that grant access"
    severity = MEDIUM
    category = CheckCategories.IAM
    why = (
        "The pod statuses say which secrets the CSI driver keeps in step, so whoever writes them has secrets copied "
        "that are not theirs. The config map aws-auth maps IAM roles to Kubernetes groups: a write to it is "
        "cluster-admin."
    )
    fix = "Remove the right; give writes on config maps in a Role of the workload's namespace, or by `resourceNames`."
    guideline = "https://secrets-store-csi-driver.sigs.k8s.io/topics/best-practices"
    covers = ("N8", "P10")
    maps = ("NCSC-CAF:B2.c", "UKGDPR:25(2)", "UKGDPR:32(1)(b)")
    limits = (
        "Writes to config maps count where the rule reaches kube-system: by aws-auth's name, in a Role of kube-system, "
        "or in a ClusterRole without `resourceNames` that not only RoleBindings of other namespaces give, by its own "
        "name or by that of a role that it is aggregated into; a part of roles that nothing binds is not judged. On "
        "clusters without aws-auth that is a wide right, though no grant. Roles that are bound to the driver's own "
        "service account alone may have the pod statuses."
    )
    kinds = ROLE_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return judge_where_given(
            manifest,
            lambda rule: _judge_rule(rule, manifest, lambda: not _is_elsewhere(manifest)),
            lambda rule: _judge_rule(rule, manifest, lambda: _is_bound_in_kube_system(manifest)),
        )


def _judge_rule(rule: Rule, role: Manifest, reaches_kube_system: Callable[[], bool]) -> Verdict:
    places = rule.path("verbs"), rule.path("resources")
    given = _STATUSES.given_by(rule)
    if given and not _is_the_drivers(role):
        return failed(f"{given}, which are the CSI driver's own", *places)
    given = _CONFIG_MAPS.given_by(rule)
    if given and ("aws-auth" in rule.resource_names or reaches_kube_system()):
        return failed(f"{given}, aws-auth in kube-system among them", *places)
    return passed("no rule reaches pod statuses of the CSI driver or writes config maps that grant access")


def _is_the_drivers(role: Manifest) -> bool:
    subjects = [subject for binding in bindings_of(role) for subject in binding.subjects]
    return bool(subjects) and all(
        subject.kind == "ServiceAccount" and subject.name.startswith(_DRIVER) for subject in subjects
    )


def _is_elsewhere(role: Manifest) -> bool:
    return role.kind == "Role" and role.namespace != "kube-system"


def _is_bound_in_kube_system(role: Manifest) -> bool:
    return any(binding.manifest.namespace == "kube-system" for binding in bindings_of(role))
