"""The scanner finds what Presidio's own analyser finds in each cell: on generated tables, and on fuzzed values."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import CryptoRecognizer, PhoneRecognizer, UsSsnRecognizer

from checkov_aiml.pii.engine import scanner as scanning
from checkov_aiml.pii.engine.recognizers import QuickCryptoRecognizer, analyzer, uk_recognizers
from checkov_aiml.pii.engine.scanner import Finding, Scanner

CHARACTERS = (
    "0123456789" * 3
    + "+-() ./:@,;#xX\n\t" * 2
    + "abcdefABCDEFGHJLNPQSTUWZ_\u00e9\u00a3\u00b2\u0663\u017f\u212a\0\u20ac\u2019"
)


@cache
def engines() -> tuple[Scanner, Any]:
    recognizers = uk_recognizers()
    return Scanner(recognizers), analyzer(recognizers)


def analyzed(engine: Any, text: str, context: list[str]) -> list[Finding]:
    results = engine.analyze(text, "en", context=context)
    return [Finding(r.entity_type, r.start, r.end, r.score) for r in results]


def assert_same(values: Iterable[str], context: list[str], scanner: Scanner | None = None, engine: Any = None) -> None:
    values = list(values)
    scanner, engine = scanner or engines()[0], engine or engines()[1]
    found = scanner.find(values, context)
    for value in values:
        # Not shown as they are: no generated value belongs in a test's output.
        assert found.get(value, []) == analyzed(engine, value, context), [hex(ord(c)) for c in value]


def test_columns_of_every_type(made: Any) -> None:
    for name, generator in {**made.PERSONAL, **made.NEAR_MISSES}.items():
        assert_same(made.column(generator, 60, 21), [name])
        assert_same(made.column(generator, 30, 22), [])


def test_faker_columns(made: Any) -> None:
    kinds = (
        "name",
        "address",
        "phone_number",
        "company_email",
        "ipv4",
        "ipv6",
        "mac_address",
        "iban",
        "credit_card_number",
    )
    for kind in (*kinds, "text", "url", "iso8601", "license_plate", "postcode", "ssn", "user_agent", "bban", "isbn13"):
        assert_same(made.column(lambda r, f, kind=kind: str(getattr(f, kind)()), 60, 23), [kind])


def test_masked_columns(made: Any) -> None:
    r = random.Random(3)
    for mask in made.MASKS.values():
        assert_same([mask(value, r) for value in made.column(made.PERSONAL["mobile"], 40, 24)], ["phone"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet=CHARACTERS, max_size=45), min_size=1, max_size=12))
def test_fuzzed_characters(values: list[str]) -> None:
    assert_same(values, ["phone"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_any_unicode(values: list[str]) -> None:
    assert_same(values, [])


def mutated(value: str, r: random.Random) -> str:
    """A value with some characters changed, dropped, doubled, or set into other text."""
    characters = list(value)
    for _ in range(r.randint(0, 3)):
        position = r.randrange(len(characters) + 1)
        action = r.randint(0, 3)
        if action == 0:
            characters.insert(position, r.choice(CHARACTERS))
        elif characters and action == 1:
            characters.pop(position - 1)
        elif characters:
            characters[position - 1] = r.choice(CHARACTERS)
    text = "".join(characters)
    return r.choice(
        (text, text, f"x {text}", f"{text} {text}", f"({text})", f"{text}, ext. 12", f"a{text}", f"{text}\n{text}")
    )


@pytest.mark.parametrize("seed", [31, 32])
def test_mutated_personal_data(made: Any, seed: int) -> None:
    r = random.Random(seed)
    for name, generator in made.PERSONAL.items():
        assert_same([mutated(value, r) for value in made.column(generator, 40, seed)], [name])


def test_phone_numbers_of_many_forms() -> None:
    r = random.Random(5)
    forms = (
        "0{}",
        "+44{}",
        "+44 (0){}",
        "0044{}",
        "44{}",
        "({}",
        "(0{})",
        "{}",
        "00{}",
        "+{}",
        "0{} x12",
        "tel:0{}",
        "0{}#3",
        "180020{}",
    )
    values = []
    for _ in range(500):
        digits = "".join(r.choices("0123456789", k=r.randint(5, 12)))
        for gap in r.sample(range(1, len(digits)), k=r.randint(0, 3)):
            digits = f"{digits[:gap]}{r.choice((' ', '-', '.', ') ', '/'))}{digits[gap:]}"
        values.append(r.choice(forms).format(r.choice(("7", "1", "2", "")) + digits))
    assert_same(values, [])


def test_long_words(made: Any) -> None:
    """Words too long for anything but a Bitcoin address."""
    r = random.Random(6)
    parts = [
        *made.column(made.iban, 20, 1),
        *made.column(made.card, 20, 1),
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "07911123456",
    ]
    values = []
    for _ in range(300):
        filler = "".join(r.choices("0123456789abcdefABCXYZ", k=r.randint(0, 50)))
        part, position = r.choice(parts), r.randint(0, len(filler))
        values.append(filler[:position] + part + filler[position:])
    values += ["".join(r.choices("0123456789", k=r.randint(30, 60))) for _ in range(100)]
    assert_same(values, ["iban"])


def test_other_recognizers_are_asked_themselves() -> None:
    custom = PatternRecognizer("STAFF", patterns=[Pattern("staff", r"(?s)S-\d+.?$", 0.7)], context=["staff"])
    recognizers = [custom, UsSsnRecognizer(), PhoneRecognizer(supported_regions=("US", "FR")), CryptoRecognizer()]
    values = [
        "S-12",
        "S-12\n",
        "078-05-1120",
        "536-90-4399",
        "+33 1 42 68 53 00",
        "(212) 555-0123",
        "x",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    ]
    assert_same(values, ["staff"], Scanner(recognizers), analyzer(recognizers))


def test_quick_crypto_is_presidios(made: Any) -> None:
    quick, slow, r = QuickCryptoRecognizer(), CryptoRecognizer(), random.Random(4)
    values = [
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    ]
    values += [mutated(r.choice(values), r) for _ in range(300)]
    for value in values:
        if value:
            assert quick.validate_result(value) == bool(slow.validate_result(value))


def test_presidio_has_the_patterns_that_the_preconditions_are_for() -> None:
    """Presidio's newest version has them all; an older one's other patterns are tried on every value."""
    patterns = {scanning.digest(p.regex) for r in uk_recognizers() for p in getattr(r, "patterns", ())}
    from importlib.metadata import version

    if tuple(map(int, version("presidio-analyzer").split("."))) >= (2, 2, 366):
        assert patterns == scanning._PRECONDITIONS.keys()
    assert scanning._PRECONDITIONS.keys() >= scanning._WITHOUT_DIGIT | scanning._WITH_LETTER


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert Scanner(uk_recognizers()).find(["someone@a-domain-never-seen.co.uk"])
