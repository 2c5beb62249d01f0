"""Finds what Presidio's analyser finds in each cell of a column, without running it on each cell.

Presidio asks every recognizer about every cell. Here each distinct value is looked at once; the values are joined, so
that one quick search goes over thousands of cells; a pattern is tried only on values in which something was found that
must be there wherever it matches; and only its matches are validated. The findings, their spans, scores and order are
those of `AnalyzerEngine.analyze` with the same recognizers and no language model, which the tests prove.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import regex
from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.predefined_recognizers import IbanRecognizer, PhoneRecognizer

from checkov_aiml.pii.engine.phones import BritishNumbers

_SEPARATOR = "\n\0\n"
_HAS_DIGIT = re.compile(r"\d")
_HAS_LETTER = re.compile(r"[A-Za-z]")
_LONG_WORD = re.compile(r"[A-Za-z0-9]{36,}")


class Finding(NamedTuple):
    """One finding: characters `start` to `end` of a cell look like an entity; the score is Presidio's, 0 to 1."""

    entity: str
    start: int
    end: int
    score: float


Findings = dict[str, list[Finding]]
"""Distinct value to its findings, in Presidio's order; values without any are left out."""

_PRECONDITIONS = {
    # NHS number
    "d813b701023b": r"[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}",
    # National Insurance number
    "21f524c59171": r"[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]\b",
    # postcode
    "a1d8d743f35d": r"[0-9](?:[A-Za-z0-9]?\s?[0-9][A-Za-z]{2}|[Aa]{2})\b",
    # passport
    "77b1c6c53ea4": r"[0-9]{7}(?<=[A-Za-z]{2}[0-9]{7})\b",
    # driving licence
    "ab7f97c71732": r"[0-9]{6}[A-Za-z9]{2}[A-Za-z0-9][A-Za-z]{2}\b",
    # vehicle registrations: current, prefix, suffix
    "13d9d6366e3f": r"[0-9]{2}[- ]?[A-Za-z]{3}\b",
    "0beae89e8b0e": r"[0-9][- ]?[A-Za-z]{3}\b",
    "cec983682f20": r"[0-9][- ]?[A-Za-z]\b",
    # e-mail
    "004723abbb67": r"@[A-Za-z0-9_]",
    # payment cards
    "f619fa242c93": r"[13456][0-9]{3}[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}[- ]?[0-9]{3}",
    # IP addresses: mapped, embedded, version 4, version 6, unspecified
    "5def597d3b4d": r"::",
    "66197b1f8e63": r":[0-9]{1,3}\.[0-9]",
    "ae1e66dfc546": r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    "c4f79b73053c": r":(?::|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){6})",
    "c696285024ae": r"::",
    # MAC addresses: with colons or hyphens, with dots
    "a101077778af": r"[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]",
    "1dbdb084e42f": r"\.[0-9A-Fa-f]{4}\.",
    # Bitcoin address
    "9d9a993fd6ae": r"(?:[Bb][Cc]1|[13])[A-Za-z0-9]{25}",
    # IBAN
    "1f98697e78e0": r"[0-9]{2}(?<=[A-Za-z]{2}[0-9]{2})[ -]?[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{4}",
    # own: Mastercard 2-series, cards of 19 digits, internal e-mail
    "3ecdd926e595": r"2[2-7][0-9]{2}[- ]?[0-9]{4}[- ]?[0-9]{4}",
    "4250332df961": r"[46][0-9]{2,4}[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}",
    "a306099f15de": r"@[A-Za-z0-9_-]",
}
"""What must be found in an ASCII text wherever a pattern matches; quick to search, because it starts with characters.

The key is the digest of the pattern's text: a pattern that another version of Presidio changes is tried on every value.
"""

_WITHOUT_DIGIT = frozenset(
    {"004723abbb67", "c4f79b73053c", "c696285024ae", "a101077778af", "1dbdb084e42f", "a306099f15de"}
)
"""Patterns that match texts without any digit too."""

_WITH_LETTER = frozenset(
    {
        "21f524c59171",
        "a1d8d743f35d",
        "77b1c6c53ea4",
        "ab7f97c71732",
        "13d9d6366e3f",
        "0beae89e8b0e",
        "cec983682f20",
        "1f98697e78e0",
    }
)
"""Patterns that match no text without a letter."""

