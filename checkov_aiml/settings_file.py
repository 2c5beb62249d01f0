"""Writes a commented settings file, generated from the types of the settings."""

from __future__ import annotations

import textwrap
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from checkov_aiml.settings import Settings

_HEADER = (
    "Settings of checkov-aiml. Every setting may be left out. A line with `#` before a key shows a default: "
    "take the `#` away and change the value."
)

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    # The values of the Rego policies and the MLOps guide that these controls took over.
    "predecessor": {
        "markers": {
            "tags": [{"key": "workload_type", "value": "ai_training"}, {"key": "DataType", "value": "AI-ML-Training"}]
        },
        "tags": {"required": {"Environment": ["dev", "staging", "prod", "preprod"], "Project": [], "CostCenter": []}},
        "classification": {"tag": "data_sensitivity", "values": ["public", "internal", "confidential", "pii"]},
        "models": {"approved_versions": ["1.0.0", "1.1.0", "2.0.0"]},
        "identity": {
            "trusted_services": [
                {"service": "sagemaker.amazonaws.com"},
                {
                    "service": "lambda.amazonaws.com",
                    "required_tag": {"key": "purpose", "value": "security_remediation"},
                },
            ]
        },
    },
}
"""Profile name to the settings that it fills in."""


def text(profile: str = "default") -> str:
    """The content of a settings file: every setting with its description; those of the profile have values.

    Take one `#` from the start of each line that has a key after it, and the file still says what it said.
    """
    values = PROFILES[profile]
    lines = _comment(_HEADER)
    for name, setting in Settings.model_fields.items():
        lines += ["", *_comment(_description(setting))]
        if _is_section(setting.annotation):
            lines += _section(name, setting.annotation, values.get(name))
        else:
            lines.append(_pair(name, setting, values))
    return "\n".join(lines) + "\n"


def write(path: Path, profile: str = "default") -> None:
    """Write a new settings file. Raises `FileExistsError` when there is one, `OSError` when it cannot be written."""
    with path.open("x", encoding="utf-8") as file:
        file.write(text(profile))


def _section(name: str, section: type[BaseModel], values: Mapping[str, Any] | None) -> Iterator[str]:
    off = "#" if values is None else ""
    yield f"{off}{name}:"
    for member, setting in section.model_fields.items():
        yield from (f"{off}  {line}" for line in _comment(_description(setting)))
        yield _pair(member, setting, values or {}, indent="  ")


def _pair(name: str, setting: FieldInfo, values: Mapping[str, Any], indent: str = "") -> str:
    value = to_jsonable_python(values.get(name, setting.default))
    written = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return f"{'' if name in values else '#'}{indent}{name}: {written.strip().removesuffix('...').strip()}"


def _comment(description: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(description, 110)]


def _description(setting: FieldInfo) -> str:
    """What a setting means, which values a choice has, and what an entry of a list of objects holds."""
    parts = [setting.description or ""]
    if typing.get_origin(setting.annotation) is typing.Literal:
        parts.append(f"One of: {', '.join(map(str, typing.get_args(setting.annotation)))}.")
    entry = _entry_type(setting.annotation)
    if entry:
        members = ", ".join(_member(name, member) for name, member in entry.model_fields.items())
        parts.append(f"An entry has {members}.")
    return " ".join(filter(None, parts))


def _member(name: str, setting: FieldInfo) -> str:
    remarks = [] if setting.is_required() else ["optional"]
    entry = next(filter(_is_section, typing.get_args(setting.annotation)), None)
    if entry:
        remarks.append(f"with {', '.join(entry.model_fields)}")
    if setting.description:
        remarks.append(setting.description.rstrip("."))
    return f"`{name}` ({'; '.join(remarks)})" if remarks else f"`{name}`"


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and not isinstance(annotation, UnionType) and issubclass(annotation, BaseModel)


def _entry_type(annotation: Any) -> type[BaseModel] | None:
    return next(filter(_is_section, typing.get_args(annotation)), None)
