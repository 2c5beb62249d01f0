"""How a SecretProviderClass is read: its provider, its parameters and the list of objects nested in them as YAML text.

Sources: the custom resource definition of the Secrets Store CSI driver (`spec.parameters` is a map of strings), and
what the providers parse: AWS `provider/secret_descriptor.go`, Azure `pkg/provider/types`, Google `config/config.go`,
Vault `internal/config/config.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.verdict import MalformedError

GROUP = "secrets-store.csi.x-k8s.io"
CLASS_KINDS = {"SecretProviderClass": ("apiVersion", "spec.provider", "spec.parameters", "spec.secretObjects")}
LISTS = {"aws": "objects", "azure": "objects", "gcp": "secrets", "vault": "objects", "openbao": "objects"}
"""Provider to the parameter that holds its list of objects."""

_PARAMETERS = "spec.parameters"


@dataclass(frozen=True)
class SecretClass:
    """A SecretProviderClass of the CSI driver, of either API version."""

    manifest: Manifest

    @classmethod
    def read(cls, manifest: Manifest) -> SecretClass | None:
        """The class that a manifest is; None for another API group's kind of the same name."""
        return cls(manifest) if manifest.api_group == GROUP else None

    @property
    def provider(self) -> str:
        """The provider in lower case; empty when it is not text."""
        return text(self.manifest.read("spec.provider")).lower()

    @property
    def parameters(self) -> Mapping[str, Any]:
        return mapping(self.manifest.read(_PARAMETERS))

    def parameter(self, name: str) -> str:
        """A parameter without the white space around it, as the providers take it; empty when it is not text."""
        return text(self.parameters.get(name)).strip()

    def is_on(self, name: str) -> bool:
        """Whether a flag is on, in any spelling that Go's `strconv.ParseBool` reads, or as a YAML boolean."""
        value = self.parameters.get(name)
        return value is True or text(value).strip().lower() in ("1", "t", "true")

    def entries(self) -> list[tuple[str, Any]]:
        """Place and content of each member of the nested list; none when the provider's list is unknown or absent.

        Raises `MalformedError` with the place and the line in the nested text when that is no YAML or no list.
        """
        name = LISTS.get(self.provider)
        content = self.parameters.get(name) if name else None
        if name is None or content is None:
            return []
        place = f"{_PARAMETERS}.{name}"
        listed = _parsed(content, place)
        if self.provider == "azure":
            return _azure_entries(listed, place)
        if listed is not None and not isinstance(listed, list):
            raise MalformedError(f"{place} is no list; give each object an entry that starts with a dash")
        return [(f"{place}[{index}]", entry) for index, entry in enumerate(members(listed))]

    def objects(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries that are mappings, none when the list cannot be read: CKV_AIML_SEC_1 tells of that."""
        try:
            return [(place, entry) for place, entry in self.entries() if isinstance(entry, dict)]
        except MalformedError:
            return []


def _azure_entries(listed: Any, place: str) -> list[tuple[str, Any]]:
    if listed is None:
        return []
    array = listed.get("array") if isinstance(listed, dict) else None
    if not isinstance(array, list):
        raise MalformedError(f"{place} has no array; start it with `array:`, and give each object as text after `- |`")
    places = ((f"{place}.array[{index}]", entry) for index, entry in enumerate(array))
    # The provider reads `array` as a list of texts, each of them YAML once more.
    return [(here, _parsed(entry, here) if isinstance(entry, str) else _NoText(entry)) for here, entry in places]


class _NoText:
    """An Azure object that is not given as text, which the provider cannot read."""

    def __init__(self, entry: object) -> None:
        self.entry = entry


def is_text_entry(entry: object) -> bool:
    """Whether an entry is one that its provider can read at all."""
    return not isinstance(entry, _NoText)


def _parsed(content: Any, place: str) -> Any:
    if not isinstance(content, str):
        return None
    try:
        return yaml.load(content, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1} of its text" if mark else "its text"
        raise MalformedError(f"{place}: {line}: {error.problem}; correct the nested YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedError(f"{place} is no YAML: {type(error).__name__}; correct the nested text") from None


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
