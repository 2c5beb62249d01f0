"""SEC_3: the words and the judgement."""

from __future__ import annotations

from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.pods import POD_KINDS, mounts_secrets, pods_of
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed


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
        problems = {"azure": _azure, "gcp": _gcp}
        if secret_class is None or secret_class.provider not in ("aws", "azure", "gcp", "vault", "openbao"):
            return not_applicable("no class of a provider whose identities are known")
        found = list(problems[secret_class.provider](secret_class)) if secret_class.provider in problems else []
        if found:
            return failed("; ".join(wrong for _, wrong in found), *(f"spec.parameters.{name}" for name, _ in found))
        return passed("secrets are fetched with the identity of the pod")


def _azure(secret_class: SecretClass) -> Iterator[tuple[str, str]]:
    pod, node = secret_class.is_on("usePodIdentity"), secret_class.is_on("useVMManagedIdentity")
    client = secret_class.parameter("clientID")
    if pod:
        yield "usePodIdentity", "usePodIdentity is on, and AAD pod identity is retired"
    if node:
        yield "useVMManagedIdentity", "useVMManagedIdentity is on, so every pod of a node has the identity"
    if pod + node + bool(client) > 1:
        yield "clientID" if client else "useVMManagedIdentity", "more than one identity mode is set"
    if not (pod or node or client):
        yield "clientID", "clientID is not set, which leaves a service principal's password"


def _gcp(secret_class: SecretClass) -> Iterator[tuple[str, str]]:
    if secret_class.parameter("auth") == "provider-adc":
        yield "auth", "auth is provider-adc, so every pod has the provider's own identity"


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
