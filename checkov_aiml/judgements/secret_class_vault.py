"""SEC_4: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed


class SecretClassVault(ManifestJudgement):
    """Vault is reached over verified TLS."""

    id = "CKV_AIML_SEC_4"
    name = "Ensure SecretProviderClass objects reach Vault over HTTPS with TLS verified"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "Over plain HTTP, or without looking at the certificate, whoever sits between node and Vault reads the service "
        "account token and every secret that is fetched with it."
    )
    fix = "Set `vaultAddress` to an https address, and remove `vaultSkipTLSVerify`."
    guideline = "https://developer.hashicorp.com/vault/docs/deploy/kubernetes/csi/configurations"
    covers = ("P6",)
    maps = ("NCSC-CAF:B3.b", "UKGDPR:32(1)(a)")
    limits = "A class without `vaultAddress` takes the address that the provider was installed with, which is not seen."
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        secret_class = SecretClass.read(manifest)
        if secret_class is None or secret_class.provider not in ("vault", "openbao"):
            return not_applicable("no class of Vault")
        address = secret_class.parameter("vaultAddress")
        if secret_class.is_on("vaultSkipTLSVerify"):
            return failed("vaultSkipTLSVerify is on, so any certificate will do", "spec.parameters.vaultSkipTLSVerify")
        if address and not address.lower().startswith(("https://", "unix://")):
            return failed("vaultAddress is no https address", "spec.parameters.vaultAddress")
        return passed("Vault is reached over TLS" if address else "TLS is verified")
