"""SEC_2: the words and the judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import HIGH
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.secret_class import CLASS_KINDS, SecretClass
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed

_ARN_REGION = re.compile(r"arn:[\w-]+:[\w-]+:(?P<region>[a-z0-9-]+):")
_GCP_LOCATION = re.compile(r"/locations/(?P<region>[^/]+)/")
_GCP_REGIONS = ("europe-west2",)
"""Google's region in London; the settings have no list for Google."""
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
        named = list(_regions(secret_class)) if secret_class else []
        if not named:
            return not_applicable("the class names no region")
        from checkov_aiml import settings

        regions = settings.current().regions.aws
        allowed = {"aws": regions, "gcp": _GCP_REGIONS}.get(secret_class.provider, ()) if secret_class else ()
        abroad = [(place, region) for place, region in named if region not in allowed]
        if abroad:
            told = "; ".join(f"{place} names {region}" for place, region in abroad)
            return failed(f"{told}; allowed is {', '.join(allowed) or 'AzurePublicCloud'}", *dict(abroad))
        return passed("every region that the class names is allowed")


def _regions(secret_class: SecretClass) -> Iterator[tuple[str, str]]:
    if secret_class.provider == "aws":
        for name in ("region", "failoverRegion"):
            if secret_class.parameter(name):
                yield f"spec.parameters.{name}", secret_class.parameter(name)
        for place, entry in secret_class.objects():
            failover = mapping(entry.get("failoverObject"))
            for here, value in ((place, entry), (f"{place}.failoverObject", failover)):
                if match := _ARN_REGION.match(text(value.get("objectName"))):
                    yield f"{here}.objectName", match["region"]
    if secret_class.provider == "gcp":
        for place, entry in secret_class.objects():
            if match := _GCP_LOCATION.search(text(entry.get("resourceName"))):
                yield f"{place}.resourceName", match["region"]
    if secret_class.provider == "azure" and secret_class.parameter("cloudName").lower() in _CLOUDS_ABROAD:
        yield "spec.parameters.cloudName", secret_class.parameter("cloudName")
