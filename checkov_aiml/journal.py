"""Notes that a running scan leaves for `checkov-aiml scan`.

Checkov runs several frameworks in forked children and reports neither which external checks were loaded nor what
stayed undecided. When the environment variable names a file, every process appends one JSON object a line to it;
a line is written by one `write` on a file opened for appending, so the processes do not disturb one another.
Without the variable nothing is written. Notes never hold an attribute's value.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CHECKOV_AIML_JOURNAL"


def note(event: str, **facts: object) -> None:
    """Append one note: `event` is `loaded`, `unresolved`, `crashed`, `settings`, `exempted` or `expired`."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    line = json.dumps({"event": event, **facts}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def read(path: Path) -> Iterator[dict[str, object]]:
    """The notes of a scan, in the order in which they were written; none if nothing was."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
