"""SEC_10: the words and the judgement."""

from __future__ import annotations

import re

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.literal_secrets import plain_text, texts_in
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.secret_detection import names_no_secret, secret_in_value, secrets_in
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping
from checkov_aiml.kubernetes_view.partly_known import NotKnown, PartlyKnownList, PartlyKnownMapping, peek, peek_members
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
        "Sealed and external secrets are other kinds and are not judged. Beside what Terraform takes from elsewhere, a "
        "user's name or a host may be written; of a text around an expression, what looks like a secret counts."
    )
    kinds = {"Secret": ("data", "stringData")}

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if manifest.api_group:
            return not_applicable(f"a Secret of {manifest.api_group} is not Kubernetes' own")
        fields = {field: mapping(manifest.read(field)) for field in ("data", "stringData")}
        entries = [(f"{field}.{key}", str(key), peek(data, key)) for field, data in fields.items() for key in data]
        is_filled = any(_is_partly_known(value) for _, _, value in entries)
        held = [place for place, key, value in entries if _is_data(place, key, value, is_filled)]
        if held:
            return failed(f"holds its data in {', '.join(held)}", *held)
        return passed("the Secret holds no data in clear")


def _is_data(place: str, key: str, value: object, is_filled: bool) -> bool:
    """Whether an entry is a secret's data; `is_filled` says that others of the Secret come from elsewhere."""
    if value is None or (isinstance(value, str) and _NO_DATA.fullmatch(value)):
        return False
    if _is_partly_known(value):
        return any(secrets_in(texts_in(value, place, key)))
    if is_filled and isinstance(value, str) and names_no_secret(key):
        return secret_in_value(key, plain_text(value) or value) is not None
    return True


def _is_partly_known(value: object) -> bool:
    if isinstance(value, PartlyKnownMapping):
        return any(_is_partly_known(peek(value, key)) for key in value)
    if isinstance(value, PartlyKnownList):
        return any(map(_is_partly_known, peek_members(value)))
    return isinstance(value, NotKnown)
