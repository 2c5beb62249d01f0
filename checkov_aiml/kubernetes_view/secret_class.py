"""How a SecretProviderClass is read: its provider, its parameters and the list of objects nested in them as YAML text.

A text may have gaps, which something fills before or while the class is applied: `${NAME}` or `$NAME` in a manifest
(envsubst, Flux), an expression in Terraform. What is written around a gap is read; the gap itself is not known.

Sources: the custom resource definition of the Secrets Store CSI driver (`spec.parameters` is a map of strings), and
what the providers parse: AWS `provider/secret_descriptor.go` and `server/server.go`, Azure `pkg/provider/types`, Google
`config/config.go`, Vault and OpenBao `internal/config/config.go`. Google's managed add-on for GKE names its provider
`gke`: https://docs.cloud.google.com/secret-manager/docs/secret-manager-managed-csi-component
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, text
from checkov_aiml.kubernetes_view.partly_known import (
    NotKnown,
    NotKnownError,
    PartlyKnownList,
    PartlyKnownMapping,
    peek,
    peek_members,
)
from checkov_aiml.terraform_view.encoding import MARK, marked, yaml_problem
from checkov_aiml.verdict import MalformedError

GROUP = "secrets-store.csi.x-k8s.io"
CLASS_KINDS = {"SecretProviderClass": ("apiVersion", "spec.provider", "spec.parameters", "spec.secretObjects")}
LISTS = {"aws": "objects", "azure": "objects", "gcp": "secrets", "vault": "objects", "openbao": "objects"}
"""Provider to the parameter that holds its list of objects."""

_ALIASES = {"gke": "gcp"}
_PREFIXES = {"vault": ("vault",), "openbao": ("bao", "openbao", "vault")}
"""How the parameters of Vault's API start, the one that goes before the others first."""

_PARAMETERS = "spec.parameters"


@dataclass(frozen=True)
class TextWithGaps(NotKnown):
    """A text of which parts are not known.

    `written` is the text with a mark in place of each gap, `gaps` are the expressions that the marks stand for.
    """

    written: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def starts_with_gap(self) -> bool:
        return _MARK.match(self.written) is not None

    @property
    def is_set(self) -> bool:
        """Whether it certainly is not empty: something is written, or an attribute of a resource stands in it."""
        numbers = map(int, _MARK.findall(self.written))  # A text may hold a mark of its own.
        attributes = (_ATTRIBUTE.match(self.gaps[number]) for number in numbers if number < len(self.gaps))
        return bool(_MARK.sub("", self.written).strip()) or any(attributes)


_VARIABLE = re.compile(r"\$(?:\{(?P<name>\w+)[^{}]*\}|(?P<bare>[A-Z_][A-Z0-9_]*))")
_MARK = re.compile(MARK.format(r"(\d+)"))
_ATTRIBUTE = re.compile(
    r"known after apply$|(?!(?:var|local|module|each|count|path|self|terraform)\.)[a-z]\w*\.\w+[\w.\[\]\"*-]*$"
)


def with_gaps(value: Any) -> Any:
    """A text that has gaps, or that Terraform does not know, as `TextWithGaps`; anything else as it is."""
    if isinstance(value, TextWithGaps):
        return value
    if isinstance(value, NotKnown):
        written, gaps = marked(value.text if "${" in value.text else f"${{{value.text}}}")
    elif isinstance(value, str) and "$" in value:
        gaps = [match["name"] or match["bare"] for match in _VARIABLE.finditer(value)]
        numbers = iter(range(len(gaps)))
        written = _VARIABLE.sub(lambda _: MARK.format(next(numbers)), value)
    else:
        return value
    return _text(written, tuple(gaps), gaps) if gaps else value


def _text(written: str, gaps: tuple[str, ...], named: list[str]) -> TextWithGaps:
    return TextWithGaps(", ".join(dict.fromkeys(named)), written=written, gaps=gaps)


def as_written(value: Any) -> str:
    """A text with a mark for each gap; empty when it is no text."""
    return value.written if isinstance(value, TextWithGaps) else text(value)


