"""SEC_5: the words and the judgement."""

from __future__ import annotations

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import MEDIUM
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed


class SecretClassSync(ManifestJudgement):
    """Secrets stay in the vault and the pod."""

    id = "CKV_AIML_SEC_5"
    name = "Ensure SecretProviderClass objects do not copy secrets into Kubernetes Secrets"
    severity = MEDIUM
    category = CheckCategories.SECRETS
    why = (
        "A copy in a Kubernetes Secret can be read by everyone who may read Secrets, stays in etcd and in its backups, "
        "and undoes what the vault's own access rules and audit were bought for."
    )
    fix = "Remove `secretObjects`, and read the mounted files."
    guideline = "https://secrets-store-csi-driver.sigs.k8s.io/topics/best-practices"
    covers = ("P8",)
    maps = ("NCSC-CAF:B3.c", "UKGDPR:32(1)(a)", "ATLAS:AML.T0055")
    limits = "Copies that the separate sync controller makes (SecretSync objects) are not judged."
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if SecretClass.read(manifest) is None:
            return not_applicable(f"a SecretProviderClass of {manifest.api_group} is not the CSI driver's")
        copies = manifest.read("spec.secretObjects")
        if copies in (None, [], {}):
            return passed("no secret is copied into a Kubernetes Secret")
        names = ", ".join(text(mapping(copy).get("secretName")) or "one without a name" for copy in members(copies))
        return failed(f"copies secrets into the Kubernetes Secrets {names}", "spec.secretObjects")
