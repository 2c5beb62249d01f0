"""Decides of a whole column whether it holds personal data.

One cell proves little: one ten-digit number in eleven passes the check of an NHS number. A column of them is compared
with what chance would give. Masked cells do not count, values reserved for tests are excused, and the column's name
lowers or raises what is asked for.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from checkov_aiml.pii import values as look
from checkov_aiml.pii.engine.scanner import Finding, Scanner
from checkov_aiml.pii.header import Header, meaning


class Level(Enum):
    """LEAK is personal data, SUSPECT is what chance may explain."""

    LEAK = "leak"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class ColumnResult:
    """What a column holds: never a value of it. `count` cells of the entity are `share` of those that are not null."""

    column: str
    entity: str
    level: Level
    count: int
    share: float
    structured: bool

    def __str__(self) -> str:
        return f"{self.column} holds {self.entity} in {self.count} of its cells ({self.share:.0%})"


_CHANCE = {
    "EMAIL_ADDRESS": 1e-9,
    "IBAN_CODE": 1e-4,
    "CRYPTO": 1e-6,
    "MAC_ADDRESS": 1e-4,
    "UK_NINO": 2e-4,
    "UK_DRIVING_LICENCE": 1e-5,
    "UK_NHS": 1 / 11,
    "CREDIT_CARD": 1 / 10,
    "PHONE_NUMBER": 0.35,
    "UK_POSTCODE": 0.25,
    "IP_ADDRESS": 0.35,
    "UK_PASSPORT": 1.0,
    "UK_VEHICLE_REGISTRATION": 1.0,
}
"""Entity to the share of values of its shape that pass by chance; 1 means that only a column's name can tell."""

_SHAPES = {
    entity: re.compile(shape).fullmatch
    for entity, shape in {
        "UK_NHS": r"\d{3}[- ]?\d{3}[- ]?\d{4}",
        "CREDIT_CARD": r"(?:\d[- ]?){13,19}",
        "PHONE_NUMBER": r"[+(]?[\d (). -]{9,20}",
        "UK_POSTCODE": r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}",
        "UK_NINO": r"(?:[A-Za-z0-9] ?){8}[A-Za-z0-9]",
        "UK_DRIVING_LICENCE": r"[A-Za-z0-9]{16}",
        "IP_ADDRESS": r"\d+\.\d+\.\d+\.\d+",
        "MAC_ADDRESS": r"[0-9A-Fa-f:.-]{12,17}",
        "IBAN_CODE": r"[A-Za-z]{2}\d\d[A-Za-z0-9 -]{8,36}",
        "CRYPTO": r"[A-Za-z0-9]{26,62}",
    }.items()
}
"""Entity to the shape of the values among which its share counts."""

_STRONG_IN_TEXT = frozenset({"EMAIL_ADDRESS", "IBAN_CODE", "UK_NINO", "UK_DRIVING_LICENCE", "MAC_ADDRESS", "CRYPTO"})
PROSE = (
    ("PERSON", re.compile(r"((?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z'\u2019-]+(?: [A-Z][a-z'\u2019-]+)?)")),
    ("PERSON", re.compile(r"(?:[Mm]y name is|[Nn]ame:|[Pp]atient:) ([A-Z][a-z'\u2019-]+ [A-Z][a-z'\u2019-]+)")),
    ("LOCATION", re.compile(rf"(\d{{1,4}}[A-Za-z]? (?:[A-Z][\w'\u2019-]+ ){{1,3}}(?i:{look.STREET})\b)")),
    ("DATE_OF_BIRTH", re.compile(rf"(?i)(?:\bdob|\bd\.o\.b\.?|date of birth|born(?: on)?)[: ]+({look.DAY})")),
)
"""Entities that prose gives away without a language model: the first group is what is somebody's."""

_VERSIONED = re.compile(r"(?i)(?:version|release|build|firmware|\bv)[ :.=]*$")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9]\d{0,8})?\.\d+(?:[eE][+-]?\d+)?").fullmatch
_NONE: frozenset[str] = frozenset()
_DISTINCT = 4_096
_CATEGORY = 30


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _spoilt_card(text: str) -> bool:
    """A card number that a spreadsheet turned into a number with an exponent."""
    return re.fullmatch(r"\d(?:\.\d+)?[eE]\+?1[2-8]", text) is not None


