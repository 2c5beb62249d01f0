"""SEC_6: the words, and the judgement of Kubernetes objects."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.secret_detection import secrets_in
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.partly_known import peek
from checkov_aiml.kubernetes_view.pods import POD_KINDS, environment_values, pods_of
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

Field = tuple[str, str, str]
"""A place, a name and the text that stands under it."""

NO_SECRET = "no text looks like a secret"


class LiteralSecrets(ManifestJudgement):
    """No secret is written where code and configuration are kept."""

    id = "CKV_AIML_SEC_6"
    name = "Ensure no literal secret stands in manifests, notebook scripts, container environments or secret resources"
    severity = CRITICAL
    category = CheckCategories.SECRETS
    why = (
        "What is written in the repository is read by everyone who may read the code, by every build and every clone, "
        "and stays in its history. Container environments and lifecycle scripts are shown in the console besides."
    )
    fix = "Rotate the secret, keep it in a vault, and mount it or name it by reference."
    guideline = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html"
    covers = ("P11", "S7")
    maps = ("NCSC-CAF:B2.d", "UKGDPR:32(1)(b)", "ATLAS:AML.T0055", "ATLAS:AML.T0083")
    limits = (
        "Secrets of a known format are found anywhere in the text, others by the name beside the value. A word that "
        "looks like the name of a secret passes for a token or key, and placeholders pass. Texts are read to 200,000 "
        "characters."
    )
    kinds = {
        **CLASS_KINDS,
        "ConfigMap": ("data", "binaryData"),
        **dict.fromkeys(POD_KINDS, ("containers.env", "containers.envFrom")),
    }

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        if manifest.kind == "SecretProviderClass":
            fields = list(_in_class(manifest))
        elif manifest.kind == "ConfigMap":
            fields = list(_in_config_map(manifest))
        else:
            fields = [field for pod in pods_of(manifest) for field in environment_values(pod)]
        return judge_fields(fields)


def judge_fields(fields: Iterable[Field]) -> Verdict:
    """The verdict on some named texts: failed where one looks like a secret, saying where and what, never the text."""
    named = list(fields)
    if not named:
        return not_applicable("no text to look into")
    found = [
        (place, f"{place} ({name}) holds what looks like a secret: {kind}") for place, name, kind in secrets_in(named)
    ]
    if found:
        return failed("; ".join(sentence for _, sentence in found), *(place for place, _ in found))
    return passed(NO_SECRET)


def _in_config_map(manifest: Manifest) -> Iterator[Field]:
    if manifest.api_group:
        return
    data = mapping(manifest.read("data"))
    yield from ((f"data.{key}", str(key), text(peek(data, key))) for key in data if text(peek(data, key)))
    binary = mapping(manifest.read("binaryData"))
    yield from (
        (f"binaryData.{key}", str(key), decoded) for key in binary if (decoded := plain_text(peek(binary, key)))
    )


def plain_text(encoded: object) -> str:
    """The text that base64 holds; empty when it is none, or no text."""
    try:
        return base64.b64decode(text(encoded), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _in_class(manifest: Manifest) -> Iterator[Field]:
    secret_class = SecretClass.read(manifest)
    if secret_class is None:
        return
    for name in secret_class.parameters:
        yield f"spec.parameters.{name}", str(name), text(peek(secret_class.parameters, name))
    for place, entry in secret_class.objects():
        yield from texts_in(entry, place)


def texts_in(content: Any, place: str) -> Iterator[Field]:
    """The texts of a nested value, each under the name of its key."""
    for key in mapping(content):
        value = peek(content, key)
        if isinstance(value, str):
            yield f"{place}.{key}", str(key), value
        elif isinstance(value, dict):
            yield from texts_in(value, f"{place}.{key}")
