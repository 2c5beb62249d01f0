"""Judges datasets: one judgement a dataset and process, whoever asks.

Nothing here imports Presidio before a dataset is judged.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkov_aiml import settings
from checkov_aiml.pii.reading import Batch, Source, UnreadableError, read
from checkov_aiml.settings import Attestation, PersonalData

if TYPE_CHECKING:
    from checkov_aiml.pii.engine.model import LanguageModel
    from checkov_aiml.pii.engine.rule import Column, ColumnResult
    from checkov_aiml.pii.engine.scanner import Scanner

INSTALL = "pip install 'checkov-aiml[pii]'"

BUILT_IN_ENTITIES = (
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "PERSON",
    "DATE_OF_BIRTH",
    "LOCATION",
    "UK_NHS",
    "UK_NINO",
    "UK_POSTCODE",
    "UK_PASSPORT",
    "UK_DRIVING_LICENCE",
    "UK_VEHICLE_REGISTRATION",
    "UK_SORT_CODE",
    "UK_BANK_ACCOUNT",
    "IBAN_CODE",
    "CREDIT_CARD",
    "CRYPTO",
    "IP_ADDRESS",
    "MAC_ADDRESS",
    "USERNAME",
    "PASSWORD",
    "NRP",
)
"""Every entity that can be reported."""


class State(Enum):
    """What is said of a dataset."""

    LEAK = "leak"
    SUSPECT = "suspect"
    CLEAN = "clean"
    ATTESTED = "attested"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Judgement:
    """What a dataset is: never a value of it.

    `remarks` say what bounds the judgement: rows left out, entities that were not looked for, an attestation.
    """

    state: State
    rows: int = 0
    columns: int = 0
    results: tuple[ColumnResult, ...] = ()
    reason: str = ""
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The judgement in one sentence, without the dataset's name."""
        from checkov_aiml.pii.engine.rule import Level

        remarks = f" ({'; '.join(self.remarks)})" if self.remarks else ""
        if self.state in (State.UNREADABLE, State.ATTESTED):
            return f"{self.reason}{remarks}"
        if not self.results:
            return f"no personal data found in {self.rows} rows of {self.columns} columns{remarks}"
        worst = Level.LEAK if self.state is State.LEAK else Level.SUSPECT
        told = "; ".join(str(result) for result in self.results if result.level is worst)
        may = "may hold personal data that chance would explain too: " if self.state is State.SUSPECT else ""
        return f"{may}{told}{remarks}"


@dataclass
class Judge:
    """What judges with one selection of settings. Loading it imports Presidio."""

    chosen: PersonalData
    scanner: Scanner
    model: LanguageModel | None

    @classmethod
    def load(cls, chosen: PersonalData) -> Judge:
        """Raises `UnreadableError` when Presidio or the language model that the settings name is missing.

        An entity that the settings misspell would never be found, so that raises it too.
        """
        unknown = sorted({*chosen.entities, *chosen.thresholds} - set(BUILT_IN_ENTITIES))
        if unknown:
            raise UnreadableError(f"the settings name entities that do not exist: {', '.join(unknown)}")
        if importlib.util.find_spec("presidio_analyzer") is None:
            raise UnreadableError(f"Presidio is not installed: {INSTALL}")
        return cls(chosen, *_load(chosen.model, chosen.language))

    def columns(self, batches: Iterable[Batch], excuse: bool = True) -> tuple[dict[str, Column], int]:
        """The columns of a dataset after all of its batches, and the number of rows."""
        from checkov_aiml.pii.engine.rule import Column

        columns: dict[str, Column] = {}
        rows = 0
        names = self.model.find if self.model else None
        for batch in batches:
            rows += batch.rows
            for name, cells in batch.columns.items():
                if name not in columns:
                    columns[name] = Column(name, excuse)
                columns[name].add(cells, self.scanner, names)
        return columns, rows

    def results(self, columns: dict[str, Column]) -> list[ColumnResult]:
        """What the columns hold, the columns named so that no name tells a person's datum."""
        from checkov_aiml.pii.engine.rule import ColumnResult, Level

        wanted = frozenset(self.chosen.entities)
        results = [r for column in columns.values() for r in column.results(self.chosen.thresholds, wanted)]
        leaks = {result.entity for result in results if result.level is Level.LEAK}
        if leaks - {"PERSON", "IP_ADDRESS", "MAC_ADDRESS"}:
            # A bare "name" beside somebody's telephone number is somebody's name.
            results = [
                ColumnResult(r.column, r.entity, Level.LEAK, r.count, r.share, r.structured)
                if r.entity == "PERSON" and r.structured
                else r
                for r in results
            ]
        named = self.in_names(columns)
        results += [ColumnResult(name, entity, Level.LEAK, 1, 1.0, False) for name, entity in named.items()]
        return results

    def in_names(self, names: Iterable[str]) -> dict[str, str]:
        """Column names that are somebody's datum themselves, each with its entity."""
        from checkov_aiml.pii.engine.rule import counts_in_text
        from checkov_aiml.pii.values import is_full_name, is_reserved

        listed = list(names)
        found = {}
        scanned = self.scanner.find(listed)
        for name in listed:
            for finding in scanned.get(name, ()):
                if counts_in_text(name, finding) and not is_reserved(finding.entity, name[finding.start : finding.end]):
                    found[name] = finding.entity
            if " " in name and is_full_name(name):
                found.setdefault(name, "PERSON")
        return found


