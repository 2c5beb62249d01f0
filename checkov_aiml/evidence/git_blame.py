"""Who wrote a skip: the author of its line in a git checkout."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from checkov_aiml.evidence.checkov_results import Result
from checkov_aiml.evidence.evidence_files import EvidenceError, clean

_COMMENT = re.compile(r"(?:checkov|bridgecrew|cortex):skip= *([\w-]+(?:,[\w-]+)*)")
_ANNOTATION = re.compile(r"(?:checkov|bridgecrew|cortex)\.io/skip[^:=]*[:=]\s*[\"']?\s*([\w-]+)")
_SECONDS = 60
_OF_HOOKS = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}
"""Variables that git sets in its hooks, and that would point at another repository than the folder's."""


@dataclass(frozen=True)
class Author:
    """Who wrote a line, when (ISO date, UTC) and in which commit; or why that is not known."""

    name: str = ""
    date: str = ""
    commit: str = ""
    why_unknown: str = ""


class Checkout:
    """A git checkout of what was scanned.

    Raises `EvidenceError` when git is not installed or the folder is in no git repository.
    """

    def __init__(self, folder: Path) -> None:
        if not shutil.which("git"):
            raise EvidenceError(f"{folder}: git is not installed: install it, or leave out --checkout")
        self._folder = folder.resolve()
        shallow = self._git("rev-parse", "--is-shallow-repository") if folder.is_dir() else None
        if shallow is None:
            raise EvidenceError(f"{folder}: not a git checkout that git can read: name one with --checkout")
        self._is_shallow = shallow.strip() == "true"
        self._blame = lru_cache(maxsize=None)(self._blame_line)

    def author(self, skip: Result) -> Author:
        """The author of the comment or annotation that skips a control, from the file and lines of the result."""
        for path in self._candidates(skip):
            number = _line_of_skip(path, skip)
            if number:
                return self._blame(path, number)
        return Author(why_unknown="the comment was not found in the checkout")

    def _candidates(self, skip: Result) -> Iterator[Path]:
        """Files of the checkout that may be the scanned one, the best first; never one outside it."""
        parts = [part for part in PurePosixPath(skip.path.replace("\\", "/")).parts if part not in ("/", "..", ".")]
        names = [skip.path, skip.file, *("/".join(parts[start:]) for start in range(len(parts)))]
        for name in dict.fromkeys(filter(None, names)):
            path = (self._folder / name).resolve()
            if path.is_relative_to(self._folder) and path.is_file():
                yield path

    def _blame_line(self, path: Path, number: int) -> Author:
        told = self._git("blame", "--porcelain", "-w", "-L", f"{number},{number}", "--", str(path))
        if told is None:
            return Author(why_unknown="git does not know the file")
        commit, *_ = told.split(maxsplit=1)
        facts = dict(line.partition(" ")[::2] for line in told.splitlines())
        if not commit.strip("0"):
            return Author(why_unknown="the comment is not committed")
        if self._is_shallow and "boundary" in facts:
            return Author(why_unknown="the checkout is shallow: fetch its whole history")
        written = datetime.datetime.fromtimestamp(int(facts["author-time"]), datetime.UTC)
        return Author(clean(facts["author"]), written.date().isoformat(), commit[:12])

    def _git(self, *arguments: str) -> str | None:
        environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
        try:
            done = subprocess.run(
                ["git", "-C", str(self._folder), *arguments],
                env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


def _line_of_skip(path: Path, skip: Result) -> int:
    """The number of the line that skips the control, within the lines of the resource; zero when there is none."""
    first, last = skip.lines
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[:last]
    except OSError:
        return 0
    for number, line in enumerate(lines, start=1):
        if number >= first and any(skip.control in ids.split(",") for ids in _skipped_in(line)):
            return number
    return 0


def _skipped_in(line: str) -> Iterator[str]:
    for pattern in (_COMMENT, _ANNOTATION):
        yield from pattern.findall(line)
