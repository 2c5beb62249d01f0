"""Which controls should be loaded, and what happens when Checkov loads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checkov_aiml import control_catalogue, journal, loading_probe

Loaded = tuple[str, str]
"""A control's id and its framework."""


def expected() -> Iterator[Loaded]:
    """Every control that a complete load must give, told from the names of the files: none of them is imported."""
    for path in control_catalogue.control_files():
        family, number, *_ = path.stem.split("_")
        yield f"CKV_AIML_{family.upper()}_{number}", path.parent.parent.name


@dataclass(frozen=True)
class Probe:
    """What one load in a process of its own gave.

    `importable` is the copy of this package that Python finds by itself, `used` the one that the controls took;
    `built_in` are ids of ours that Checkov has too, `errors` maps a file to what its import raised.
    """

    loaded: frozenset[Loaded]
    checkov_version: str
    importable: str | None
    used: str | None
    built_in: tuple[str, ...]
    errors: dict[str, str]


def probe() -> Probe:
    """Load the controls as Checkov does: through its own loader, in a fresh process with this environment.

    Raises `RuntimeError` when that process dies without an answer.
    """
    with tempfile.TemporaryDirectory(prefix="checkov-aiml-") as folder:
        notes = Path(folder, "journal")
        command = [sys.executable, "-P", loading_probe.__file__, str(control_catalogue.directory())]
        environment = {**os.environ, journal.VARIABLE: str(notes)}
        process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if process.returncode:
            last = process.stderr.strip().splitlines() or [f"exit code {process.returncode}"]
            raise RuntimeError(last[-1])
        answer = json.loads(process.stdout.splitlines()[-1])
        loaded = frozenset(
            (str(note["id"]), str(note["framework"])) for note in journal.read(notes) if note["event"] == "loaded"
        )
    built_in = tuple(sorted({identifier for identifier, _ in loaded} & set(answer.pop("built_in"))))
    return Probe(loaded=loaded, built_in=built_in, **answer)