def _phone_by_header(text: str) -> bool:
    digits = _digits(text)
    return re.fullmatch(r"\+?[\d ().x/-]+", text) is not None and 7 <= len(digits) <= 15 and len(set(digits)) > 2


_BY_HEADER: Mapping[str, tuple[Callable[[str], object], float]] = {
    "PERSON": (look.is_name_shaped, 0.5),
    "DATE_OF_BIRTH": (look.is_date, 0.5),
    "LOCATION": (look.is_address, 0.3),
    "UK_SORT_CODE": (re.compile(r"\d{2}[- ]?\d{2}[- ]?\d{2}|\d{5}").fullmatch, 0.8),
    "UK_BANK_ACCOUNT": (re.compile(r"\d{6,12}").fullmatch, 0.8),
    "USERNAME": (re.compile(r"(?=.*[A-Za-z])[\w.@-]{3,40}").fullmatch, 0.5),
    "PASSWORD": (lambda text: " " not in text and len(text) >= 4, 0.5),
    "PHONE_NUMBER": (_phone_by_header, 0.5),
    "CREDIT_CARD": (_spoilt_card, 0.3),
    "UK_POSTCODE": (re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}").fullmatch, 0.3),
    "UK_NINO": (re.compile(r"[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Za-z]").fullmatch, 0.3),
    "UK_NHS": (lambda text: text.isdigit() and len(text) in (8, 9) and look.passes_nhs_check(text.zfill(10)), 0.3),
}
"""Entity to what its values look like where the column's name tells of it, and the share of them that is asked for."""


@dataclass
class _Tally:
    """What was counted of one entity: cells, and distinct values."""

    cells: int = 0
    values: int = 0
    eligible: int = 0
    in_text: int = 0
    text_values: int = 0
    high_octets: int = 0


