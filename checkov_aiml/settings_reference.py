"""Writes the reference of the settings from their types; `documentation` puts it into docs/settings.md."""

from __future__ import annotations

import datetime
import typing
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any

import yaml
from annotated_types import Ge, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from checkov_aiml.control_text import markdown_table
from checkov_aiml.settings import FILE_NAME, VARIABLE, Settings

_NOTE = "<!-- Written by `python -m checkov_aiml.documentation docs` from the types of the settings. -->"
_ABOUT = f"""\
Everything works without a settings file. `checkov-aiml init` writes `{FILE_NAME}` with every setting and its
default, as comments. The file in force is the one that the variable `{VARIABLE}` names, or else the first
`{FILE_NAME}` from the current directory upwards.

The settings fail closed: an unknown key, a value of another type, a key that stands twice or a file that cannot be read
turns every control into a failed result that names file, key and reason; `checkov-aiml scan` and `checkov-aiml doctor`
exit 2 then."""
_EXAMPLE = """\
unresolved: fail
regions:
  aws: [eu-west-2]
  azure: [uksouth, ukwest]
markers:
  tags:
    - {key: DataType, value: AI-ML-Training}
  names: [ml, training]
kubernetes:
  namespaces: ["ml-*"]
exemptions:
  - control: CKV_AIML_NET_3
    resource: aws_sagemaker_notebook_instance.analysis
    reason: moves into the VPC with the new landing zone
    owner: data-platform
    expires: 2027-03-31
accepted_paths:
  - path: "charts/*/templates/*"
    reason: the rendered manifests are scanned instead
"""
_NEEDED_BY: Mapping[str, tuple[str, ...]] = {
    "tags": ("GOV_3",),
    "classification": ("GOV_4",),
    "models": ("GOV_1", "GOV_2", "GOV_6"),
    "images": ("GOV_5",),
    "identity": ("IAM_6", "IAM_23"),
    "retention": ("LOG_6", "LOG_7"),
    "guardrails": ("GRD_5",),
}
"""Sections that single controls read: without the control the setting changes nothing, which the page must say."""

_NAMES = {str: "text", bool: "true or false", int: "whole number", float: "number", datetime.date: "date"}
_COLUMNS = ("Setting", "Type", "Default", "What it does")


def page() -> str:
    """The Markdown page of all settings, in the order of the types."""
    plain = {name: member for name, member in Settings.model_fields.items() if not _model(member.annotation)}
    parts = [_NOTE, "# Settings", _ABOUT, "An example:", f"```yaml\n{_EXAMPLE}```", *_table(plain, _COLUMNS)]
    for name, member in Settings.model_fields.items():
        section = _model(member.annotation)
        if section:
            parts += [f"## {name}", member.description or "", *_needed_by(name)]
            parts += _table({f"{name}.{inner}": one for inner, one in section.model_fields.items()}, _COLUMNS)
    return "\n\n".join(parts) + "\n"


def _needed_by(name: str) -> Iterator[str]:
    if name in _NEEDED_BY:
        yield f"Read by {', '.join(_NEEDED_BY[name])}."


def _table(members: Mapping[str, FieldInfo], columns: tuple[str, ...]) -> Iterator[str]:
    """A table of settings, and one of the members of each list of entries among them."""
    yield markdown_table(columns, (_row(name, member) for name, member in members.items()))
    for name, member in members.items():
        entry = _entry(member.annotation)
        if entry:
            rows = [_row(inner, one) for inner, one in entry.model_fields.items()]
            yield f"An entry of `{name}`: {(entry.__doc__ or '').strip()}"
            yield markdown_table(_COLUMNS, rows)


def _row(name: str, member: FieldInfo) -> tuple[str, str, str, str]:
    return f"`{name}`", _type(member.annotation, member.metadata), _default(member), member.description or ""


def _default(member: FieldInfo) -> str:
    if member.is_required():
        return "required"
    value = to_jsonable_python(member.default)
    if value in (None, "", [], {}):
        return "none"
    written = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000).strip()
    return f"`{written.removesuffix('...').strip()}`"


def _type(annotation: Any, metadata: list[Any]) -> str:
    """A type in words, such as "list of text" or "whole number, at least 1"."""
    arguments = typing.get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _type(arguments[0], [*annotation.__metadata__, *metadata])
    match typing.get_origin(annotation):
        case typing.Literal:
            return " or ".join(f"`{value}`" for value in arguments)
        case origin if origin is tuple:
            words = "list of entries" if _entry(annotation) else f"list of {_type(arguments[0], [])}"
        case origin if origin is dict:
            words = f"{_type(arguments[0], [])} to {_type(arguments[1], [])}"
        case None:
            words = "entry" if _model(annotation) else _NAMES[annotation]
        case _:
            words = next(_type(one, []) for one in arguments if one is not NoneType)
    return ", ".join([words, *_limits(metadata)])


def _limits(metadata: list[Any]) -> Iterator[str]:
    for limit in metadata:
        if isinstance(limit, Ge):
            yield f"at least {limit.ge}"
        elif isinstance(limit, Lt):
            yield f"below {limit.lt}"


def _model(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _entry(annotation: Any) -> type[BaseModel] | None:
    """The type of the entries of a list of objects, or of an optional object."""
    return next((one for one in typing.get_args(annotation) if _model(one)), None)
