"""SEC_1: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.partly_known import NotKnown, NotKnownError, peek, peek_members, unless_unknown
from checkov_aiml.kubernetes_view.secret_class import (
    CLASS_KINDS,
    GROUP,
    LISTS,
    SecretClass,
    TextWithGaps,
    as_written,
    has_gap,
    is_text_entry,
)
from checkov_aiml.verdict import Verdict, all_of, failed, not_applicable, passed

_OTHER_PROVIDERS = ("akeyless", "conjur", "oci", "tencentcloud")
_SPEC = ("parameters", "provider", "secretObjects")
_FLAGS = {
    "aws": ("usePodIdentity",),
    "azure": ("usePodIdentity", "useVMManagedIdentity", "useAzureTokenProxy"),
    "vault": ("SkipTLSVerify",),
    "openbao": ("SkipTLSVerify",),
}
_BOOLEANS = ("", "1", "t", "true", "0", "f", "false")
"""What Go's `strconv.ParseBool` reads, in lower case, and nothing."""
_KEY_VAULT = re.compile(r"[-A-Za-z0-9]{3,24}")
_CLOUDS = (
    "azurepubliccloud",
    "azurecloud",
    "azurechinacloud",
    "azuregermancloud",
    "azureusgovernment",
    "azureusgovernmentcloud",
    "azurestackcloud",
)
_ARN = re.compile(r"arn:[\w-]+:(?P<service>[\w-]+):(?P<region>[\w-]*):[\w-]*:.+")
_SERVICES = {"secretsmanager": "secretsmanager", "ssm": "ssmparameter"}
_GCP_NAME = re.compile(r"projects/[^/]+/((locations/[^/]+/)?secrets|locations/[^/]+/parameters)/[^/]+/versions/[^/]+")
"""A secret, of Secret Manager in a region or in none, or a parameter of Parameter Manager."""

Problem = tuple[str, str]
"""A place and what is wrong there."""
Part = Callable[[], Iterator[Problem]]
ObjectCheck = Callable[[Mapping[str, Any], SecretClass], Iterator[Problem]]


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
        "only that parameters are strings. Whether the named secret exists is not seen, nor what fills `${NAME}`. In "
        "Terraform a boolean passes for a string, which `kubectl_manifest` does not make of it."
    )
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        secret_class = SecretClass.read(manifest)
        if secret_class is None:
            return not_applicable(f"a SecretProviderClass of {manifest.api_group} is not the CSI driver's")
        return all_of(_judge_part(part) for part in _parts(secret_class))


def _judge_part(part: Part) -> Verdict:
    """The verdict on what one check finds; a check that needs what is not known does not silence the others."""
    good = passed("the class is well-formed for its provider")
    return unless_unknown(lambda: all_of([good, *(failed(f"{place} {wrong}", place) for place, wrong in part())]))


def _parts(secret_class: SecretClass) -> Iterator[Part]:
    """The checks of a class, each on its own."""
    provider = secret_class.provider
    yield partial(_head, secret_class)
    if provider in (*LISTS, *_OTHER_PROVIDERS) and isinstance(secret_class.manifest.read("spec.parameters"), Mapping):
        yield partial(_strings, secret_class)
        yield from (partial(_flag, secret_class, name) for name in _FLAGS.get(provider, ()))
        yield from (partial(check, secret_class) for check in _OF_PROVIDER.get(provider, ()))
        yield from _parts_of_objects(secret_class) if provider in LISTS else ()


def _parts_of_objects(secret_class: SecretClass) -> Iterator[Part]:
    provider = secret_class.provider
    try:
        entries = secret_class.entries()
    except NotKnownError as error:
        yield partial(_stop, error)
        return
    yield partial(_list, secret_class, entries)
    for place, entry in entries:
        if isinstance(entry, dict):
            yield from (partial(_inside, place, check, entry, secret_class) for check in _OF_OBJECT[provider])
        else:
            yield partial(_no_object, place, entry)


def _stop(error: NotKnownError) -> Iterator[Problem]:
    raise error


def _head(secret_class: SecretClass) -> Iterator[Problem]:
    manifest, provider = secret_class.manifest, secret_class.provider
    if manifest.api_version != f"{GROUP}/v1":
        yield "apiVersion", f"is not {GROUP}/v1, the only version that is not deprecated or unknown"
    for key in mapping(manifest.read("spec")):
        if key not in _SPEC:
            yield f"spec.{key}", "stands where nobody reads it; move it under spec.parameters"
    if provider not in (*LISTS, *_OTHER_PROVIDERS):
        shown = "is not set" if not provider else "is no provider that is known"
        yield "spec.provider", f"{shown}; name {', '.join(LISTS)}"
    elif secret_class.provider_as_written != secret_class.provider_as_written.lower():
        yield "spec.provider", "is not in lower case, and the driver looks for exactly that name"
    elif not isinstance(manifest.read("spec.parameters"), Mapping):
        yield "spec.parameters", "is no mapping; give the provider its parameters"