@dataclass
class Column:
    """One column, batch by batch. `excuse` says whether values reserved for tests are excused."""

    name: str
    excuse: bool = True
    cells: int = 0
    masked: int = 0
    live_values: int = 0
    loose: int = 0
    tallies: dict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))
    shaped: Counter[str] = field(default_factory=Counter)
    full_names: int = 0
    name_shaped: int = 0
    _seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.header: Header = meaning(self.name)

    def add(
        self, cells: Iterable[str], scanner: Scanner, names: Callable[[list[str]], Mapping[str, list[Finding]]] | None
    ) -> None:
        """Count a batch. `names` finds what a language model finds, None without one."""
        live: dict[str, int] = {}
        for cell, count in Counter(cells).items():
            text = cell.strip()
            if text.lower() in look.NULLS:
                continue
            self.cells += count
            if len(text) > 3 and look.is_masked(text):
                self.masked += count
                continue
            if text.endswith(".0") and text[:-2].isdigit():
                text = text[:-2]
            live[text] = live.get(text, 0) + count
        found = scanner.find([text for text in live if len(text) > 4 and not _DECIMAL(text)])
        prose = [text for text in live if text.count(" ") >= 3 or self.header.bare_name]
        by_model = names(prose) if names and prose else {}
        entities = {finding.entity for findings in found.values() for finding in findings} | self.tallies.keys()
        shapes = [(entity, _SHAPES[entity]) for entity in entities if entity in _SHAPES]
        for text, count in live.items():
            new = self._is_new(text)
            self.live_values += new
            self._count_shapes(text, count, new)
            findings = found.get(text)
            whole, excused = self._count_findings(text, findings, count, new) if findings else (_NONE, _NONE)
            for entity, has_shape in shapes:
                if entity not in excused and (entity in whole or has_shape(text)):
                    self.tallies[entity].eligible += new
            for entity in {finding.entity for finding in by_model.get(text, ())}:
                self.tallies[entity].in_text += count
                self.tallies[entity].text_values += new

    def _is_new(self, text: str) -> int:
        """Whether a value is counted as distinct: all are when there are too many to remember."""
        if len(self._seen) >= _DISTINCT:
            return 1
        key = hash(text)
        if key in self._seen:
            return 0
        self._seen.add(key)
        return 1

    def _count_shapes(self, text: str, count: int, new: int) -> None:
        for entity in self.header.entities:
            if (
                entity in _BY_HEADER
                and _BY_HEADER[entity][0](text)
                and not (self.excuse and look.is_reserved(entity, text))
            ):
                self.shaped[entity] += count
        spaces = text.count(" ")
        if spaces and text[0].isalpha() and spaces < 4 and len(text) < 60 and look.is_full_name(text):
            self.full_names += count
        if spaces >= 2 and len(text) > 12:
            self._count_text(text, count, new)
        if self.header.bare_name and look.is_name_shaped(text):
            self.name_shaped += count

    def _count_text(self, text: str, count: int, new: int) -> None:
        for entity in {entity for entity, pattern in PROSE if pattern.search(text)}:
            if not self.header.names(entity):
                self.tallies[entity].in_text += count
                self.tallies[entity].text_values += new

    def _count_findings(self, text: str, findings: list[Finding], count: int, new: int) -> tuple[set[str], set[str]]:
        """Count a value's findings: the entities that the value is as a whole, and those of which it is excused."""
        longest: dict[str, Finding] = {}
        whole: set[str] = set()
        excused: set[str] = set()
        for finding in sorted(findings, key=lambda finding: finding.start - finding.end):
            if self.excuse and look.is_reserved(finding.entity, text[finding.start : finding.end]):
                excused.add(finding.entity)
            else:
                longest.setdefault(finding.entity, finding)
        excused -= longest.keys()
        for entity, finding in longest.items():
            matched = text[finding.start : finding.end]
            is_whole = finding.end - finding.start >= 0.8 * len(text)
            if is_whole and self._is_plausible(entity, matched):
                whole.add(entity)
                tally = self.tallies[entity]
                tally.cells += count
                tally.values += new
                self.loose += count if len(matched) < len(text) else 0
                if entity == "IP_ADDRESS" and (":" in matched or int(matched.partition(".")[0]) > 30):
                    tally.high_octets += new
            elif not is_whole and counts_in_text(text, finding):
                self.tallies[entity].in_text += count
                self.tallies[entity].text_values += new
        return whole, excused

    def _is_plausible(self, entity: str, matched: str) -> bool:
        if entity == "UK_POSTCODE":
            return look.is_postcode(matched)
        if entity == "CREDIT_CARD":
            return look.is_card_of_an_issuer(matched)
        return True

    @property
    def is_prose(self) -> bool:
        """Whether what was found mostly stands among other words."""
        found = sum(tally.cells for tally in self.tallies.values())
        return not self.header.entities and self.loose * 2 > found

    def results(self, thresholds: Mapping[str, float], wanted: frozenset[str]) -> Iterable[ColumnResult]:
        """What the column holds, of the wanted entities (all when empty); `thresholds` override the shares needed."""
        told = set()
        for result in self._decide(thresholds):
            if (not wanted or result.entity in wanted) and result.entity not in told:
                told.add(result.entity)
                yield result

    def _decide(self, thresholds: Mapping[str, float]) -> Iterable[ColumnResult]:
        live = self.cells - self.masked
        if live <= 0:
            return
        for entity, tally in self.tallies.items():
            if tally.cells:
                level = self._level(entity, tally, live, thresholds.get(entity))
                if level:
                    yield ColumnResult(self.name, entity, level, tally.cells, tally.cells / self.cells, True)
        for entity, count in self.shaped.items():
            needed = thresholds.get(entity, _BY_HEADER[entity][1])
            if count / live >= needed and not self._is_category(entity, live):
                yield ColumnResult(self.name, entity, Level.LEAK, count, count / self.cells, True)
        if (
            not self.header.negative
            and self.full_names >= max(1, 0.25 * live)
            and not self._is_category("PERSON", live)
        ):
            yield ColumnResult(self.name, "PERSON", Level.LEAK, self.full_names, self.full_names / self.cells, True)
        elif self.header.bare_name and self.name_shaped >= 0.5 * live and not self._is_category("PERSON", live):
            yield ColumnResult(
                self.name, "PERSON", Level.SUSPECT, self.name_shaped, self.name_shaped / self.cells, True
            )
        for entity, tally in self.tallies.items():
            if tally.in_text:
                certain = entity in _CHANCE or tally.text_values >= 2 or live < _CATEGORY
                share = tally.in_text / self.cells
                certain = certain and share >= thresholds.get(entity, 0.0)
                yield ColumnResult(
                    self.name, entity, Level.LEAK if certain else Level.SUSPECT, tally.in_text, share, False
                )

    def _is_category(self, entity: str, live: int) -> bool:
        """Whether so few values repeat so often that they name kinds and not persons."""
        return entity == "PERSON" and live >= _CATEGORY and self.live_values <= max(3, 0.02 * min(live, 1_000))

    def _level(self, entity: str, tally: _Tally, live: int, threshold: float | None) -> Level | None:
        share = tally.cells / live
        if threshold is not None:
            return Level.LEAK if share >= threshold else Level.SUSPECT
        chance = _CHANCE.get(entity, 0.0)
        expected = self.header.names(entity) or (self.masked >= 0.3 * self.cells and chance < 1)
        if expected and (share >= 0.3 or (self.live_values < 10 and tally.values)):
            return Level.LEAK
        if chance >= 1:
            return None
        if entity == "IP_ADDRESS" and tally.high_octets < 0.5 * tally.values:
            return None
        eligible = max(tally.eligible, tally.values)
        rate = tally.values / eligible if eligible else 0.0
        tail = _tail(tally.values, eligible, chance)
        if self.header.negative and chance > 0.01:
            return Level.LEAK if rate >= 0.8 and tail < 1e-3 and share >= 0.8 else None
        if (rate >= 0.5 and tail < 1e-3) or (rate >= 3 * chance and tail < 1e-6):
            return Level.LEAK
        return Level.SUSPECT if rate >= 1.5 * chance and tail < 1e-2 else None


