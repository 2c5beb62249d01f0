"""The controls on datasets: their words, and one judgement for all of them.

A dataset is judged once a scan: whether it is masked (PII_1, PII_2, PII_3) and whether it can be judged at all (PII_4)
are two questions to the same judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from checkov.common.models.enums import CheckCategories

from checkov_aiml.control import CRITICAL, HIGH, Control
from checkov_aiml.judgements.manifest_judgement import ManifestJudgement
from checkov_aiml.kubernetes_view.manifest import Manifest
from checkov_aiml.pii.uploads import UPLOADS, Dataset, dataset_entries, uploaded_by
from checkov_aiml.terraform_control import TerraformControl
from checkov_aiml.terraform_view.resources import Resource

_GUIDELINE = "https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/artificial-intelligence/guidance-on-ai-and-data-protection/"
_MAPS = (
    "NCSC-CAF:B3.a",
    "UKGDPR:5(1)(c)",
    "UKGDPR:25(1)",
    "UKGDPR:32(1)(a)",
    "ISO27001:8.11",
    "ATLAS:AML.T0057",
)
_KINDS = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}


class MaskedDatasets(Control):
    """What the controls on masking share."""

    severity = CRITICAL
    category = CheckCategories.GENERAL_SECURITY
    why = (
        "Whoever may read the repository, the plan or the store may read a sample dataset, copies of it cannot be "
        "called back, and a model that is trained or tested with it may repeat it."
    )
    fix = "Mask the dataset with `checkov-aiml pii mask`, or generate one that was never about anybody."
    guideline = _GUIDELINE
    covers = ("mlops",)
    maps = _MAPS
    limits = (
        "Values that were replaced by realistic fakes or by format-preserving encryption cannot be told from real "
        "ones: attest them in the settings. Names and places in prose are found only where a spaCy model is installed."
    )


class ReadableDatasets(Control):
    """PII_4: the words."""

    id = "CKV_AIML_PII_4"
    name = "Ensure datasets can be scanned for personal data"
    severity = HIGH
    category = CheckCategories.GENERAL_SECURITY
    why = (
        "A dataset that nobody could read was not found clean. Without this control an unknown format, a damaged "
        "file or a missing library would let personal data through in silence."
    )
    fix = (
        "Do what the reason says: install what is missing, repair or move the file, or raise the limit in the settings."
    )
    guideline = "https://microsoft.github.io/presidio/"
    covers = ("new",)
    maps = ("UKGDPR:5(2)", "UKGDPR:32(1)(d)", "ISO27001:8.12")
    limits = "A path that only an expression without a value tells is left to the scan of a plan."


class UploadControl(TerraformControl):
    """A control on the Terraform resources that upload objects."""

    resources: ClassVar[Mapping[str, tuple[str, ...]]] = UPLOADS

    def datasets(self, resource: Resource) -> list[Dataset]:
        """The datasets that a resource uploads, each judged once a scan."""
        file = Path(getattr(resource.body, "_file", None) or resource.root)
        return uploaded_by(resource, scanned_root(file, self._scanned_file))


def scanned_root(file: Path, scanned_file: str) -> Path:
    """The scanned folder, of which Checkov tells a check only a file's path below it."""
    below = scanned_file.lstrip("/")
    absolute = str(file.resolve())
    if absolute.endswith(f"/{below}") and len(absolute) > len(below) + 1:
        return Path(absolute[: -len(below) - 1])
    return file.resolve().parent


class ManifestDatasets(ManifestJudgement):
    """A control on the manifests that hold files."""

    kinds: ClassVar[Mapping[str, tuple[str, ...]]] = _KINDS

    def concerns_manifest(self, manifest: Manifest) -> bool:
        return bool(dataset_entries(manifest))


class NamedDatasets(MaskedDatasets):
    """PII_3: reported by the command and its pre-commit hook, which Checkov does not load."""

    id = "CKV_AIML_PII_3"
    name = "Ensure the datasets that the settings name hold no unmasked personal data"
    framework = "checkov-aiml pii scan"
    fails = """
$ cat patients.csv
full_name,date_of_birth,postcode
Ann Example,1980-02-29,SW1A 2AA
$ checkov-aiml pii scan patients.csv
"""
    passes = """
$ checkov-aiml pii mask patients.csv -o masked.csv
$ checkov-aiml pii scan masked.csv
"""

    @classmethod
    def attributes_read(cls) -> Mapping[str, tuple[str, ...]]:
        return {"files": ("pii.globs and the paths that the command is given",)}


named_datasets = NamedDatasets()
