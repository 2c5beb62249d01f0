"""Keeps what guides say of controls true: links those that exist, and says so of those that do not yet.

A guide names a control by the end of its id, such as NET_1. Where the last column of a table is named Status, it says
whether the controls that a row names exist. Written again, a text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_FUTURE = " (not yet)"
_MENTION = re.compile(
    r"(?<![\w/`])\[?(?P<id>[A-Z]{2,5}_\d+)(?:\]\(controls/CKV_AIML_(?P=id)\.md\)| \(not yet\))?(?![\w`])"
)
_LAST_CELL = re.compile(r"\|[^|]*\|$")


def refreshed(text: str, existing: Collection[str], families: Collection[str]) -> str:
    """The text of a page of docs/ with its mentions and statuses as `existing` has it: ids without their prefix."""

    def mention(match: re.Match[str]) -> str:
        name = match["id"]
        if name.partition("_")[0] not in families:
            return match[0]
        return f"[{name}](controls/CKV_AIML_{name}.md)" if name in existing else f"{name}{_FUTURE}"

    return "\n".join(_with_statuses(_MENTION.sub(mention, text).split("\n")))


def _with_statuses(lines: list[str]) -> Iterator[str]:
    in_table = False
    for line in lines:
        in_table = line.startswith("|") and (in_table or line.rstrip(" |").endswith("Status"))
        if in_table and _MENTION.search(line):
            line = _LAST_CELL.sub(f"| {_status(line)} |", line)
        yield line


def _status(row: str) -> str:
    built, future = len(re.findall(r"\]\(controls/", row)), row.count(_FUTURE)
    return "partly" if built and future else "covered" if built else "not yet"
