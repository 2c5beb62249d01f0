"""The settings: one YAML file, typed and validated; every default works without a file.

The file is the one that the environment variable `CHECKOV_AIML_CONFIG` names, else the first `.checkov-aiml.yaml` from
the current directory upwards. A file that cannot be used raises `SettingsError`; the control base turns that into a
failed result on every resource, because an exception at load time ends some of Checkov's scans green.
"""

from __future__ import annotations

import datetime
import os
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE_NAME = ".checkov-aiml.yaml"
VARIABLE = "CHECKOV_AIML_CONFIG"


class SettingsError(Exception):
    """The settings cannot be used; the text is one line: file, key, reason."""


class _Section(BaseModel):
    # Strict because `unresolved: yes` or a quoted number is more often a slip than an intention.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]


class Regions(_Section):
    """Where AI resources and AI data may be."""

    aws: tuple[Text, ...] = Field(("eu-west-2",), description="Allowed AWS regions.", min_length=1, strict=False)
    azure: tuple[Text, ...] = Field(
        ("uksouth", "ukwest"), description="Allowed Azure locations.", min_length=1, strict=False
    )


class TagMarker(_Section):
    """A tag that marks a resource as AI/ML; without a value any value of the tag marks it."""

    key: Text = Field(description="The tag's name.")
    value: Text | None = Field(None, description="The tag's value; any value when absent.")


class Markers(_Section):
    """What marks a data, network, key or role resource as AI/ML when no AI resource refers to it."""

    tags: tuple[TagMarker, ...] = Field(
        (TagMarker(key="workload_type", value="ai_training"), TagMarker(key="DataType", value="AI-ML-Training")),
        description="Tags that mark a resource as AI/ML.",
        strict=False,
    )
    names: tuple[Text, ...] = Field(
        (),
        description="Words that mark a resource by its Terraform name or name argument, whole words only.",
        strict=False,
    )


class Tags(_Section):
    """Tags that AI resources must carry; off while empty."""

    required: dict[Text, Texts] = Field(
        {}, description="Tag name to its allowed values; an empty list allows any value.", strict=False
    )


class Classification(_Section):
    """How AI data stores say what they hold; off while `values` is empty."""

    tag: Text = Field("data_sensitivity", description="The tag that classifies a data store.")
    values: tuple[Text, ...] = Field((), description="Allowed values of that tag.", strict=False)


class Models(_Section):
    """Which models may be deployed; each list is off while empty."""

    approved: tuple[Text, ...] = Field((), description="Approved model identifiers; `*` and `?` match.", strict=False)
    approved_versions: tuple[Text, ...] = Field((), description="Approved values of the version tag.", strict=False)
    signature_tag: Text = Field("signature", description="Tag that carries a model's signature.")
    version_tag: Text = Field("version", description="Tag that carries a model's version.")


class TrustedService(_Section):
    """A service that may assume AI roles, and a tag that the role must then carry."""

    service: Text = Field(description="Service principal, such as lambda.amazonaws.com.")
    required_tag: TagMarker | None = Field(None, description="Tag that a role trusting the service must carry.")


class Identity(_Section):
    """Who may use AI identities."""

    trusted_services: tuple[TrustedService, ...] = Field(
        (),
        description="Service principals that may assume AI roles, beside the AI services themselves.",
        strict=False,
    )
    groups_allowed: bool = Field(True, description="Whether roles on AI scopes may be given to groups.")


class Images(_Section):
    """Where model and base images may come from; off while empty."""

    registries: tuple[Text, ...] = Field((), description="Approved registries; `*` and `?` match.", strict=False)


class Retention(_Section):
    """How long data may be kept, in days."""

    logs_days: int = Field(30, ge=1, description="Longest retention of logs that may hold prompts or personal data.")
    training_data_days: int = Field(365, ge=1, description="Longest life of training data.")


class Guardrails(_Section):
    """What a model guardrail must reach."""

    grounding_threshold: float = Field(
        0.7, ge=0, lt=1, description="Lowest contextual grounding and relevance threshold.", strict=False
    )


class Kubernetes(_Section):
    """What marks a workload on Kubernetes as AI/ML, beside the kinds of AI operators."""

    namespaces: tuple[Text, ...] = Field((), description="Namespaces of AI workloads; `*` matches.", strict=False)
    labels: dict[Text, Text] = Field({}, description="Labels of AI workloads.")
    images: tuple[Text, ...] = Field((), description="Images of AI workloads; `*` matches.", strict=False)


class PersonalData(_Section):
    """How sample datasets are judged."""

    entities: tuple[Text, ...] = Field(
        (), description="Entities looked for; empty means the built-in set.", strict=False
    )
    thresholds: dict[Text, float] = Field(
        {}, description="Share of a column that makes an entity a leak.", strict=False
    )
    globs: tuple[Text, ...] = Field(
        (), description="Files that are datasets, beside those that resources name.", strict=False
    )
    language: Text = Field("en", description="Language of the analyser.")
    model: Text | None = Field(None, description="Installed spaCy model used for names and places.")
    max_rows: int | None = Field(None, ge=1, description="Rows judged a file; all rows when absent.")
    max_bytes: int = Field(1_073_741_824, ge=1, description="Largest file that is judged, in bytes after unpacking.")
    follow_outside_root: bool = Field(False, description="Whether datasets outside the scanned folder are read.")


