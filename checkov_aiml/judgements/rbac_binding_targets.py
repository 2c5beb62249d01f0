"""RBAC_4: the words and the judgement."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.binding import BINDING_KINDS, Binding, granted_rules
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import NotKnownError
from checkov_aiml.kubernetes_view.rbac import Rule
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

_CROWDS = {
    ("Group", "system:masters"): "which no authorisation rule can ever restrict",
    ("User", "system:anonymous"): "which is everyone, without signing in",
    ("Group", "system:unauthenticated"): "which is everyone, without signing in",
    ("Group", "system:authenticated"): "which is everyone who can sign in, every service account included",
}
_OPEN_BY_DESIGN = (
    "system:basic-user",
    "system:discovery",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
)
"""The roles that Kubernetes binds to everyone, version and discovery and what one may do oneself, or leaves to the
administrator to bind so: the public keys that service account tokens are verified with."""


class BindingTargets(ManifestJudgement):
    """No binding to cluster-admin or its like, none to groups that nobody controls."""

    id = "CKV_AIML_RBAC_4"
    name = "Ensure no Kubernetes binding gives cluster-admin, or gives anything to masters, anonymous or all users"
    severity = CRITICAL
    category = CheckCategories.IAM
    why = (
        "cluster-admin on a pipeline or notebook account makes every model, dataset and secret of the cluster its own; "
        "a binding to anonymous or to all authenticated users gives its rights to whoever reaches the API server."
    )
    fix = "Bind a role that names what the workload needs, to a service account or a group of named people."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"
    covers = ("N3",)
    maps = (
        "NCSC-CAF:B2.c",
        "UKGDPR:25(2)",
        "UKGDPR:32(1)(b)",
        "ISO27001:8.2",
        "CIS-EKS:4.1.1",
        "CIS-AKS:4.1.1",
    )
    limits = (
        "A role of another name that grants every verb on every resource counts as cluster-admin when it is scanned, "
        "with what Kubernetes aggregates into it by labels. Roles that exist only in the cluster are not seen."
    )
    kinds = BINDING_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        binding = Binding.read(manifest)
        if binding is None:
            return not_applicable(f"a {manifest.kind} of {manifest.api_group} is no RBAC binding")
        if not binding.subjects:
            return passed("the binding has no subjects and gives nobody anything")
        problems = list(_problems(binding))
        if problems:
            return failed("; ".join(reason for _, reason in problems), *(place for place, _ in problems))
        # A service account is no crowd, whatever its name.
        if not binding.role_is_known or not all(
            one.is_known or one.kind == "ServiceAccount" for one in binding.subjects
        ):
            return unresolved("the role or the subjects are not known", "roleRef", "subjects")
        return passed("bound is neither an administrator's role nor a group that nobody controls")


def _problems(binding: Binding) -> Iterator[tuple[str, str]]:
    crowds = list(_crowds(binding))
    try:
        yield from _administrators_role(binding)
    except NotKnownError:  # What is not known of the role mends no subject.
        if not crowds:
            raise
    yield from crowds


def _administrators_role(binding: Binding) -> Iterator[tuple[str, str]]:
    if binding.role_kind == "ClusterRole" and binding.role_name == "cluster-admin":
        yield "roleRef.name", "binds cluster-admin"
        return
    role = binding.role()
    if role is not None and any(map(_is_everything, granted_rules(role))):
        shown = binding.role_name or "a role"
        yield "roleRef.name", f"binds {shown}, which grants every verb on every resource as cluster-admin does"


def _crowds(binding: Binding) -> Iterator[tuple[str, str]]:
    if binding.role_name in _OPEN_BY_DESIGN and binding.role_kind == "ClusterRole":
        return
    for subject in binding.subjects:
        crowd = _CROWDS.get((subject.kind, subject.name))
        if crowd:
            yield f"{subject.path}.name", f"binds {subject.name}, {crowd}"


def _is_everything(rule: Rule) -> bool:
    return all("*" in field for field in (rule.api_groups, rule.resources, rule.verbs)) and not rule.is_limited_by_name
