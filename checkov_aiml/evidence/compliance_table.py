"""The frameworks that controls support: ids and titles from `data/compliance.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).resolve().parents[1] / "data" / "compliance.json"


class Reference(NamedTuple):
    """One entry of a framework, such as article 32(1)(b) of `UKGDPR`."""

    framework: str
    entry: str

    def __str__(self) -> str:
        return f"{self.framework}:{self.entry}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        framework, _, entry = text.partition(":")
        return cls(framework, entry)


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The table as it stands in the file."""
    return json.loads(_FILE.read_text(encoding="utf-8"))


def entry(reference: Reference) -> Mapping[str, str] | None:
    """Title of an entry and how its wording was found, or nothing when the table does not have it."""
    return table()["frameworks"].get(reference.framework, {}).get("entries", {}).get(reference.entry)


def supported_by(family: str, maps: Sequence[str]) -> list[Reference]:
    """What a control supports: the entries that it names, and those that its family's theme supports."""
    named = dict.fromkeys((*maps, *table()["families"].get(family, ())))
    return [Reference.parse(text) for text in named]


def frameworks() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Section title, framework id and framework, in the order of the report."""
    for section in table()["sections"]:
        for name in section["frameworks"]:
            yield section["title"], name, table()["frameworks"][name]
