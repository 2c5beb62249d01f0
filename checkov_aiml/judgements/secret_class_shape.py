"""SEC_1: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, GROUP, LISTS, SecretClass, is_text_entry
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

_OTHER_PROVIDERS = ("akeyless", "conjur", "oci", "tencentcloud")
_SPEC = ("parameters", "provider", "secretObjects")
_FLAGS = {
    "aws": ("usePodIdentity",),
    "azure": ("usePodIdentity", "useVMManagedIdentity", "useAzureTokenProxy"),
    "vault": ("vaultSkipTLSVerify",),
}
_CLOUDS = (
    "azurepubliccloud",
    "azurecloud",
    "azurechinacloud",
    "azuregermancloud",
    "azureusgovernment",
    "azureusgovernmentcloud",
    "azurestackcloud",
)
_ARN = re.compile(r"arn:[\w-]+:(?P<service>[\w-]+):(?P<region>[\w-]*):\d*:.+")
_SERVICES = {"secretsmanager": "secretsmanager", "ssm": "ssmparameter"}
_GCP_NAME = re.compile(r"projects/[^/]+/(locations/[^/]+/)?secrets/[^/]+/versions/[^/]+")

Problem = tuple[str, str]
"""A place and what is wrong there."""


class SecretClassShape(ManifestJudgement):
    """A SecretProviderClass that the driver and its provider can read."""

    id = "CKV_AIML_SEC_1"
    name = "Ensure SecretProviderClass objects are well-formed for the CSI driver and their provider"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "Nothing reads the class until a pod mounts it: a slip in the nested text, a key beside `parameters` or a flag "
        "that is no string then keeps pods from starting, and the hurried way out is a plain Kubernetes Secret."
    )
    fix = "Correct what the message names; the provider's documentation shows each field."
    guideline = "https://secrets-store-csi-driver.sigs.k8s.io/concepts#secretproviderclass"
    covers = ("P1", "P2", "P3", "P7")
    maps = ("NCSC-CAF:B4.b", "UKGDPR:32(1)(b)")
    limits = (
        "The objects of the AWS, Azure, Google and Vault providers are read; of Akeyless, Conjur, Oracle and Tencent "
        "only that parameters are strings. Whether the named secret exists is not seen."
    )
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        secret_class = SecretClass.read(manifest)
        if secret_class is None:
            return not_applicable(f"a SecretProviderClass of {manifest.api_group} is not the CSI driver's")
        problems = list(_problems(secret_class))
        if problems:
            return failed("; ".join(f"{place} {wrong}" for place, wrong in problems), *dict(problems))
        return passed("the class is well-formed for its provider")


def _problems(secret_class: SecretClass) -> Iterator[Problem]:
    manifest, provider = secret_class.manifest, secret_class.provider
    if manifest.api_version != f"{GROUP}/v1":
        yield "apiVersion", f"is not {GROUP}/v1, the only version that is not deprecated or unknown"
    for key in mapping(manifest.read("spec")):
        if key not in _SPEC:
            yield f"spec.{key}", "stands where nobody reads it; move it under spec.parameters"
    if provider not in (*LISTS, *_OTHER_PROVIDERS):
        shown = "is not set" if not provider else "is no provider that is known"
        yield "spec.provider", f"{shown}; name {', '.join(LISTS)}"
    elif not isinstance(manifest.read("spec.parameters"), Mapping):
        yield "spec.parameters", "is no mapping; give the provider its parameters"
    else:
        yield from _parameter_problems(secret_class)


def _parameter_problems(secret_class: SecretClass) -> Iterator[Problem]:
    provider = secret_class.provider
    for name in secret_class.parameters:
        if not isinstance(secret_class.parameters.get(name), str):
            yield f"spec.parameters.{name}", "is no string; put it in quotes or after a `|`"
    for name in _FLAGS.get(provider, ()):
        value = secret_class.parameters.get(name)
        if isinstance(value, str) and value.strip().lower() not in ("true", "false", ""):
            yield f"spec.parameters.{name}", 'is neither "true" nor "false"'
    yield from _OF_PROVIDER.get(provider, lambda _: iter(()))(secret_class)
    if provider not in LISTS:
        return
    entries = secret_class.entries()
    place = f"spec.parameters.{LISTS[provider]}"
    if not entries and isinstance(secret_class.parameters.get(LISTS[provider], ""), str):
        yield place, "is empty or missing; list what is to be mounted"
    for here, entry in entries:
        if not is_text_entry(entry):
            yield here, "is no text; give it after `- |`"
        elif not isinstance(entry, dict):
            yield here, "is no mapping of fields"
        else:
            yield from ((f"{here}{field}", wrong) for field, wrong in _OF_OBJECT[provider](entry, secret_class))


def _azure(secret_class: SecretClass) -> Iterator[Problem]:
    vault = secret_class.parameter("keyvaultName")
    if not 3 <= len(vault) <= 24:
        yield "spec.parameters.keyvaultName", "is not set, or not the 3 to 24 characters of a vault's name"
    if not (secret_class.parameter("tenantID") or secret_class.parameter("tenantId")):
        yield "spec.parameters.tenantID", "is not set"
    cloud = secret_class.parameter("cloudName")
    if cloud and cloud.lower() not in _CLOUDS:
        yield "spec.parameters.cloudName", "is no Azure cloud"


def _vault(secret_class: SecretClass) -> Iterator[Problem]:
    if not secret_class.parameter("roleName"):
        yield "spec.parameters.roleName", "is not set; name the Vault role of the pod's service account"


_OF_PROVIDER: Mapping[str, Callable[[SecretClass], Iterator[Problem]]] = {
    "azure": _azure,
    "vault": _vault,
    "openbao": _vault,
}


def _aws_object(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    regions = secret_class.parameter("region"), secret_class.parameter("failoverRegion")
    yield from _aws_name(entry, entry.get("objectType"), regions[0])
    for field in ("objectAlias", "objectVersion", "objectVersionLabel"):
        if entry.get(field) is not None and not isinstance(entry.get(field), str):
            yield f".{field}", "is no string; put it in quotes"
    if _type_of(entry) == "ssmparameter" and entry.get("objectVersion") and entry.get("objectVersionLabel"):
        yield ".objectVersionLabel", "stands beside objectVersion; a parameter takes only one of them"
    for index, part in enumerate(members(entry.get("jmesPath"))):
        for field in ("path", "objectAlias"):
            if not text(mapping(part).get(field)):
                yield f".jmesPath[{index}].{field}", "is not set"
    if entry.get("jmesPath") is not None and not members(entry.get("jmesPath")):
        yield ".jmesPath", "is no list of paths and aliases"
    failover = entry.get("failoverObject")
    if failover is not None:
        yield from (
            (f".failoverObject{f}", w) for f, w in _aws_name(mapping(failover), entry.get("objectType"), regions[1])
        )
        if not text(entry.get("objectAlias")):
            yield ".objectAlias", "is not set, which an object with a failoverObject needs"
        if not regions[1]:
            yield ".failoverObject", "stands in a class without failoverRegion"


def _aws_name(entry: Mapping[str, Any], object_type: Any, region: str) -> Iterator[Problem]:
    name = text(entry.get("objectName"))
    arn = _ARN.fullmatch(name)
    if not name:
        yield ".objectName", "is not set"
    elif name.startswith("arn:") and (arn is None or arn["service"] not in _SERVICES):
        yield ".objectName", "is no ARN of Secrets Manager or Parameter Store"
    elif arn and region and arn["region"] != region:
        yield ".objectName", f"is in {arn['region']}, while the class reads from {region}"
    elif arn and object_type and _SERVICES[arn["service"]] != object_type:
        yield ".objectType", "is not what the ARN names"
    elif object_type not in _SERVICES.values() and (object_type or not arn):
        yield ".objectType", "is neither secretsmanager nor ssmparameter"


def _type_of(entry: Mapping[str, Any]) -> str:
    arn = _ARN.fullmatch(text(entry.get("objectName")))
    return text(entry.get("objectType")) or (_SERVICES.get(arn["service"], "") if arn else "")


def _azure_object(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    kind = entry.get("objectType")
    if not text(entry.get("objectName")):
        yield ".objectName", "is not set"
    if kind not in ("secret", "key", "cert"):
        yield ".objectType", "is none of secret, key and cert"
    form, encoding = text(entry.get("objectFormat")).lower(), text(entry.get("objectEncoding")).lower()
    if form not in ("", "pem", "pfx") or (form == "pfx" and kind != "secret"):
        yield ".objectFormat", "is neither pem nor, for a secret, pfx"
    if encoding and (encoding not in ("utf-8", "hex", "base64") or kind != "secret"):
        yield ".objectEncoding", "is none of utf-8, hex and base64, which only a secret takes"
    if ".." in text(entry.get("objectAlias")):
        yield ".objectAlias", "leads out of the mounted folder"


def _gcp_object(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    if not _GCP_NAME.fullmatch(text(entry.get("resourceName"))):
        yield ".resourceName", "is not projects/NAME/secrets/NAME/versions/VERSION"
    if not (text(entry.get("path")) or text(entry.get("fileName"))):
        yield ".path", "is not set, nor is fileName"


def _vault_object(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    for field in ("objectName", "secretPath"):
        if not text(entry.get(field)):
            yield f".{field}", "is not set"


_OF_OBJECT: Mapping[str, Callable[[Mapping[str, Any], SecretClass], Iterator[Problem]]] = {
    "aws": _aws_object,
    "azure": _azure_object,
    "gcp": _gcp_object,
    "vault": _vault_object,
    "openbao": _vault_object,
}