def counts_in_text(text: str, finding: Finding) -> bool:
    """Whether a finding inside a longer text is personal data and not a number that looks like some."""
    entity, matched = finding.entity, text[finding.start : finding.end]
    before = text[max(0, finding.start - 25) : finding.start].lower()
    if entity in _STRONG_IN_TEXT:
        return True
    if entity == "UK_NHS":
        grouped = re.fullmatch(r"\d{3}[ -]\d{3}[ -]\d{4}", matched) is not None
        return grouped or "nhs" in before or "nhs" in text[finding.end : finding.end + 25].lower()
    if entity == "CREDIT_CARD":
        grouped = re.search(r"\d[ -]\d", matched) is not None
        return look.is_card_of_an_issuer(matched) and (
            grouped or re.search(r"card|visa|amex|master|pan\b", before) is not None
        )
    if entity == "PHONE_NUMBER":
        return matched.lstrip("(")[:1] in ("0", "+") and len(_digits(matched)) >= 10
    if entity == "UK_POSTCODE":
        return look.is_postcode(matched) and (" " in matched or "postcode" in before)
    if entity == "IP_ADDRESS":
        octet = matched.partition(".")[0]
        return (
            _VERSIONED.search(text[: finding.start]) is None
            and (":" in matched or (octet.isdigit() and int(octet) > 30))
            and len(matched) > 6
        )
    if entity == "UK_VEHICLE_REGISTRATION":
        return re.search(r"registration|\breg\b|plate|vehicle|\bvrn\b|\bvrm\b|\bcar\b", before) is not None
    if entity == "UK_PASSPORT":
        return "passport" in before
    return finding.score >= 0.5


def _tail(successes: int, trials: int, chance: float) -> float:
    """The probability of at least so many successes: the exact binomial tail up to 400 trials, then a bound on it."""
    if successes <= 0:
        return 1.0
    if chance <= 0:
        return 0.0
    rate = successes / trials
    if rate <= chance:
        return 1.0
    if trials > 400:
        # Chernoff's bound: exp(-n D(rate || chance)).
        divergence = rate * math.log(rate / chance) + (
            (1 - rate) * math.log((1 - rate) / (1 - chance)) if rate < 1 else 0.0
        )
        return math.exp(-trials * divergence)
    return sum(math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(successes, trials + 1))