def _strings(secret_class: SecretClass) -> Iterator[Problem]:
    for name in secret_class.parameters:
        value = secret_class.given(name)
        # Terraform's provider makes strings of booleans and numbers, as the resource definition asks for them.
        made = secret_class.is_of_terraform and isinstance(value, (bool, int, float))
        if not (made or isinstance(value, (str, NotKnown))):
            yield f"spec.parameters.{name}", "is no string; put it in quotes or after a `|`"


def _flag(secret_class: SecretClass, name: str) -> Iterator[Problem]:
    name = secret_class.of_vault(name) if name == "SkipTLSVerify" else name
    if secret_class.parameter(name).lower() not in _BOOLEANS:
        yield f"spec.parameters.{name}", 'is neither "true" nor "false"'


def _azure_vault(secret_class: SecretClass) -> Iterator[Problem]:
    name = secret_class.parameter("keyvaultName")
    if not _KEY_VAULT.fullmatch(name):
        wrong = "is no vault's name, which is 3 to 24 letters, digits and hyphens" if name else "is not set"
        yield "spec.parameters.keyvaultName", wrong


def _azure_tenant(secret_class: SecretClass) -> Iterator[Problem]:
    if not (secret_class.is_set("tenantID") or secret_class.is_set("tenantId")):
        yield "spec.parameters.tenantID", "is not set"


def _azure_cloud(secret_class: SecretClass) -> Iterator[Problem]:
    cloud = secret_class.parameter("cloudName")
    if cloud and cloud.lower() not in _CLOUDS:
        yield "spec.parameters.cloudName", "is no Azure cloud"


def _vault_role(secret_class: SecretClass) -> Iterator[Problem]:
    names = ("roleName", secret_class.of_vault("RoleName")) if secret_class.provider == "openbao" else ("roleName",)
    if not any(secret_class.is_set(name) for name in names):
        yield "spec.parameters.roleName", "is not set; name the Vault role of the pod's service account"


def _aws_regions(secret_class: SecretClass) -> Iterator[Problem]:
    region = secret_class.parameter("region")
    if region and region == secret_class.parameter("failoverRegion"):
        yield "spec.parameters.failoverRegion", "is the region itself; name another one"


_OF_PROVIDER: Mapping[str, tuple[Callable[[SecretClass], Iterator[Problem]], ...]] = {
    "aws": (_aws_regions,),
    "azure": (_azure_vault, _azure_tenant, _azure_cloud),
    "vault": (_vault_role,),
    "openbao": (_vault_role,),
}


def _list(secret_class: SecretClass, entries: list[tuple[str, Any]]) -> Iterator[Problem]:
    """What is wrong with the list as a whole: nothing in it, or a name twice where the provider refuses that."""
    name = LISTS[secret_class.provider]
    if not entries and isinstance(peek(secret_class.parameters, name) or "", str):
        yield f"spec.parameters.{name}", "is empty or missing; list what is to be mounted"
    seen: set[str] = set()
    for place, entry in entries:
        for field, holder in _names(mapping(entry), secret_class.provider):
            named = text(peek(holder, field.rpartition(".")[2]))
            if named and named in seen:
                yield f"{place}.{field}", "stands twice; give each object a name and an alias of its own"
            seen.add(named)


