"""How controls are listed and explained in a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from checkov_aiml.control import Control

Members = Sequence[Control]
"""A control in each framework that it serves."""

_WIDTH = 100


def table(controls: Iterable[Members]) -> str:
    """One line a control: id, severity, name, frameworks; columns as wide as their contents."""
    rows = [("ID", "SEVERITY", "NAME", "FRAMEWORKS"), *map(_row, controls)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def markdown(controls: Iterable[Members]) -> str:
    rows = [("Id", "Severity", "Control", "Frameworks"), ("---",) * 4, *map(_row, controls)]
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


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


def explanation(members: Members) -> str:
    """Everything that a control's head says, in sections."""
    return "\n".join(_explanation(members))


def _explanation(members: Members) -> Iterator[str]:
    first = members[0]
    yield f"{first.id}: {first.name}"
    yield f"Severity {type(first).severity.name}; {first.category.name.replace('_', ' ').lower()}"
    yield from _section("Why", first.why)
    yield from _section("Fix", first.fix)
    for member in members:
        yield from ("", f"Reads ({member.framework})")
        for subject, paths in sorted(member.attributes_read().items()):
            yield f"  {subject}: {', '.join(paths)}"
    for member in members:
        for title, example in (("Fails", member.fails), ("Passes", member.passes)):
            yield from ("", f"{title} ({member.framework})", textwrap.indent(example.strip("\n"), "  "))
    yield from ("", "References", f"  {first.guideline}")
    if first.covers:
        yield f"  Covers: {', '.join(first.covers)}"
    if first.maps:
        yield f"  Maps to: {', '.join(first.maps)}"
    if first.limits:
        yield from _section("Limits", first.limits)


def _section(title: str, text: str) -> Iterator[str]:
    yield from ("", title)
    yield textwrap.fill(" ".join(text.split()), _WIDTH, initial_indent="  ", subsequent_indent="  ")