_IN_LONG_WORDS = frozenset({"9d9a993fd6ae"})
"""Patterns that match in one word of 36 characters and more, such as a digest; all others want a shorter word."""


def digest(pattern: str) -> str:
    """The key of a pattern in the table of preconditions."""
    return hashlib.sha256(pattern.encode()).hexdigest()[:12]


class _Search(NamedTuple):
    """One pattern of a recognizer: how it is tried on a value, and on which values."""

    recognizer: PatternRecognizer
    finditer: Callable[[str], Iterable[Any]]
    score: float
    precondition: Callable[[str, int], Any] | None
    needs_digit: bool
    needs_letter: bool
    in_long_words: bool


class Scanner:
    """Finds entities in many values with one set of recognizers."""

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        self.recognizers = tuple(recognizers)
        self._boost = LemmaContextAwareEnhancer()
        self._searches: list[_Search] = []
        self._phones: list[PhoneRecognizer] = []
        self._others: list[EntityRecognizer] = []
        self._british = BritishNumbers()
        for recognizer in recognizers:
            if _is_plain(recognizer):
                self._searches.extend(_searches(recognizer))
            elif type(recognizer) is PhoneRecognizer and _is_british(recognizer):
                self._phones.append(recognizer)
            else:
                self._others.append(recognizer)

    def find(self, values: Iterable[str], context: Sequence[str] = ()) -> Findings:
        """What is found in each of the values, which may repeat; `context` are words that raise scores, as a header."""
        distinct = list(dict.fromkeys(values))
        supported = {id(r): self._is_supported(r, context) for r in self.recognizers} if context else {}
        found: dict[str, list[Finding]] = defaultdict(list)

        def add(recognizer: EntityRecognizer, text: str, start: int, end: int, score: float) -> None:
            if supported.get(id(recognizer)):
                score = min(
                    max(score + self._boost.context_similarity_factor, self._boost.min_score_with_context_similarity),
                    1.0,
                )
            found[text].append(Finding(recognizer.supported_entities[0], start, end, score))

        groups = _Groups(distinct)
        for members, may_match in groups.ascii():
            joined = _Joined(members)
            for search in filter(may_match, self._searches):
                _try(search, joined.values_with(search.precondition) if search.precondition else members, add)
        for search in self._searches:
            _try(search, groups.others_with_digit if search.needs_digit else groups.others, add)
        for phones in self._phones:
            self._find_phones(
                phones, [*groups.numbers, *groups.mixed, *groups.long_words], groups.others_with_digit, add
            )
        for recognizer in self._others:
            for value in distinct:
                for result in recognizer.analyze(value, recognizer.supported_entities, None) or ():
                    add(recognizer, value, result.start, result.end, result.score)
        return {text: findings if len(findings) == 1 else _resolved(findings) for text, findings in found.items()}

    def _find_phones(self, recognizer: PhoneRecognizer, plain: Iterable[str], others: Iterable[str], add: Any) -> None:
        entities = recognizer.supported_entities
        may_hold, is_number, score = self._british.may_hold_number, self._british.is_number, recognizer.SCORE
        for value in plain:
            if may_hold(value):
                if is_number(value):
                    add(recognizer, value, 0, len(value), score)
                    continue
                for result in recognizer.analyze(value, entities):
                    add(recognizer, value, result.start, result.end, result.score)
        for value in others:
            for result in recognizer.analyze(value, entities):
                add(recognizer, value, result.start, result.end, result.score)

    def _is_supported(self, recognizer: EntityRecognizer, context: Sequence[str]) -> bool:
        words = [word.lower() for word in context]
        return any(known.lower() in word for known in recognizer.context or () for word in words)


class _Joined:
    """Values in one text, in which one search goes over all of them."""

    def __init__(self, values: Sequence[str]) -> None:
        self._values = values
        self._text = _SEPARATOR.join(values)
        ends = accumulate(len(value) + len(_SEPARATOR) for value in values)
        self._starts = [0, *ends]

    def values_with(self, search: Callable[[str, int], Any]) -> Iterator[str]:
        """The values in which the search succeeds."""
        text, starts, values = self._text, self._starts, self._values
        match = search(text, 0)
        while match:
            position = bisect_right(starts, match.start()) - 1
            yield values[position]
            match = search(text, starts[position + 1])


