"""What Checkov did not look at, though it was asked to and said nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from checkov_aiml.checkov_run import CheckovRun, Run
from checkov_aiml.settings import AcceptedPath


@dataclass(frozen=True)
class Unlooked:
    """One thing that was not looked at: its path, the place in it (or nothing), why, and what to do."""

    path: str
    place: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.reason, self.remedy) if part)


def shown(path: str) -> str:
    """A path as people read it: relative to the current directory when it lies in it, else absolute."""
    relative = os.path.relpath(path)
    return os.path.abspath(path) if relative.startswith(os.pardir) else relative


def whole_run(done: CheckovRun) -> Iterator[Unlooked]:
    """What was lost before any file was opened: a missing folder or file, a framework that did not report."""
    if done.ended_early:
        yield Unlooked("the whole scan", "", "Checkov stopped before its results", "read its message above")
    if not done.scans:
        return
    folders, files = done.config.directory or [], done.config.file or []
    missing = [path for path in (*folders, *files) if not os.path.exists(path)]
    for path in missing:
        yield Unlooked(shown(path), "", "does not exist", "correct the -d or -f argument")
    for path in filter(os.path.isfile, folders):
        yield Unlooked(shown(path), "", "a file, and -d takes folders", "give it with -f")
    for path in filter(os.path.isdir, files):
        yield Unlooked(shown(path), "", "a folder, and -f takes files", "give it with -d")
    read = set().union(*done.read.values())
    for path in filter(os.path.isfile, files if folders else ()):
        if os.path.realpath(path) not in read:
            yield Unlooked(shown(path), "", "with -d Checkov ignores -f", "scan it in a run of its own")
    if not done.runs and not missing and not done.ended_early:
        yield Unlooked("the whole scan", "", "no folder or file was given", "give -d or -f")
    for run in done.runs:
        yield from _lost_frameworks(done, run, missing)
    for framework in sorted(done.dropped):
        if done.asks_for(framework):
            reason = "Checkov left this framework out, because a program that it needs is missing"
            yield Unlooked(f"--framework {framework}", "", reason, f"install {framework}, or do not ask for it")


_WITHOUT_REPORT = frozenset({"cdk", "sast", "sca_image", "sca_package"})
"""Frameworks whose reports have other names or come within another one, or that report to their platform only."""


def _lost_frameworks(done: CheckovRun, run: Run, missing: list[str]) -> Iterator[Unlooked]:
    where = shown(run.root) if run.root else ", ".join(map(shown, run.named))
    if not run.frameworks and not set(run.named) & set(missing):
        yield Unlooked(where, "", "none of the frameworks reads it", "ask for another --framework")
    if done.ended_early:
        return
    for framework in run.frameworks:
        if framework not in run.reported and framework not in _WITHOUT_REPORT:
            remedy = f"run it with `--framework {framework}` alone to see why"
            yield Unlooked(where, f"framework {framework}", "its process died without a report", remedy)


def left_out(done: CheckovRun, run: Run, kind: str, paths: list[str], any_read: bool) -> Iterator[Unlooked]:
    """Entries for files of a `kind` that Checkov passed over in silence, with the cause where it is known.

    One entry for the whole folder when Checkov read no file of that kind in it.
    """
    reason, remedy = "Checkov passed over it in silence", "scan it alone with LOG_LEVEL=DEBUG to see why"
    if run is not done.runs[0]:  # Seen with a single framework, and on systems where Checkov uses threads.
        reason, remedy = "Checkov read the first -d in its place", "scan each folder separately"
    elif kind == "manifests" and run.root and "/." in f"{run.root}/":
        reason, remedy = "Checkov leaves out manifests whose path holds `/.`", "run the scan in that folder with `-d .`"
    if run.root and len(paths) > 1 and not any_read:
        reason, paths = f"{len(paths)} {kind}: {reason}", [run.root]
    for path in paths:
        yield Unlooked(shown(path), "", reason, remedy)


def unique(found: Iterable[Unlooked]) -> list[Unlooked]:
    """Each place once, in the order of paths: the first that was said of it stands."""
    by_place: dict[tuple[str, str], Unlooked] = {}
    for one in found:
        by_place.setdefault((one.path, one.place), one)
    return sorted(by_place.values(), key=lambda one: one.path)


def accepted(one: Unlooked, settings_folder: Path, paths: Iterable[AcceptedPath]) -> AcceptedPath | None:
    """The accepted path that covers it: its path, a folder above it, or `path:place`; relative to `settings_folder`."""
    relative = os.path.relpath(os.path.abspath(one.path), settings_folder)
    names = [relative, f"{relative}:{one.place}", *map(str, Path(relative).parents)]
    return next((entry for entry in paths if any(fnmatchcase(name, entry.path) for name in names)), None)
