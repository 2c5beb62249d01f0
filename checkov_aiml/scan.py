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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from checkov.version import version as checkov_version

from checkov_aiml import catalogue, journal, loading, settings
from checkov_aiml.checkov_run import CheckovRun, run_checkov
from checkov_aiml.unlooked import Unlooked, accepted, unique, whole_run
from checkov_aiml.unlooked_manifests import unlooked_manifests
from checkov_aiml.unlooked_terraform import unlooked_configurations, unlooked_plans

SCHEMA_VERSION = 1
NOT_ANSWERED = 2
_LOADING_FRAMEWORKS = frozenset({"terraform", "terraform_plan", "kubernetes"})
"""Frameworks that load external checks whenever they run; others do when they find something to judge."""


@dataclass
class Answers:
    """What the scan has to answer for. `exit_code` is Checkov's own, or 2 when anything makes its result incomplete.

    `undecided` maps a resource address and an attribute to the controls that they left undecided.
    """

    checkov_exit_code: int
    expected: tuple[loading.Loaded, ...] = ()
    loaded: tuple[loading.Loaded, ...] = ()
    not_looked_at: list[Unlooked] = field(default_factory=list)
    accepted: list[tuple[Unlooked, str]] = field(default_factory=list)
    settings_error: str | None = None
    crashed: list[Mapping[str, str]] = field(default_factory=list)
    exemptions: list[Mapping[str, str]] = field(default_factory=list)
    undecided: Mapping[tuple[str, str], set[str]] = field(default_factory=dict)
    scans: bool = False
    only_plans: bool = False
    only_from_git: bool = False

    @property
    def not_loaded(self) -> list[loading.Loaded]:
        return [control for control in self.expected if control not in self.loaded]

    @property
    def counts(self) -> tuple[int, int]:
        """How many controls loaded in each of their frameworks, and how many there are."""
        every = {identifier for identifier, _ in self.expected}
        return len(every - {identifier for identifier, _ in self.not_loaded}), len(every)

    @property
    def exit_code(self) -> int:
        incomplete = self.not_looked_at or self.not_loaded or self.crashed or self.settings_error
        return NOT_ANSWERED if incomplete else self.checkov_exit_code

    def lines(self) -> Iterator[str]:
        """What a person reads: the path or name first, then what happened, then what to do."""
        if self.settings_error:
            yield self.settings_error
        yield from map(str, self.not_looked_at)
        yield from self._about_loading()
        for crash in self.crashed:
            yield f"{crash['address']}: {crash['id']} could not be judged ({crash['error']}): report it with the log above"
        for one, reason in self.accepted:
            yield f"{one.path}: {one.place + ': ' if one.place else ''}accepted by the settings: {reason}"
        for one in self.exemptions:
            yield f"{one['address']}: {one['id']} is exempted by {one['owner']} until {one['expires']}"
        if self.scans:
            yield self._summary()
        if self.undecided:
            yield self._undecided()

    def _about_loading(self) -> Iterator[str]:
        if self.not_loaded and self.only_from_git:
            yield (
                "--external-checks-git: with it Checkov ignores every --external-checks-dir, that of these controls too:"
                " clone that repository and name it with --external-checks-dir"
            )
        elif self.not_loaded and not self.loaded:
            yield "controls: none was loaded: run `checkov-aiml doctor`"
        else:
            for identifier, framework in self.not_loaded:
                yield f"{identifier} ({framework}): not loaded by every process: run `checkov-aiml doctor`"

    def _summary(self) -> str:
        loaded, every = self.counts
        lost = len(self.not_looked_at)
        places = "everything was looked at" if not lost else f"{lost} {'place was' if lost == 1 else 'places were'} not"
        return f"checkov-aiml: {loaded} of {every} controls loaded; {places}{' looked at' if lost else ''}; exit code {self.exit_code}"

    def _undecided(self) -> str:
        count = f"{len(self.undecided)} attribute{'s' if len(self.undecided) != 1 else ''} unresolved"
        if self.only_plans:
            return f"{count} in the plan: known after apply, and decided then"
        return f"{count} in HCL: scan the plan to decide {'them' if len(self.undecided) != 1 else 'it'}"

    def as_json(self) -> dict[str, Any]:
        loaded, every = self.counts
        return {
            "schema_version": SCHEMA_VERSION,
            "checkov_version": checkov_version,
            "exit_code": self.exit_code,
            "checkov_exit_code": self.checkov_exit_code,
            "controls": {
                "expected": every,
                "loaded": loaded,
                "not_loaded": [{"id": identifier, "framework": framework} for identifier, framework in self.not_loaded],
            },
            "settings_error": self.settings_error,
            "not_looked_at": [asdict(one) for one in self.not_looked_at],
            "accepted": [{**asdict(one), "accepted_because": reason} for one, reason in self.accepted],
            "crashed": self.crashed,
            "exemptions": self.exemptions,
            "undecided": [
                {"address": address, "attribute": attribute, "controls": sorted(controls)}
                for (address, attribute), controls in sorted(self.undecided.items())
            ],
        }


def scan(arguments: Sequence[str], answers_file: Path | None = None) -> int:
    """Run Checkov with `arguments`, answer for it on standard error, and return the exit code.

    Raises `OSError` when `answers_file` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="checkov-aiml-") as folder:
        notes = Path(folder, "journal")
        os.environ[journal.VARIABLE] = str(notes)
        try:
            done = run_checkov(arguments, str(catalogue.directory()))
        finally:
            del os.environ[journal.VARIABLE]
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
    for one in unique(_unlooked(done)):
        entry = accepted(one, folder, in_force.accepted_paths)
        if entry:
            answers.accepted.append((one, entry.reason))
        else:
            answers.not_looked_at.append(one)
    answers.loaded = tuple(_loaded_everywhere(_of("loaded", notes)))
    if any(_LOADING_FRAMEWORKS.intersection(run.frameworks) for run in done.runs):
        answers.expected = tuple(loading.expected())
    answers.crashed = _distinct(_of("crashed", notes))
    answers.exemptions = _distinct(_of("exempted", notes))
    answers.undecided = _undecided(_of("unresolved", notes))
    answers.only_from_git = bool(done.config.external_checks_git)
    answers.only_plans = bool(done.read["terraform_plan"]) and not done.read["terraform"]
    return answers


def _unlooked(done: CheckovRun) -> Iterator[Unlooked]:
    yield from whole_run(done)
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


def _undecided(notes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], set[str]]:
    undecided: dict[tuple[str, str], set[str]] = defaultdict(set)
    for note in notes:
        for attribute in note["attributes"] or [""]:
            undecided[note["address"], attribute].add(note["id"])
    return undecided
