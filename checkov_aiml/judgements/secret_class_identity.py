"""SEC_3: the words and the judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.partly_known import unless_unknown
from checkov_aiml.kubernetes_view.pods import POD_KINDS, mounts_secrets, pods_of
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, LISTS, SecretClass
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed


class SecretClassIdentity(ManifestJudgement):
    """Secrets are fetched with the identity of the pod that mounts them."""

    id = "CKV_AIML_SEC_3"
    name = "Ensure secrets are fetched with workload identity, not a node's identity or a service principal's password"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "With a node's identity every pod of the node can fetch the secrets, whoever runs it; AAD pod identity is "
        "retired; and a service principal's password in a Kubernetes Secret is one more secret that guards the others."
    )
    fix = "Set `clientID` (Azure) or `auth: pod-adc` (Google), and remove the other modes and the secret reference."
    guideline = (
        "https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/identity-access-modes/"
    )
    covers = ("P3", "P4")
    maps = ("NCSC-CAF:B2.a", "UKGDPR:32(1)(b)", "ATLAS:AML.T0055")
    limits = (
        "The AWS and Vault providers always use the pod's own service account; EKS Pod Identity is one of its ways. "
        "What the identity may read is the cloud's to say."
    )
    kinds = {**CLASS_KINDS, **dict.fromkeys(POD_KINDS, ("volumes.csi.nodePublishSecretRef",))}

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return manifest.kind not in POD_KINDS or mounts_secrets(manifest)

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if manifest.kind in POD_KINDS:
            return _judge_pods(manifest)
        secret_class = SecretClass.read(manifest)
        if secret_class is None or secret_class.provider not in LISTS:
            return not_applicable("no class of a provider whose identities are known")
        checks = _CHECKS.get(secret_class.provider, ())
        good = passed("secrets are fetched with the identity of the pod")
        return all_of([good, *(unless_unknown(lambda: check(secret_class)) for check in checks)])  # noqa: B023  # at once


def _azure_pod_identity(secret_class: SecretClass) -> Verdict:
    if secret_class.is_on("usePodIdentity"):
        return _failed("usePodIdentity", "usePodIdentity is on, and AAD pod identity is retired")
    return not_applicable()


def _azure_node_identity(secret_class: SecretClass) -> Verdict:
    if secret_class.is_on("useVMManagedIdentity"):
        return _failed("useVMManagedIdentity", "useVMManagedIdentity is on, so every pod of a node has the identity")
    return not_applicable()


def _azure_modes(secret_class: SecretClass) -> Verdict:
    modes = [name for name in ("useVMManagedIdentity", "usePodIdentity") if secret_class.is_on(name)]
    if secret_class.is_set("clientID"):
        modes = ["clientID", *modes]
    if not modes:
        return _failed("clientID", "clientID is not set, which leaves a service principal's password")
    return _failed(modes[0], "more than one identity mode is set") if len(modes) > 1 else not_applicable()


def _gcp_identity(secret_class: SecretClass) -> Verdict:
    if secret_class.parameter("auth") == "provider-adc":
        return _failed("auth", "auth is provider-adc, so every pod has the provider's own identity")
    return not_applicable()


def _failed(name: str, statement: str) -> Verdict:
    return failed(statement, f"spec.parameters.{name}")


_CHECKS: Mapping[str, tuple[Callable[[SecretClass], Verdict], ...]] = {
    "azure": (_azure_pod_identity, _azure_node_identity, _azure_modes),
    "gcp": (_gcp_identity,),
}


def _judge_pods(manifest: Manifest) -> Verdict:
    volumes = [(place, csi) for pod in pods_of(manifest) for place, _, csi in pod.secret_volumes]
    found = [
        (f"{place}.csi.nodePublishSecretRef", text(mapping(csi.get("nodePublishSecretRef")).get("name")))
        for place, csi in volumes
        if csi.get("nodePublishSecretRef") is not None
    ]
    if found:
        told = ", ".join(f"{place} names the Secret {name}" for place, name in found)
        return failed(f"{told}, a password with which the other secrets are fetched", *(place for place, _ in found))
    return passed("no volume fetches secrets with a password")