def has_gap(written: str) -> bool:
    """Whether a mark stands in a part of `as_written`."""
    return _MARK.search(written) is not None


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
        """The provider in lower case, Google's under one name; empty when it is not text."""
        name = self.provider_as_written.lower()
        return _ALIASES.get(name, name)

    @property
    def provider_as_written(self) -> str:
        """The provider; empty when it is not text. Raises `NotKnownError` when it has gaps."""
        return text(_known(with_gaps(self.manifest.read("spec.provider"))))

    @property
    def is_of_terraform(self) -> bool:
        return isinstance(self.manifest.conf, PartlyKnownMapping)

    @property
    def parameters(self) -> Mapping[str, Any]:
        return mapping(self.manifest.read(_PARAMETERS))

    def given(self, name: str) -> Any:
        """What a parameter is given, `TextWithGaps` for a text that has gaps or is not known."""
        return with_gaps(peek(self.parameters, name))

    def parameter(self, name: str) -> str:
        """A parameter without the white space around it, as the providers take it; empty when it is not text.

        Raises `NotKnownError` when it has gaps.
        """
        return text(_known(self.given(name))).strip()

    def is_set(self, name: str) -> bool:
        """Whether a parameter is given a text. Raises `NotKnownError` when nobody can tell."""
        given = self.given(name)
        return (isinstance(given, TextWithGaps) and given.is_set) or bool(self.parameter(name))

    def is_on(self, name: str) -> bool:
        """Whether a flag is on, in any spelling that Go's `strconv.ParseBool` reads, or as a YAML boolean."""
        value = _known(self.given(name))
        return value is True or text(value).strip().lower() in ("1", "t", "true")

    def of_vault(self, name: str) -> str:
        """The full name of one of Vault's parameters: `Address` is `vaultAddress`, or what OpenBao takes of its own."""
        names = [f"{prefix}{name}" for prefix in _PREFIXES.get(self.provider, ("vault",))]
        return next((one for one in names if one in self.parameters), names[0])

    def entries(self) -> list[tuple[str, Any]]:
        """Place and content of each member of the nested list; none when the provider's list is unknown or absent.

        A member that is not known is `NotKnown`. Raises `MalformedError` with the place and the line in the nested text
        when that is no YAML or no list, and `NotKnownError` when nobody can tell.
        """
        name = LISTS.get(self.provider)
        content = self.given(name) if name else None
        if name is None or content is None:
            return []
        place = f"{_PARAMETERS}.{name}"
        listed = _known(_parsed(content, place))
        if self.provider == "azure":
            return _azure_entries(listed, place)
        if listed is not None and not isinstance(listed, list):
            raise MalformedError(f"{place} is no list; give each object an entry that starts with a dash")
        return [(f"{place}[{index}]", entry) for index, entry in enumerate(peek_members(listed or []))]

    def objects(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries that are mappings, none when the list is not known or cannot be read: CKV_AIML_SEC_1 tells it."""
        try:
            return [(place, entry) for place, entry in self.entries() if isinstance(entry, dict)]
        except (MalformedError, NotKnownError):
            return []


def _known(value: Any) -> Any:
    if isinstance(value, NotKnown):
        raise NotKnownError(value.text)
    return value


def _azure_entries(listed: Any, place: str) -> list[tuple[str, Any]]:
    if listed is None:
        return []
    array = listed.get("array") if isinstance(listed, dict) else None
    if not isinstance(array, list):
        raise MalformedError(f"{place} has no array; start it with `array:`, and give each object as text after `- |`")
    places = ((f"{place}.array[{index}]", entry) for index, entry in enumerate(peek_members(array)))
    # The provider reads `array` as a list of texts, each of them YAML once more.
    return [(here, _parsed(entry, here) if _is_text(entry) else _NoText(entry)) for here, entry in places]


class _NoText:
    """An Azure object that is not given as text, which the provider cannot read."""

    def __init__(self, entry: object) -> None:
        self.entry = entry


def is_text_entry(entry: object) -> bool:
    """Whether an entry is one that its provider can read at all."""
    return not isinstance(entry, _NoText)


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, TextWithGaps))


def _parsed(content: Any, place: str) -> Any:
    """The content of YAML text, `TextWithGaps` for each text in it that has gaps.

    Raises `MalformedError`, which never quotes the text, and `NotKnownError` when what is wrong may be due to a gap.
    """
    if not _is_text(content):
        return None
    try:
        return _gaps_kept(yaml.load(as_written(content), Loader=_Loader), getattr(content, "gaps", ()), {})
    except yaml.MarkedYAMLError as error:
        if _may_be_due_to_a_gap(as_written(content)):
            raise NotKnownError(content.text) from None
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1} of its text" if mark else "its text"
        raise MalformedError(f"{place}: {line}: {yaml_problem(error)}; correct the nested YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedError(f"{place} is no YAML: {type(error).__name__}; correct the nested text") from None


def _may_be_due_to_a_gap(written: str) -> bool:
    """Whether a line is nothing but a gap, which may stand for any number of lines, or a template's directive."""
    alone = (has_gap(line) and not _MARK.sub("", line).strip() for line in written.splitlines())
    return has_gap(written) and ("%{" in written or any(alone))


def _gaps_kept(content: Any, gaps: tuple[str, ...], done: dict[int, Any]) -> Any:
    """The content with `TextWithGaps` where marks stand; what aliases repeat is looked into once."""
    if not gaps:
        return content
    if isinstance(content, str):
        named = [gaps[int(number)] for number in _MARK.findall(content) if int(number) < len(gaps)]
        return _text(content, gaps, named) if named else content
    if not isinstance(content, (dict, list)):
        return content
    if id(content) not in done:
        if isinstance(content, dict):
            kept = done[id(content)] = PartlyKnownMapping()
            kept.update({key: _gaps_kept(value, gaps, done) for key, value in content.items()})
        else:
            members = done[id(content)] = PartlyKnownList()
            members += [_gaps_kept(value, gaps, done) for value in content]
    return done[id(content)]


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
