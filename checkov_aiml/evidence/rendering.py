"""Turns the evidence document into the page that a browser shows, Markdown, or JSON.

Everything that comes out of results is written as text: the HTML templates escape all values, the Markdown template all
that are not marked as safe.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkov_aiml.evidence.family_words import SEVERITIES

if TYPE_CHECKING:
    from jinja2 import Environment

_PUNCTUATION = re.compile(r"[\\`*{}\[\]#|~!]|(?<!\w)_|_(?!\w)")
"""What Markdown reads as its own; an underscore within a word is none of it."""
_MARKUP = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;"})
_CODE = re.compile(r"`([^`]+)`")
_JOINTS = re.compile(r"[._/]+(?=\w)")


def as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_html(document: Mapping[str, Any]) -> str:
    """One page that needs no network and no scripts."""
    environment = _environment(autoescape=True)
    environment.filters.update(breakable=_breakable, prose=_html_prose)
    return _rendered(environment, "evidence.html.jinja", document)


def as_markdown(document: Mapping[str, Any]) -> str:
    from markupsafe import Markup

    environment = _environment(autoescape=False, finalize=_markdown)
    environment.filters["prose"] = Markup  # The catalogue's own words are Markdown already.
    return _rendered(environment, "evidence.md.jinja", document)


FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "html": as_html,
    "markdown": as_markdown,
    "json": as_json,
}
"""Format to what writes it."""


def _environment(autoescape: bool, finalize: Callable[[Any], Any] | None = None) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        autoescape=autoescape,
        finalize=finalize,
        loader=FileSystemLoader(Path(__file__).with_name("templates"), encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(count=_count, day=_day, short=_short, place=_place)
    environment.globals.update(severities=SEVERITIES)
    return environment


def _rendered(environment: Environment, template: str, document: Mapping[str, Any]) -> str:
    failures: dict[str, list[Any]] = defaultdict(list)
    for one in document["results"]:
        if one["outcome"] == "failed":
            failures[one["control"]].append(one)
    return environment.get_template(template).render(
        document,
        by_id={control["id"]: control for control in document["controls"]},
        failures=failures,
        family_titles={family["code"]: family["title"] for family in document["families"]},
        skips=[one for one in document["results"] if one["skip"]],
    )


def _markdown(value: Any) -> Any:
    """The value as text that Markdown shows as it is."""
    from markupsafe import Markup

    if isinstance(value, Markup):
        return str(value)
    return _PUNCTUATION.sub(r"\\\g<0>", value).translate(_MARKUP) if isinstance(value, str) else value


def _html_prose(text: str) -> Any:
    """The catalogue's words, in which backticks mark code."""
    from markupsafe import Markup, escape

    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _breakable(text: str) -> Any:
    """The text, which a browser may break within a long address or path rather than within a word."""
    from markupsafe import Markup, escape

    return Markup(_JOINTS.sub(r"\g<0><wbr>", str(escape(text))))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _day(text: str) -> str:
    """An ISO date as people write it; anything else as it is."""
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.day} {found:%B %Y}"


def _short(identifier: str) -> str:
    return identifier.removeprefix("CKV_AIML_")


def _place(result: Mapping[str, Any]) -> str:
    """File and lines of a result; a plan has no lines worth naming."""
    first, last = result["lines"]
    if last <= 1:
        return str(result["file"])
    return f"{result['file']}, {f'line {first}' if first == last else f'lines {first} to {last}'}"
