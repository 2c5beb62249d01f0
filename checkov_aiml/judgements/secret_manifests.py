"""SEC_10: the words and the judgement."""

from __future__ import annotations

import re

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping
from checkov_aiml.kubernetes_view.partly_known import NotKnown, peek
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

_NO_DATA = re.compile(r"\s*|ENC\[.*\]\s*|\$\{[^}]*\}\s*|\$\([^)]*\)\s*|<[^>]*>\s*", re.DOTALL)


class SecretManifests(ManifestJudgement):
    """No Secret is kept with its data."""

    id = "CKV_AIML_SEC_10"
    name = "Ensure no Kubernetes Secret stands in the repository with its data"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "The data of a Secret is base64, which is no encryption: whoever reads the repository or its history has the "
        "credential, and rotating it means rewriting a commit."
    )
    fix = (
        "Rotate the secret, and mount it from a vault through a SecretProviderClass, or encrypt the manifest with SOPS."
    )
    guideline = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
    covers = ("N11",)
    maps = ("NCSC-CAF:B3.c", "UKGDPR:32(1)(a)", "ATLAS:AML.T0055", "CIS-EKS:4.4.2", "CIS-AKS:4.5.2")
    limits = (
        "What is encrypted by SOPS, empty, or a placeholder that is filled in when it is applied (`${NAME}`) passes. "
        "Sealed and external secrets are other kinds and are not judged."
    )
    kinds = {"Secret": ("data", "stringData")}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if manifest.api_group:
            return not_applicable(f"a Secret of {manifest.api_group} is not Kubernetes' own")
        entries = [(f, mapping(manifest.read(f))) for f in ("data", "stringData")]
        held = [f"{field}.{key}" for field, data in entries for key in data if _is_data(peek(data, key))]
        if held:
            return failed(f"holds its data in {', '.join(held)}", *held)
        return passed("the Secret holds no data in clear")


def _is_data(value: object) -> bool:
    if isinstance(value, NotKnown):
        return False
    return value is not None and not (isinstance(value, str) and _NO_DATA.fullmatch(value))
