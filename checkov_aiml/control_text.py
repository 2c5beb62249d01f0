"""The words of controls as lists and as sections: for the terminal, JSON and Markdown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checkov_aiml.control import Control

Members = Sequence[Control]
"""A control in each framework that it serves."""

_WIDTH = 100


def table(controls: Iterable[Members]) -> str:
    """One line a control: id, severity, name, frameworks; columns as wide as their contents."""
    rows = [("ID", "SEVERITY", "NAME", "FRAMEWORKS"), *map(_row, controls)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def markdown(controls: Iterable[Members], identify: Callable[[str], str] = str) -> str:
    """The same as a Markdown table; `identify` gives what stands for an id, such as a link."""
    rows = ((identify(identifier), *others) for identifier, *others in map(_row, controls))
    return markdown_table(("Id", "Severity", "Control", "Frameworks"), rows)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ([cell.replace("|", "\\|") for cell in line] for line in (header, ("---",) * len(header), *rows))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_json(controls: Iterable[Members]) -> str:
    keys = ("id", "severity", "name")
    objects = [
        {**dict(zip(keys, _row(members), strict=False)), "frameworks": [member.framework for member in members]}
        for members in controls
    ]
    return json.dumps(objects, indent=2)


def _row(members: Members) -> tuple[str, str, str, str]:
    first = members[0]
    return first.id, type(first).severity.name, type(first).name, ", ".join(member.framework for member in members)


@dataclass(frozen=True)
class Example:
    """Code that a control is tested with, and its language as Markdown names it."""

    code: str
    language: str


@dataclass(frozen=True)
class Section:
    """One part of what a head says: prose, the attributes that are read by type, an example, or references."""

    title: str
    body: str | Mapping[str, Sequence[str]] | Example | Sequence[str]


_LANGUAGES = {"terraform": "hcl", "kubernetes": "yaml"}


def summary(members: Members) -> str:
    """Severity, category and frameworks in one line."""
    first = members[0]
    category = first.category.name.replace("_", " ").lower()
    return f"Severity {type(first).severity.name}; {category}; {', '.join(member.framework for member in members)}"


def sections(members: Members) -> Iterator[Section]:
    """Everything that a control's head says after its name and summary, in the order in which it is shown."""
    first = members[0]
    yield Section("Why", " ".join(first.why.split()))
    yield Section("Fix", " ".join(first.fix.split()))
    for member in members:
        yield Section(f"Reads ({member.framework})", dict(sorted(member.attributes_read().items())))
    for member in members:
        language = _LANGUAGES.get(member.framework, "")
        yield Section(f"Fails ({member.framework})", Example(member.fails.strip("\n"), language))
        yield Section(f"Passes ({member.framework})", Example(member.passes.strip("\n"), language))
    named = (("Covers", first.covers), ("Supports", first.maps))
    yield Section("References", (first.guideline, *(f"{verb}: {', '.join(names)}" for verb, names in named if names)))
    if first.limits:
        yield Section("Limits", " ".join(first.limits.split()))


def explanation(members: Members) -> str:
    """Everything that a control's head says, in sections."""
    first = members[0]
    return "\n".join((f"{first.id}: {first.name}", summary(members), *map(_section, sections(members))))


def _section(section: Section) -> str:
    match section.body:
        case str(text):
            lines = textwrap.wrap(text, _WIDTH)
        case Example(code=code):
            lines = code.splitlines()
        case Mapping() as attributes:
            lines = [f"{subject}: {', '.join(paths)}" for subject, paths in attributes.items()]
        case references:
            lines = list(references)
    return "\n".join(("", section.title, textwrap.indent("\n".join(lines), "  ")))
