"""SEC_6: the words, and the judgement of Kubernetes objects."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.judgements.secret_detection import secrets_in
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.partly_known import NotKnown, peek, peek_members
from checkov_aiml.kubernetes_view.pods import POD_KINDS, Pod, pods_of
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.terraform_view.encoding import marked
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

Field = tuple[str, str, str]
"""A place, a name and the text that stands under it."""

NO_SECRET = "no text looks like a secret"
_CALL = re.compile(r"\w+\(.*\)", re.DOTALL)


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
        "Secrets of a known format are found anywhere in the text, others by the name right beside the value, as in "
        "`name=value`, and not where only the place tells, as in `.netrc` and XML. A word that looks like the name of "
        "a secret passes for a token or key, and placeholders pass. Texts are read to 200,000 characters. A plan does "
        "not tell what is written beside a reference; the HCL does."
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
            fields = [field for pod in pods_of(manifest) for field in _in_environment(pod)]
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
    for key in data:
        yield from texts_in(peek(data, key), f"data.{key}", str(key))
    binary = mapping(manifest.read("binaryData"))
    for key in binary:
        if decoded := plain_text(peek(binary, key)) or written_part(peek(binary, key)):
            yield f"binaryData.{key}", str(key), decoded


def _in_environment(pod: Pod) -> Iterator[Field]:
    for place, container in pod.containers:
        for index, entry in enumerate(peek_members(members(container.get("env")))):
            if isinstance(entry, dict):
                yield from texts_in(peek(entry, "value"), f"{place}.env[{index}].value", text(peek(entry, "name")))
        variables = mapping(container.get("envVars"))
        for name in variables:
            yield from texts_in(peek(variables, name), f"{place}.envVars.{name}", str(name))


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
        yield from texts_in(entry, place, "object")


def texts_in(content: Any, place: str, name: str, seen: set[int] | None = None) -> Iterator[Field]:
    """The texts of a value; nested ones each under the name of its key, of those that are to come what is written."""
    if found := text(content) or written_part(content):
        yield place, name, found
    looked_into = set() if seen is None else seen  # YAML aliases can nest a value in itself.
    if not isinstance(content, (dict, list)) or id(content) in looked_into:
        return
    looked_into.add(id(content))
    if isinstance(content, dict):
        for key in content:
            yield from texts_in(peek(content, key), f"{place}.{key}", str(key), looked_into)
    else:
        for index, member in enumerate(peek_members(content)):
            yield from texts_in(member, f"{place}[{index}]", name, looked_into)


def written_part(value: object) -> str:
    """What is written of a text that is to come, with a mark for each expression; empty for anything else.

    A value that an expression alone decides is none, and of a function's call nobody knows what it makes of its texts.
    """
    expression = value.text.strip() if isinstance(value, NotKnown) else ""
    return "" if "${" not in expression or _CALL.fullmatch(expression) else marked(expression)[0]
