"""SEC_7: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.kubernetes_view.pods import POD_KINDS, mounts_secrets, pods_of
from checkov_aiml.verdict import Verdict, all_of, failed, passed


class SecretMountAccounts(ManifestJudgement):
    """A pod that mounts secrets has an identity of its own."""

    id = "CKV_AIML_SEC_7"
    name = "Ensure pods that mount a SecretProviderClass run under a named service account"
    severity = MEDIUM
    category = CheckCategories.SECRETS
    why = (
        "The vault is asked with the pod's service account. If that is the default one, every pod of the namespace "
        "that names no other can fetch the same secrets."
    )
    fix = "Set `serviceAccountName` to an account of the workload, and allow that one in the vault."
    guideline = "https://secrets-store-csi-driver.sigs.k8s.io/topics/best-practices"
    covers = ("P4", "N6")
    maps = ("NCSC-CAF:B2.a", "UKGDPR:32(1)(b)", "ATLAS:AML.T0055")
    limits = "Whether the vault's rules name the account is not seen."
    kinds = dict.fromkeys(POD_KINDS, ("serviceAccountName", "volumes.csi"))

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return mounts_secrets(manifest)

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        return all_of(
            failed(f"{pod.path} mounts secrets as the default service account", f"{pod.path}.serviceAccountName")
            if pod.service_account == "default"
            else passed("a named service account mounts the secrets")
            for pod in pods_of(manifest)
            if pod.secret_volumes and pod.fallback is not None
        )
