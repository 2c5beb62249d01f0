"""`checkov-aiml scan`: runs Checkov with these controls and then answers for the scan.

Checkov ends with exit code 0 when a file is lost, a control does not load or a framework dies. This command ends with
exit code 2 then, and says what happened; else its exit code is Checkov's own.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checkov_aiml import control_catalogue, journal, loading, settings
from checkov_aiml.answers import Answers
from checkov_aiml.checkov_run import CheckovRun, run_checkov
from checkov_aiml.unlooked import Unlooked, accepted, unique, whole_run
from checkov_aiml.unlooked_manifests import unlooked_manifests
from checkov_aiml.unlooked_terraform import unlooked_configurations, unlooked_plans

_LOADING_FRAMEWORKS = frozenset({"terraform", "terraform_plan", "kubernetes"})
"""Frameworks that load external checks whenever they run; others do when they find something to judge."""


def scan(arguments: Sequence[str], answers_file: Path | None = None) -> int:
    """Run Checkov with `arguments`, answer for it on standard error, and return the exit code.

    Raises `OSError` when `answers_file` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="checkov-aiml-") as folder:
        notes = Path(folder, "journal")
        os.environ[journal.VARIABLE] = str(notes)
        try:
            done = run_checkov(arguments, str(control_catalogue.directory()))
        finally:
            os.environ.pop(journal.VARIABLE, None)
        answers = _answers(done, list(journal.read(notes)))
    sys.stdout.flush()
    for line in answers.lines():
        print(line, file=sys.stderr)
    if answers_file:
        answers_file.write_text(json.dumps(answers.as_json(), indent=2) + "\n", encoding="utf-8")
    return answers.exit_code


def _answers(done: CheckovRun, notes: Sequence[Mapping[str, Any]]) -> Answers:
    answers = Answers(done.exit_code, scans=done.scans)
    if done.config is None:  # Checkov showed its help or refused its arguments.
        return answers
    try:
        in_force, settings_file = settings.current(), settings.find_file()
    except settings.SettingsError as error:
        in_force, settings_file = settings.Settings(), None
        answers.settings_error = str(error)
    folder = settings_file.resolve().parent if settings_file else Path.cwd()
    lost_as_a_whole = list(whole_run(done))
    lost_files = [] if done.ended_early else _unlooked_files(done)
    for one in unique([*lost_as_a_whole, *lost_files]):
        entry = None if one in lost_as_a_whole else accepted(one, folder, in_force.accepted_paths)
        if entry:
            answers.accepted.append((one, entry.reason))
        else:
            answers.not_looked_at.append(one)
    answers.loaded = tuple(_loaded_everywhere(_of("loaded", notes)))
    if any(_LOADING_FRAMEWORKS.intersection(run.frameworks) for run in done.runs):
        answers.expected = tuple(loading.expected())
    answers.crashed = _distinct(_of("crashed", notes))
    answers.exemptions = _distinct(_of("exempted", notes))
    answers.expired = _distinct(_of("expired", notes))
    answers.unmatched = list(_unmatched(in_force.exemptions, [*answers.exemptions, *answers.expired]))
    answers.undecided = _undecided(_of("unresolved", notes))
    answers.only_from_git = bool(done.config.external_checks_git)
    answers.only_plans = bool(done.read["terraform_plan"]) and not done.read["terraform"]
    return answers


def _unlooked_files(done: CheckovRun) -> Iterator[Unlooked]:
    yield from unlooked_plans(done)
    yield from unlooked_configurations(done)
    yield from unlooked_manifests(done)


def _of(event: str, notes: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for note in notes:
        if note["event"] == event:
            yield {key: value for key, value in note.items() if key != "event"}


def _loaded_everywhere(loaded: Iterable[Mapping[str, Any]]) -> Iterator[loading.Loaded]:
    """The controls that every process loaded: each process notes each control equally often."""
    counts = Counter((str(note["id"]), str(note["framework"])) for note in loaded)
    yield from (control for control, count in counts.items() if count == max(counts.values()))


def _distinct(notes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    return [dict(facts) for facts in dict.fromkeys(tuple(sorted(note.items())) for note in notes)]


def _unmatched(
    exemptions: Iterable[settings.Exemption], matched: Sequence[Mapping[str, str]]
) -> Iterator[Mapping[str, str]]:
    """The exemptions that no failed result of the scan needed."""
    for one in exemptions:
        if not any(one.covers(note["id"], note["address"]) for note in matched):
            expires = one.expires.isoformat()
            yield {"id": one.control, "resource": one.resource, "owner": one.owner, "expires": expires}


def _undecided(notes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], set[str]]:
    undecided: dict[tuple[str, str], set[str]] = defaultdict(set)
    for note in notes:
        for attribute in note["attributes"] or [""]:
            undecided[note["address"], attribute].add(note["id"])
    return undecided
