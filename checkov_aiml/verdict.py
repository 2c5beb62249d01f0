"""What a control may answer, and how answers about several attributes become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class MalformedError(Exception):
    """A policy, a body or a nested document cannot be parsed; the text says where and why, and what to do."""


class Outcome(Enum):
    """PASSED is proved good, FAILED is proved bad or an insecure default.

    UNRESOLVED means that an expression without a value decides; the setting `unresolved` says what becomes of it.
    NOT_APPLICABLE means that the control has nothing to say. Checkov leaves both out of its report.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNRESOLVED = "unresolved"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Verdict:
    """One answer: the outcome, why, and the attribute paths that decided it.

    `subjects` are the paths that the statement is about; several verdicts with one statement are told as one.
    """

    outcome: Outcome
    statement: str
    attributes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why, in one sentence that names what it is about."""
        return f"{', '.join(self.subjects)}: {self.statement}" if self.subjects else self.statement

    def about(self, path: str) -> Verdict:
        """The same verdict, said of one attribute."""
        return Verdict(self.outcome, self.statement, (path,), (path,))


def passed(statement: str, *attributes: str) -> Verdict:
    return Verdict(Outcome.PASSED, statement, attributes)


def failed(statement: str, *attributes: str) -> Verdict:
    return Verdict(Outcome.FAILED, statement, attributes)


def unresolved(statement: str, *attributes: str) -> Verdict:
    return Verdict(Outcome.UNRESOLVED, statement, attributes)


def not_applicable(statement: str = "") -> Verdict:
    return Verdict(Outcome.NOT_APPLICABLE, statement)


_PRECEDENCE = (Outcome.FAILED, Outcome.UNRESOLVED, Outcome.PASSED)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for several: the worst outcome decides, and only the verdicts with that outcome speak.

    Verdicts that are not applicable are left out; without any other the whole is not applicable.
    """
    collected = list(verdicts)
    for outcome in _PRECEDENCE:
        deciding = [verdict for verdict in collected if verdict.outcome is outcome]
        if len(deciding) == 1:
            return deciding[0]
        if deciding:
            attributes = dict.fromkeys(path for verdict in deciding for path in verdict.attributes)
            return Verdict(outcome, "; ".join(_told_once(deciding)), tuple(attributes))
    return not_applicable(collected[0].reason if collected else "")


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for several ways of which one suffices: the best outcome decides, and only its verdicts speak."""
    collected = list(verdicts)
    for outcome in reversed(_PRECEDENCE):
        deciding = [verdict for verdict in collected if verdict.outcome is outcome]
        if deciding:
            return all_of(deciding)
    return not_applicable(collected[0].reason if collected else "")


def _told_once(verdicts: list[Verdict]) -> Iterable[str]:
    """The reasons, with those that say the same of several attributes told as one."""
    subjects: dict[str, list[str]] = {}
    for verdict in verdicts:
        subjects.setdefault(verdict.statement, []).extend(verdict.subjects)
    for statement, paths in subjects.items():
        yield Verdict(Outcome.FAILED, statement, (), tuple(dict.fromkeys(paths))).reason
