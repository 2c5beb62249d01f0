"""SEC_4: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.partly_known import unless_unknown
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass, as_written, has_gap
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed


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
    fix = (
        "Set `vaultAddress` to an https address, and remove `vaultSkipTLSVerify`; for OpenBao these are "
        "`openbaoAddress` and `openbaoSkipTLSVerify`."
    )
    guideline = "https://developer.hashicorp.com/vault/docs/deploy/kubernetes/csi/configurations"
    covers = ("P6",)
    maps = ("NCSC-CAF:B3.b", "UKGDPR:32(1)(a)")
    limits = "A class without `vaultAddress` takes the address that the provider was installed with, which is not seen."
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        secret_class = SecretClass.read(manifest)
        if secret_class is None or secret_class.provider not in ("vault", "openbao"):
            return not_applicable("no class of Vault")
        skips, address = secret_class.of_vault("SkipTLSVerify"), secret_class.of_vault("Address")
        return all_of(
            [
                unless_unknown(lambda: _judge_verification(secret_class, skips), f"spec.parameters.{skips}"),
                unless_unknown(lambda: _judge_address(secret_class, address), f"spec.parameters.{address}"),
            ]
        )


def _judge_verification(secret_class: SecretClass, name: str) -> Verdict:
    if secret_class.is_on(name):
        return failed(f"{name} is on, so any certificate will do", f"spec.parameters.{name}")
    return passed("TLS is verified")


def _judge_address(secret_class: SecretClass, name: str) -> Verdict:
    """A scheme that is written decides, whatever the rest of the address comes to."""
    scheme, separator, _ = as_written(secret_class.given(name)).strip().lower().partition("://")
    if not separator or has_gap(scheme):
        if not secret_class.parameter(name):
            return passed("TLS is verified")
    elif scheme in ("https", "unix"):
        return passed("Vault is reached over TLS")
    return failed(f"{name} is no https address", f"spec.parameters.{name}")