class Attestation(_Section):
    """A statement that a dataset is masked in a way that no scan can see."""

    file: Text = Field(description="Path relative to the settings file.")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="SHA-256 of the file's content.")
    method: Text = Field(description="How the dataset was masked or made.")
    owner: Text = Field(description="Who answers for it.")
    expires: datetime.date = Field(description="Last day on which it holds.", strict=False)


class Exemption(_Section):
    """A finding that its owner accepts until a date; reported as skipped, and as failed after that date."""

    control: Annotated[str, Field(pattern=r"^CKV_AIML_[A-Z]+_[0-9]+$")] = Field(description="Id of the control.")
    resource: Text = Field(description="Resource address or Kubernetes resource id; `*` and `?` match.")
    reason: Text = Field(description="Why the finding is accepted.")
    owner: Text = Field(description="Who answers for it.")
    expires: datetime.date = Field(description="Last day on which it holds.", strict=False)

    def covers(self, control: str, address: str) -> bool:
        """Whether it speaks of that control and resource. Brackets of an address such as `x.y["a"]` are themselves."""
        return self.control == control and fnmatchcase(address, self.resource.replace("[", "[[]"))


class AcceptedPath(_Section):
    """A path of which `checkov-aiml scan` accepts that Checkov does not look at it."""

    path: Text = Field(description="Path relative to the settings file, or a pattern; `*` and `?` match.")
    reason: Text = Field(description="Why nothing is lost by it.")


class Settings(_Section):
    """Everything that an organisation can set."""

    unresolved: Literal["unknown", "fail"] = Field(
        "unknown", description="What an expression without a value makes of a control: no result, or a failed one."
    )
    regions: Regions = Field(Regions(), description=Regions.__doc__)
    markers: Markers = Field(Markers(), description=Markers.__doc__)
    tags: Tags = Field(Tags(), description=Tags.__doc__)
    classification: Classification = Field(Classification(), description=Classification.__doc__)
    models: Models = Field(Models(), description=Models.__doc__)
    images: Images = Field(Images(), description=Images.__doc__)
    identity: Identity = Field(Identity(), description=Identity.__doc__)
    retention: Retention = Field(Retention(), description=Retention.__doc__)
    guardrails: Guardrails = Field(Guardrails(), description=Guardrails.__doc__)
    kubernetes: Kubernetes = Field(Kubernetes(), description=Kubernetes.__doc__)
    pii: PersonalData = Field(PersonalData(), description=PersonalData.__doc__)
    attestations: tuple[Attestation, ...] = Field((), description="Attested datasets.", strict=False)
    exemptions: tuple[Exemption, ...] = Field((), description="Findings accepted until a date.", strict=False)
    accepted_paths: tuple[AcceptedPath, ...] = Field(
        (), description="Paths that Checkov cannot read and that need not be read.", strict=False
    )


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML would silently keep the last one."""


def _mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key '{key}' stands twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def find_file(start: Path | None = None) -> Path | None:
    """The settings file in force, or None when the defaults are.

    Raises `SettingsError` when the environment variable names a file that does not exist.
    """
    named = os.environ.get(VARIABLE)
    if named is not None:
        path = Path(named)
        if not path.is_file():
            raise SettingsError(f"{named or VARIABLE}: {VARIABLE} names no readable file; correct it or unset it")
        return path
    directory = (start or Path.cwd()).resolve()
    for folder in (directory, *directory.parents):
        if (folder / FILE_NAME).exists():
            return folder / FILE_NAME
    return None


def read(path: Path) -> Settings:
    """The settings of one file. Raises `SettingsError` with file, key and reason in one line."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}" if mark else "the file"
        raise SettingsError(f"{path}: {place}: {error.problem}; correct the YAML") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise SettingsError(f"{path}: the file cannot be read: {type(error).__name__}; correct or remove it") from None
    if content is None:
        return Settings()
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: the file: must be a mapping of settings, not a {type(content).__name__}")
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        message = "no such setting" if first["type"] == "extra_forbidden" else first["msg"]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise SettingsError(f"{path}: {key}: {message}{more}") from None


@lru_cache(maxsize=1)
def _in_force(named: str | None, directory: str) -> Settings | SettingsError:
    try:
        path = find_file(Path(directory))
        return read(path) if path else Settings()
    except SettingsError as error:
        return error


def current() -> Settings:
    """The settings in force, read once a process for a place. Raises `SettingsError` each time they cannot be used."""
    settings = _in_force(os.environ.get(VARIABLE), os.getcwd())
    if isinstance(settings, SettingsError):
        raise settings
    return settings


def forget() -> None:
    """Forget what was read, so that the next `current()` reads the file anew."""
    _in_force.cache_clear()