def _names(entry: Mapping[str, Any], provider: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of an object that no other object may repeat, and what holds them."""
    if provider in ("aws", "vault", "openbao"):
        yield "objectName", entry
    if provider == "aws":
        yield "objectAlias", entry
        for index, part in enumerate(peek_members(members(peek(entry, "jmesPath")))):
            yield f"jmesPath[{index}].objectAlias", mapping(part)


def _no_object(place: str, entry: object) -> Iterator[Problem]:
    if isinstance(entry, NotKnown):
        raise NotKnownError(entry.text)
    yield place, "is no mapping of fields" if is_text_entry(entry) else "is no text; give it after `- |`"


def _inside(place: str, check: ObjectCheck, entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    return ((f"{place}{field}", wrong) for field, wrong in check(entry, secret_class))


def _required(field: str) -> ObjectCheck:
    def check(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
        value = peek(entry, field)
        if isinstance(value, TextWithGaps) and value.is_set:
            return
        if entry.get(field) in (None, ""):
            yield f".{field}", "is not set"
        elif not isinstance(value, str):
            yield f".{field}", "is no string; put it in quotes"

    return check


def _string(field: str) -> ObjectCheck:
    def check(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
        if not isinstance(peek(entry, field), (str, NotKnown, type(None))):
            yield f".{field}", "is no string; put it in quotes"

    return check


def _aws_arn(entry: Mapping[str, Any], secret_class: SecretClass, class_region: str = "region") -> Iterator[Problem]:
    """What is wrong with an ARN; gaps in its account and in the name of its secret do not matter."""
    name = peek(entry, "objectName")
    arn, region = _ARN.fullmatch(as_written(name)), secret_class.given(class_region)
    if as_written(name).startswith("arn:"):
        if arn is None or (arn["service"] not in _SERVICES and not has_gap(arn["service"])):
            yield ".objectName", "is no ARN of Secrets Manager or Parameter Store"
        elif not has_gap(arn["region"]) and text(region).strip() not in ("", arn["region"]):
            yield ".objectName", f"is in {arn['region']}, while the class reads from {text(region).strip()}"
        elif isinstance(region, NotKnown):
            raise NotKnownError(region.text)
        elif has_gap(arn["service"]) or (region and has_gap(arn["region"])):
            raise NotKnownError(name.text)
    elif isinstance(name, TextWithGaps) and name.starts_with_gap:
        raise NotKnownError(name.text)


def _aws_type(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    kind = entry.get("objectType")
    if kind and kind not in _SERVICES.values():
        yield ".objectType", "is neither secretsmanager nor ssmparameter"
        return
    name = peek(entry, "objectName")
    if isinstance(name, TextWithGaps) and name.starts_with_gap:
        if kind:
            return
        raise NotKnownError(name.text)
    arn = _ARN.fullmatch(as_written(name))
    if not kind and arn is None and not as_written(name).startswith("arn:"):
        yield ".objectType", "is neither secretsmanager nor ssmparameter"
    elif kind and arn and arn["service"] in _SERVICES and _SERVICES[arn["service"]] != kind:
        yield ".objectType", "is not what the ARN names"


def _aws_versions(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    if entry.get("objectVersion") and entry.get("objectVersionLabel") and _type_of(entry) == "ssmparameter":
        yield ".objectVersionLabel", "stands beside objectVersion; a parameter takes only one of them"


def _type_of(entry: Mapping[str, Any]) -> str:
    arn = _ARN.fullmatch(as_written(peek(entry, "objectName")))
    return text(entry.get("objectType")) or (_SERVICES.get(arn["service"], "") if arn else "")


def _aws_jmes_path(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    paths = entry.get("jmesPath")
    for index, part in enumerate(members(paths)):
        for field in ("path", "objectAlias"):
            yield from ((f".jmesPath[{index}]{f}", wrong) for f, wrong in _required(field)(mapping(part), secret_class))
    if paths is not None and not members(paths):
        yield ".jmesPath", "is no list of paths and aliases"


def _aws_failover(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    failover = entry.get("failoverObject")
    if failover is None:
        return
    for check in (_required("objectName"), partial(_aws_arn, class_region="failoverRegion")):
        yield from ((f".failoverObject{field}", wrong) for field, wrong in check(mapping(failover), secret_class))
    if peek(entry, "objectAlias") in (None, ""):
        yield ".objectAlias", "is not set, which an object with a failoverObject needs"
    if secret_class.given("failoverRegion") in (None, ""):
        yield ".failoverObject", "stands in a class without failoverRegion"


def _azure_type(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    if entry.get("objectType") not in ("secret", "key", "cert"):
        yield ".objectType", "is none of secret, key and cert"


def _azure_format(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    kind, form = entry.get("objectType"), text(entry.get("objectFormat")).lower()
    encoding = text(entry.get("objectEncoding")).lower()
    if form not in ("", "pem", "pfx") or (form == "pfx" and kind != "secret"):
        yield ".objectFormat", "is neither pem nor, for a secret, pfx"
    if encoding and (encoding not in ("utf-8", "hex", "base64") or kind != "secret"):
        yield ".objectEncoding", "is none of utf-8, hex and base64, which only a secret takes"


def _azure_alias(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    if ".." in as_written(peek(entry, "objectAlias")):
        yield ".objectAlias", "leads out of the mounted folder"


def _gcp_name(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    name = peek(entry, "resourceName")
    if isinstance(name, TextWithGaps) and not _GCP_NAME.fullmatch(name.written):
        raise NotKnownError(name.text)
    if not _GCP_NAME.fullmatch(as_written(name)):
        yield ".resourceName", "is not projects/NAME/secrets/NAME/versions/VERSION"


def _gcp_path(entry: Mapping[str, Any], secret_class: SecretClass) -> Iterator[Problem]:
    if not any(as_written(peek(entry, field)) for field in ("path", "fileName")):
        yield ".path", "is not set, nor is fileName"


_OF_OBJECT: Mapping[str, tuple[ObjectCheck, ...]] = {
    "aws": (
        _required("objectName"),
        *(_string(field) for field in ("objectAlias", "objectVersion", "objectVersionLabel")),
        _aws_arn,
        _aws_type,
        _aws_versions,
        _aws_jmes_path,
        _aws_failover,
    ),
    "azure": (_required("objectName"), _azure_type, _azure_format, _azure_alias),
    "gcp": (_gcp_name, _gcp_path),
    "vault": (_required("objectName"), _required("secretPath")),
    "openbao": (_required("objectName"), _required("secretPath")),
}