@lru_cache(maxsize=2)
def _load(model_name: str | None, language: str) -> tuple[Scanner, LanguageModel | None]:
    from checkov_aiml.pii.engine.model import ModelError, language_model
    from checkov_aiml.pii.engine.recognizers import uk_recognizers
    from checkov_aiml.pii.engine.scanner import Scanner

    try:
        model = language_model(model_name, language)
    except ModelError as error:
        raise UnreadableError(str(error)) from None
    return Scanner(uk_recognizers(language)), model


_judged: dict[tuple[Any, ...], Judgement] = {}


def judge_file(path: Path, name: str | None = None) -> Judgement:
    """The judgement of a file with the settings in force. Never raises for what the file is.

    `name` is the name that tells the format, the file's own when it is None: a symbolic link may have another one.
    """
    name = name or path.name
    in_force = settings.current()
    try:
        real = path.resolve(strict=True)
        state = real.stat()
    except (OSError, RuntimeError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be opened"
        return Judgement(State.UNREADABLE, reason=reason)
    if not real.is_file():
        return Judgement(State.UNREADABLE, reason="this is not a file")
    key = (str(real), name, state.st_mtime_ns, state.st_size, _words(in_force))
    if key not in _judged:
        _judged[key] = _judge(Source(name, lambda: real.open("rb")), in_force, real)
    return _judged[key]


def judge_bytes(name: str, content: bytes) -> Judgement:
    """The judgement of inline content, its format told from the name."""
    in_force = settings.current()
    key = (name, hashlib.sha256(content).digest(), _words(in_force))
    if key not in _judged:
        _judged[key] = _judge(Source.of_bytes(name, content), in_force, None)
    return _judged[key]


def _words(in_force: settings.Settings) -> str:
    return in_force.pii.model_dump_json() + "".join(one.model_dump_json() for one in in_force.attestations)


def forget() -> None:
    """Forget all judgements."""
    _judged.clear()


def _judge(source: Source, in_force: settings.Settings, path: Path | None) -> Judgement:
    try:
        attested, remark = _attestation(source, in_force, path)
        if attested:
            until = attested.expires.isoformat()
            told = f"attested by {attested.owner} as masked by {attested.method} until {until}; not judged"
            return Judgement(State.ATTESTED, reason=told)
        return judge_source(source, in_force.pii, remark)
    except UnreadableError as error:
        return Judgement(State.UNREADABLE, reason=str(error))
    except Exception as error:  # No message of a library may reach a log: it may quote a cell.
        return Judgement(State.UNREADABLE, reason=f"the dataset cannot be judged: {type(error).__name__}")


def judge_source(source: Source, chosen: PersonalData, *remarks: str, excuse: bool = True) -> Judgement:
    """The judgement of a dataset. Raises `UnreadableError`."""
    from checkov_aiml.pii.engine.rule import ColumnResult, Level

    judge = Judge.load(chosen)
    batches = read(source, chosen.max_bytes, chosen.max_rows)
    columns, rows = judge.columns(_with_progress(batches, source.name), excuse)
    results = judge.results(columns)
    safe = safe_names(columns, judge)
    told = tuple(
        ColumnResult(safe[r.column], r.entity, r.level, r.count, r.share, r.structured)
        for r in sorted(results, key=lambda result: (result.level.value, result.column, result.entity))
    )
    levels = {result.level for result in results}
    state = State.LEAK if Level.LEAK in levels else State.SUSPECT if levels else State.CLEAN
    return Judgement(state, rows, len(columns), told, "", tuple(filter(None, (*remarks, *_bounds(judge, rows)))))


def safe_names(columns: Iterable[str], judge: Judge) -> dict[str, str]:
    """Column name to how it is told: a name that may itself be somebody's datum is told by its place."""
    listed = list(columns)
    suspicious = {*judge.scanner.find(listed), *judge.in_names(listed)}
    return {
        name: f"column {position} (its name is withheld)"
        if name in suspicious or len(name) > 120 or "@" in name or re.search(r"\d{6}", name) or not name.isprintable()
        else name
        for position, name in enumerate(listed, start=1)
    }


def _bounds(judge: Judge, rows: int) -> Iterator[str]:
    chosen = judge.chosen
    if chosen.max_rows is not None and rows >= chosen.max_rows:
        yield f"only the first {rows} rows were judged, as pii.max_rows says"
    if judge.model is None:
        yield "not looked for: PERSON, LOCATION and NRP in prose, because no spaCy model is installed"
    if chosen.entities:
        left_out = [entity for entity in BUILT_IN_ENTITIES if entity not in chosen.entities]
        if left_out:
            yield f"not looked for, as pii.entities says: {', '.join(left_out)}"


def _attestation(source: Source, in_force: settings.Settings, path: Path | None) -> tuple[Attestation | None, str]:
    """The attestation in force for a file; else why one of the file does not count."""
    if path is None or not in_force.attestations:
        return None, ""
    found = settings.find_file()
    base = found.parent if found else Path.cwd()
    remark = ""
    for attestation in in_force.attestations:
        if (base / attestation.file).resolve() != path:
            continue
        if attestation.expires < datetime.date.today():
            remark = f"the attestation by {attestation.owner} expired on {attestation.expires.isoformat()}"
        elif _digest(source) != attestation.sha256:
            remark = f"the attestation by {attestation.owner} is of other content"
        else:
            return attestation, ""
    return None, remark


def _digest(source: Source) -> str:
    with source.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _with_progress(batches: Iterator[Batch], name: str) -> Iterator[Batch]:
    """The batches, with a progress bar after two seconds when a person watches the terminal."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield from batches
        return
    from tqdm import tqdm

    with tqdm(desc=name, unit=" rows", delay=2, leave=False, file=sys.stderr) as bar:
        for batch in batches:
            yield batch
            bar.update(batch.rows)
