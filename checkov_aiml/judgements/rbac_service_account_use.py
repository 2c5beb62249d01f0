"""RBAC_8: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.binding import BINDING_KINDS, Binding, Subject
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.objects import objects_of
from checkov_aiml.kubernetes_view.pods import POD_KINDS, Pod, is_ai_workload, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed, unresolved

_TOKEN = "automountServiceAccountToken"
_FOR_ALL_ACCOUNTS = ("system:service-account-issuer-discovery", "system:image-puller")
"""The roles that Kubernetes and OpenShift themselves bind to groups of service accounts."""


class ServiceAccountUse(ManifestJudgement):
    """The default service account has no rights, and AI pods get a token only where somebody asked for it."""

    id = "CKV_AIML_RBAC_8"
    name = "Ensure the default service account is not bound and AI workloads mount no token by default"
    severity = MEDIUM
    category = CheckCategories.IAM
    why = (
        "Every pod that names no other account runs as the default one, so its rights are everyone's. A token that is "
        "mounted by default hands an API credential to code that was only meant to train or serve a model, such as a "
        "pickled model that runs what its author liked."
    )
    fix = "Bind a service account of the workload's own, and set `automountServiceAccountToken: false` on the pod."
    guideline = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"
    covers = ("N6",)
    maps = (
        "NCSC-CAF:B2.a",
        "UKGDPR:25(2)",
        "UKGDPR:32(1)(b)",
        "ATLAS:AML.T0055",
        "CIS-EKS:4.1.5",
        "CIS-EKS:4.1.6",
        "CIS-AKS:4.1.5",
        "CIS-AKS:4.1.6",
    )
    limits = (
        "A pod with a named account that sets the field to true has asked for its token and passes. A pod that leaves "
        "it to a service account which is not scanned is not judged. Drivers of Spark make their executors through the "
        "API and are not judged, nor are heads of Ray clusters that scale themselves and launchers of the first MPIJob "
        "when they name no account, because their operators make one that the pod needs."
    )
    kinds = {**BINDING_KINDS, **POD_KINDS}

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return manifest.kind in BINDING_KINDS or is_ai_workload(manifest)

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if manifest.kind in BINDING_KINDS:
            return _judge_binding(Binding.read(manifest))
        return all_of(_judge_pod(pod, manifest) for pod in pods_of(manifest) if not pod.path.endswith(".driver"))


def _judge_binding(binding: Binding | None) -> Verdict:
    if binding is None:
        return not_applicable("no RBAC binding")
    bound = [one for one in binding.subjects if _holds_default(one, binding)]
    if bound:
        who = ", ".join(one.shown for one in bound)
        return failed(f"binds {binding.role_shown} to {who}", *(f"{one.path}.name" for one in bound))
    if not all(subject.is_known for subject in binding.subjects):
        return unresolved("who the subjects are is not known", "subjects")
    return passed("the default service account is not bound")


def _holds_default(subject: Subject, binding: Binding) -> bool:
    if subject.is_group_of_accounts:
        return binding.role_kind != "ClusterRole" or binding.role_name not in _FOR_ALL_ACCOUNTS
    return subject.kind == "ServiceAccount" and subject.name == "default"


def _judge_pod(pod: Pod, manifest: Manifest) -> Verdict:
    if pod.fallback is None:
        return not_applicable("another object decides on the service account and its token")
    place = f"{pod.path}.{_TOKEN}"
    own = pod.spec.get(_TOKEN)
    if own is False:
        return passed("no token is mounted by default")
    if not pod.service_account:
        return not_applicable("the operator makes the service account, and the pod needs its token")
    if own is True:
        if pod.service_account == "default":
            return failed(f"{pod.path} mounts the token of the default service account", place)
        return passed(f"the pod asks for the token of {pod.service_account}")
    account = objects_of(manifest).named("ServiceAccount", pod.service_account, manifest)
    if account is None and pod.service_account != "default":
        return not_applicable("the service account is not in what is scanned")
    if account is not None and account.read(_TOKEN) is False:
        return passed(f"the service account {pod.service_account} mounts no token")
    return failed(f"{pod.path} mounts the token of service account {pod.service_account} by default", place)
