"""RBAC_12: the words and the judgement."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.binding import BINDING_KINDS, Binding
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import objects_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved


class DanglingBindings(ManifestJudgement):
    """What a binding names exists."""

    id = "CKV_AIML_RBAC_12"
    name = "Ensure Kubernetes bindings refer to roles and service accounts that exist"
    severity = MEDIUM
    category = CheckCategories.IAM
    why = (
        "A binding to a name that nobody holds waits for whoever creates it: a new service account or role of that "
        "name gets rights that nobody meant for it. More often it is a slip, and the workload runs without its rights."
    )
    fix = "Correct the name or the namespace, add the object that is missing, or remove the binding."
    guideline = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review"
    covers = ("N3", "N9")
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "ISO27001:5.18")
    limits = (
        "A name that is not scanned is a finding only where other objects of its namespace are (bindings aside), no "
        "object of that name leaves its namespace open, and nothing there makes objects that are not scanned: a chart, "
        "a module without source, a body or name that is not known. Accounts that OpenShift and Kubeflow make in each "
        "namespace, ClusterRoles that are not scanned, the namespaces of Kubernetes itself, users and groups are not "
        "judged."
    )
    kinds = BINDING_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        binding = Binding.read(manifest)
        if binding is None:
            return not_applicable(f"a {manifest.kind} of {manifest.api_group} is no RBAC binding")
        if not binding.role_is_known:
            return unresolved("the role is not known", "roleRef.name")
        if not binding.role_name or binding.role_kind not in ("Role", "ClusterRole"):
            return failed("names no role; give roleRef a kind and a name", "roleRef")
        return all_of([_judge_role(binding), *_judge_accounts(binding)])


def _judge_role(binding: Binding) -> Verdict:
    if binding.role() is not None:
        return passed(f"the {binding.role_kind} {binding.role_name} exists")
    manifest = binding.manifest
    if binding.cluster_wide and binding.role_kind == "Role":
        return failed(f"a ClusterRoleBinding cannot bind the Role {binding.role_name}", "roleRef.kind")
    if binding.role_kind == "ClusterRole" or objects_of(manifest).may_lack("Role", binding.role_name, manifest):
        return not_applicable("the role is not in what is scanned")
    return failed(f"the Role {binding.role_name} does not exist {_there(manifest.namespace)}", "roleRef.name")


def _judge_accounts(binding: Binding) -> Iterator[Verdict]:
    manifest = binding.manifest
    objects = objects_of(manifest)
    for subject in binding.subjects:
        # Each namespace has a default account.
        if subject.kind != "ServiceAccount" or subject.name == "default" or not subject.is_known:
            continue
        place = ("ServiceAccount", subject.name, manifest, subject.namespace or None)
        if binding.cluster_wide and not subject.namespace:
            yield failed(f"the service account {subject.name} has no namespace", subject.path)
        elif objects.named(*place) is not None:
            yield passed(f"the service account {subject.name} exists")
        elif objects.may_lack(*place):
            yield not_applicable("the service account is not in what is scanned")
        else:
            where = _there(subject.namespace)
            yield failed(f"the service account {subject.name} does not exist {where}", f"{subject.path}.name")


def _there(namespace: str | None) -> str:
    return f"in namespace {namespace}, other objects of which are scanned" if namespace else "beside the binding"