class _Groups:
    """Values by what they hold: digits without letters, digits and letters, no digits, one long word; all others apart.

    The others are those that are not ASCII or hold NUL, which the separator has.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self.numbers: list[str] = []
        self.mixed: list[str] = []
        self.words: list[str] = []
        self.long_words: list[str] = []
        self.others: list[str] = []
        has_digit, has_letter = _HAS_DIGIT.search, _HAS_LETTER.search
        for value in values:
            if not value.isascii() or "\0" in value:
                self.others.append(value)
            elif len(value) >= 36 and _LONG_WORD.fullmatch(value):
                self.long_words.append(value)
            elif not has_digit(value):
                self.words.append(value)
            elif has_letter(value):
                self.mixed.append(value)
            else:
                self.numbers.append(value)
        self.others_with_digit = [value for value in self.others if has_digit(value)]

    def ascii(self) -> Iterator[tuple[list[str], Callable[[_Search], bool]]]:
        """Each group of ASCII values that has any, and which patterns may match in it."""
        groups: tuple[tuple[list[str], Callable[[_Search], bool]], ...] = (
            (self.numbers, lambda search: not search.needs_letter),
            (self.mixed, lambda search: True),
            (self.words, lambda search: not search.needs_digit),
            (self.long_words, lambda search: search.in_long_words),
        )
        return (group for group in groups if group[0])


def _is_plain(recognizer: EntityRecognizer) -> bool:
    """Whether the recognizer does nothing but search its patterns and validate what they match."""
    kind = type(recognizer)
    return (
        isinstance(recognizer, PatternRecognizer)
        and kind.analyze in (PatternRecognizer.analyze, IbanRecognizer.analyze)
        and kind.enhance_using_context is EntityRecognizer.enhance_using_context
    )


def _is_british(recognizer: PhoneRecognizer) -> bool:
    return tuple(recognizer.supported_regions) == ("GB",) and recognizer.leniency == 1


def _searches(recognizer: Any) -> Iterator[_Search]:
    for pattern in recognizer.patterns:
        key = digest(pattern.regex)
        precondition = re.compile(_PRECONDITIONS[key]).search if key in _PRECONDITIONS else None
        yield _Search(
            recognizer,
            regex.compile(pattern.regex, recognizer.global_regex_flags).finditer,
            pattern.score,
            precondition,
            needs_digit=key in _PRECONDITIONS and key not in _WITHOUT_DIGIT,
            needs_letter=key in _WITH_LETTER,
            in_long_words=key in _IN_LONG_WORDS or key not in _PRECONDITIONS,
        )


def _try(search: _Search, values: Iterable[str], add: Any) -> None:
    """Add what the pattern finds, validated as the recognizer does it."""
    recognizer, finditer, pattern_score = search.recognizer, search.finditer, search.score
    if isinstance(recognizer, IbanRecognizer):
        _try_iban(search, values, add)
        return
    validate, invalidate = recognizer.validate_result, recognizer.invalidate_result
    for value in values:
        for match in finditer(value):
            start, end = match.span()
            if start == end:
                continue
            text = value[start:end]
            valid = validate(text)
            score = pattern_score if valid is None else 1.0 if valid else 0
            if score > 0 and not invalidate(text):
                add(recognizer, value, start, end, score)


def _try_iban(search: _Search, values: Iterable[str], add: Any) -> None:
    """An IBAN's pattern may take in what follows it; the longest of its parts that is valid counts."""
    for value in values:
        for match in search.finditer(value):
            start = match.start()
            for group in range(match.re.groups, 0, -1):
                end = match.end(group) if match.end(group) > 0 else match.end()
                valid = search.recognizer.validate_result(value[start:end]) if end > start else False
                if valid or valid is None:
                    add(search.recognizer, value, start, end, 1.0 if valid else search.score)
                    break


def _resolved(findings: list[Finding]) -> list[Finding]:
    """The findings without those that a better one of the same entity contains."""
    results = EntityRecognizer.remove_duplicates([RecognizerResult(*finding) for finding in findings])
    return [Finding(result.entity_type, result.start, result.end, result.score) for result in results]
