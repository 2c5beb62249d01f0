"""SEC_2: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.partly_known import peek, unless_unknown
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass, TextWithGaps, as_written, has_gap
from checkov_aiml.verdict import MalformedError, Verdict, all_of, failed, not_applicable, passed, unresolved

_ARN_REGION = re.compile(r"arn:[^:]+:[^:]+:(?P<region>[^:]*):")
_GCP_LOCATION = re.compile(r"projects/[^/]+/locations/(?P<region>[^/]+)/")
_GCP_REGIONS = ("europe-west2",)
"""Google's region in London; the settings have no list for Google."""
Region = str | TextWithGaps
_CLOUDS_ABROAD = ("azurechinacloud", "azuregermancloud", "azureusgovernment", "azureusgovernmentcloud")


class SecretClassRegions(ManifestJudgement):
    """Secrets are read from allowed regions."""

    id = "CKV_AIML_SEC_2"
    name = "Ensure SecretProviderClass objects name allowed (UK) regions only"
    severity = HIGH
    category = CheckCategories.SECRETS
    why = (
        "A class that names another region keeps or fails over the workload's credentials, and often personal data in "
        "them, outside the UK, where nobody looked for it when transfers were assessed."
    )
    fix = "Name a region of the settings in `region`, `failoverRegion` and ARNs, or change the settings' list."
    guideline = (
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/integrating_csi_driver_SecretProviderClass.html"
    )
    covers = ("P5",)
    maps = ("NCSC-CAF:B3.a", "UKGDPR:44")
    limits = (
        "A class without `region` reads where its node runs, which no manifest shows. A key vault's name does not say "
        "where the vault is: CKV_AIML_RES_21 judges vaults. Vault addresses are not judged."
    )
    kinds = CLASS_KINDS

    def judge_manifest(self, manifest: Manifest) -> Verdict:
        secret_class = SecretClass.read(manifest)
        if secret_class is None:
            return not_applicable(f"a SecretProviderClass of {manifest.api_group} is not the CSI driver's")
        return all_of(
            [
                not_applicable("the class names no region"),
                *_judge_all(_parameter_regions(secret_class), secret_class),
                unless_unknown(lambda: all_of(_judge_all(_object_regions(secret_class), secret_class))),
            ]
        )


def _judge_all(regions: Iterator[tuple[str, Region]], secret_class: SecretClass) -> Iterator[Verdict]:
    from checkov_aiml import settings

    allowed = {"aws": settings.current().regions.aws, "gcp": _GCP_REGIONS}.get(secret_class.provider, ())
    for place, region in regions:
        if isinstance(region, TextWithGaps):
            yield unresolved(f"the value of {region.text} is not known").about(place)
        elif region in allowed:
            yield passed("every region that the class names is allowed", place)
        else:
            told = ", ".join(allowed) or "AzurePublicCloud"
            yield failed(f"names {region}, and allowed is {told}").about(place)


def _parameter_regions(secret_class: SecretClass) -> Iterator[tuple[str, Region]]:
    names = {"aws": ("region", "failoverRegion"), "azure": ("cloudName",)}.get(secret_class.provider, ())
    for name in names:
        region = secret_class.given(name)
        if isinstance(region, str):
            region = region.strip()
        is_public = name == "cloudName" and text(region).lower() not in _CLOUDS_ABROAD
        if isinstance(region, TextWithGaps) or (text(region) and not is_public):
            yield f"spec.parameters.{name}", region


def _object_regions(secret_class: SecretClass) -> Iterator[tuple[str, Region]]:
    try:
        entries = secret_class.entries()
    except MalformedError:  # SEC_1 tells of it.
        return
    for place, entry in entries:
        if not isinstance(entry, dict):
            continue
        if secret_class.provider == "gcp":
            yield from _region_in(_GCP_LOCATION, f"{place}.resourceName", peek(entry, "resourceName"))
        if secret_class.provider != "aws":
            continue
        failover = mapping(peek(entry, "failoverObject"))
        for here, one, name in ((place, entry, "region"), (f"{place}.failoverObject", failover, "failoverRegion")):
            for found in _region_in(_ARN_REGION, f"{here}.objectName", peek(one, "objectName")):
                # The provider refuses an ARN of another region than the class names, so that one decides.
                if not (isinstance(found[1], TextWithGaps) and secret_class.given(name)):
                    yield found


def _region_in(pattern: re.Pattern[str], place: str, name: Any) -> Iterator[tuple[str, Region]]:
    """The region that a name holds, if any; the whole name where its region is not known."""
    match = pattern.match(as_written(name))
    if match and match["region"]:
        yield place, name if has_gap(match["region"]) else match["region"]
    elif match is None and isinstance(name, TextWithGaps) and name.starts_with_gap:
        yield place, name
