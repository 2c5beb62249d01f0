"""The ledger, both ways: what the controls read exists in the providers, and what the providers offer is read.

`schema_snapshot.json` holds the arguments of the resource types and marks those attributes of AI types that bear on
encryption, identity, isolation, residency or transit. Each of these is read by a control, or stands in
`exceptions.json` with a reason; an exception for a path holds for everything below it. `pytest -s` prints the counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from checkov_aiml import control_catalogue

TESTS = Path(__file__).resolve().parents[1]
MINIMUM_REASON = 40  # characters; less says nothing that a reviewer could judge


class Marked(NamedTuple):
    type: str
    path: str
    mark: str


@lru_cache(maxsize=1)
def snapshot() -> dict[str, Any]:
    return json.loads((TESTS / "fixtures" / "schema_snapshot.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def ledger_exceptions() -> dict[str, Any]:
    return json.loads((TESTS / "ledger" / "exceptions.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def read() -> dict[str, set[str]]:
    """Type in lower case, as ARM types are spelt in any case, to the paths that any control's head names."""
    found: dict[str, set[str]] = {}
    for control in control_catalogue.controls():
        for kind, paths in control.attributes_read().items():
            found.setdefault(kind.lower(), set()).update(paths)
    return found


def marked() -> Iterator[Marked]:
    for kind, by_mark in snapshot()["marks"].items():
        for mark, paths in by_mark.items():
            yield from (Marked(kind, path, mark) for path in paths)


def excepted() -> Iterator[tuple[str, str]]:
    """Type and path of every exception."""
    for group in ledger_exceptions()["exceptions"]:
        for kind, paths in group["paths"].items():
            yield from ((kind, path) for path in paths)


def is_read(attribute: Marked) -> bool:
    """Whether a head names the attribute, or a block around it and nothing in that block: it is then read whole."""
    paths = read().get(attribute.type.lower(), set())
    enclosing = {attribute.path[:dot] for dot, character in enumerate(attribute.path) if character == "."}
    whole = [path for path in paths & enclosing if not any(other.startswith(f"{path}.") for other in paths)]
    return attribute.path in paths or bool(whole)


def covers(exception: tuple[str, str], attribute: Marked) -> bool:
    kind, path = exception
    return kind == attribute.type and f"{attribute.path}.".startswith(f"{path}.")


def test_what_controls_read_exists() -> None:
    types = {kind.lower(): set(paths) for kind, paths in snapshot()["types"].items()}
    unknown = {f"{kind}.{path}" for kind, paths in read().items() for path in paths - types.get(kind, set())}
    assert not unknown, "no schema has these; correct the head, or make the snapshot anew"


def test_what_the_schemas_mark_is_read() -> None:
    exceptions = list(excepted())
    counts: Counter[tuple[str, str]] = Counter()
    unread = []
    for attribute in marked():
        if is_read(attribute):
            decided = "read"
        elif any(covers(exception, attribute) for exception in exceptions):
            decided = "excepted"
        else:
            decided = "unread"
            unread.append(attribute)
        counts[attribute.mark, decided] += 1
        counts["all", decided] += 1
    print(f"\n{len(snapshot()['marks'])} AI resource types; attributes that bear on")
    for mark in ("encryption", "identity", "isolation", "residency", "transit", "all"):
        figures = {decided: counts[mark, decided] for decided in ("read", "excepted", "unread")}
        print(f"  {mark:<10}", ", ".join(f"{count:>3} {decided}" for decided, count in figures.items()))
    assert not unread, "read these in a control, or say in exceptions.json why not:\n" + "\n".join(
        f"{attribute.mark:<10} {attribute.type} {attribute.path}" for attribute in unread
    )


def test_exceptions_are_still_needed() -> None:
    stale = []
    for exception in excepted():
        covered = [attribute for attribute in marked() if covers(exception, attribute)]
        if not covered or any(map(is_read, covered)):
            stale.append(exception)
    assert not stale, "nothing marked stands there, or a control reads it"
    assert not [exception for exception, times in Counter(excepted()).items() if times > 1]


def test_exceptions_have_a_reason() -> None:
    reasons = [group["reason"] for group in ledger_exceptions()["exceptions"]]
    assert not [reason for reason in reasons if len(reason) < MINIMUM_REASON]
    assert len(set(reasons)) == len(reasons)
    assert all(group["paths"] and all(group["paths"].values()) for group in ledger_exceptions()["exceptions"])
