"""Both sides of every rule: columns of personal data are found, near misses and masked columns are not."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from checkov_aiml.pii import judge
from checkov_aiml.pii.judge import State, judge_file

ENTITY = {
    "full_name": "PERSON",
    "surname": "PERSON",
    "first_name": "PERSON",
    "email": "EMAIL_ADDRESS",
    "contact_email": "EMAIL_ADDRESS",
    "mobile": "PHONE_NUMBER",
    "phone_number": "PHONE_NUMBER",
    "nhs_number": "UK_NHS",
    "patient.nhsNumber": "UK_NHS",
    "ni_number": "UK_NINO",
    "postcode": "UK_POSTCODE",
    "driving_licence": "UK_DRIVING_LICENCE",
    "vrm": "UK_VEHICLE_REGISTRATION",
    "passport_no": "UK_PASSPORT",
    "iban": "IBAN_CODE",
    "card_number": "CREDIT_CARD",
    "dob": "DATE_OF_BIRTH",
    "date_of_birth": "DATE_OF_BIRTH",
    "home_address": "LOCATION",
    "sort_code": "UK_SORT_CODE",
    "account_number": "UK_BANK_ACCOUNT",
    "ip_address": "IP_ADDRESS",
    "mac": "MAC_ADDRESS",
    "username": "USERNAME",
    "password": "PASSWORD",
}


def leaks(judgement: judge.Judgement) -> set[tuple[str, str]]:
    return {(r.column, r.entity) for r in judgement.results if r.level.value == "leak"}


@pytest.mark.parametrize("header", ENTITY)
@pytest.mark.parametrize("rows", [3, 200])
def test_personal_column_is_a_leak(made: Any, tmp_path: Path, header: str, rows: int) -> None:
    table = {
        header: made.column(made.PERSONAL[header], rows, 11),
        "score": made.column(made.NEAR_MISSES["feature_1"], rows, 11),
    }
    judgement = judge_file(made.write_csv(tmp_path / "t.csv", table))
    assert judgement.state is State.LEAK
    assert (header, ENTITY[header]) in leaks(judgement)
    assert {column for column, _ in leaks(judgement)} == {header}


@pytest.mark.parametrize(
    "name", ["full_name", "email", "mobile", "nhs_number", "ni_number", "postcode", "iban", "card_number", "mac"]
)
def test_personal_column_is_a_leak_under_a_neutral_header(made: Any, tmp_path: Path, name: str) -> None:
    table = {"field_a": made.column(made.WITHOUT_HEADER[name], 200, 12)}
    assert ("field_a", ENTITY[name]) in leaks(judge_file(made.write_csv(tmp_path / "t.csv", table)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_near_miss_is_a_leak(made: Any, tmp_path: Path, seed: int) -> None:
    table = {name: made.column(generator, 1_000, seed) for name, generator in made.NEAR_MISSES.items()}
    judgement = judge_file(made.write_csv(tmp_path / "t.csv", table))
    assert leaks(judgement) == set()


@pytest.mark.parametrize("name", ["email", "mobile", "nhs_number", "ni_number", "card_number", "iban", "full_name"])
def test_one_row_in_fifty_left_unmasked_is_a_leak(made: Any, tmp_path: Path, name: str) -> None:
    values = made.column(made.PERSONAL[name], 1_000, 13)
    cells = [value if i % 50 == 0 else made.MASKS["sha256"](value, random.Random(1)) for i, value in enumerate(values)]
    assert leaks(judge_file(made.write_csv(tmp_path / "t.csv", {name: cells})))


def random_table(made: Any, r: random.Random, case: int) -> tuple[dict[str, list[str]], bool]:
    """A table of harmless columns with masked, partly masked or open personal ones, and whether it leaks."""
    rows = r.choice((30, 100, 300))
    seed = r.randint(0, 10**9)
    table = {name: made.column(made.NEAR_MISSES[name], rows, seed) for name in r.sample(sorted(made.NEAR_MISSES), 4)}
    personal = r.sample(sorted(made.PERSONAL), r.randint(1, 4))
    leaking = case % 2 == 0
    for position, name in enumerate(personal):
        values = made.column(made.PERSONAL[name], rows, seed)
        mask = made.MASKS[r.choice(sorted(made.MASKS))]
        share = 0.0
        if leaking and position == 0:
            share = r.choice((1.0, 0.5, 0.2))
        table[name] = [value if i < share * rows else mask(value, r) for i, value in enumerate(values)]
    items = list(table.items())
    r.shuffle(items)
    return dict(items), leaking


@pytest.mark.parametrize("seed", [101, 202])
def test_accuracy_on_tables_with_twelve_masking_methods(made: Any, tmp_path: Path, seed: int) -> None:
    r = random.Random(seed)
    wrong = []
    for case in range(200):
        table, leaking = random_table(made, r, case)
        judgement = judge_file(made.write_csv(tmp_path / f"{case}.csv", table))
        if (judgement.state is State.LEAK) != leaking:
            wrong.append((case, leaking, sorted(leaks(judgement)), [name for name in table if name in made.PERSONAL]))
    assert len(wrong) <= 2, wrong  # 0.99 of 200


@pytest.mark.parametrize(
    "text",
    [
        "Please ring 020 7946 0018 or 07911 123456 about the referral",
        "Reached at jane.roe@nhs.net on Monday",
        "NHS number 943 476 5919 was checked twice",
        "Seen by Dr Okonkwo in clinic, follow up in two weeks",
        "Moved to 14 Acacia Avenue last spring",
        "The card 4929 1234 5678 9012 3 was declined, card 4539 1488 0343 6467 worked",
        "National Insurance number is JM123456C on file",
        "Patient, DOB 14/03/1962, came alone",
        "Lives near LS6 3HN with family",
    ],
)
def test_prose_with_personal_data_is_a_leak(made: Any, tmp_path: Path, text: str) -> None:
    rows = [made.sentence(random.Random(i)) for i in range(20)]
    assert judge_file(made.write_csv(tmp_path / "t.csv", {"notes": [*rows, text]})).state is State.LEAK


@pytest.mark.parametrize(
    "text",
    [
        "Upgraded to version 10.0.19041.1 and build 4.2.1.77 without errors",
        "Order 4532015112 shipped with invoice 9434765919 pending",
        "Contact <PERSON> at <EMAIL_ADDRESS> or <PHONE_NUMBER> for access",
        "Mail test@example.com or ring 07700 900123 in the drama",
        "See figure 3 of section 12.4 for details",
    ],
)
def test_harmless_prose_is_no_leak(made: Any, tmp_path: Path, text: str) -> None:
    rows = [made.sentence(random.Random(i)) for i in range(20)]
    assert judge_file(made.write_csv(tmp_path / "t.csv", {"notes": [*rows, text]})).state is not State.LEAK


def test_reserved_values_are_excused(made: Any, tmp_path: Path) -> None:
    table = {
        "email": [f"user{i}@example.com" for i in range(20)],
        "phone": [f"07700 9001{i:02}" for i in range(20)],
        "nhs_number": [n for n in (f"999{i:07}" for i in range(400)) if _passes(n)][:20],
        "card": ["4111111111111111"] * 20,
        "ip": [f"192.0.2.{i}" for i in range(20)],
    }
    judgement = judge_file(made.write_csv(tmp_path / "t.csv", table))
    assert leaks(judgement) <= {("phone", "PHONE_NUMBER")} and judgement.state is not State.LEAK, leaks(judgement)


def _passes(number: str) -> bool:
    return sum(int(d) * (10 - i) for i, d in enumerate(number)) % 11 == 0


def test_leading_zeros_lost_and_floats(made: Any, tmp_path: Path) -> None:
    mobiles = [made.mobile(random.Random(i)) for i in range(50)]
    as_floats = [f"{int(''.join(filter(str.isdigit, m.replace('+44', '0'))))}.0" for m in mobiles]
    nhs = [str(int(made.nhs_number(random.Random(i)))) + ".0" for i in range(50)]
    table = {
        "mobile": as_floats,
        "nhs_number": nhs,
        "card": [f"{random.Random(i).uniform(4, 5):.4f}E+15" for i in range(50)],
    }
    found = {entity for _, entity in leaks(judge_file(made.write_csv(tmp_path / "t.csv", table)))}
    assert {"PHONE_NUMBER", "UK_NHS", "CREDIT_CARD"} <= found


def test_low_cardinality_names_are_categories(made: Any, tmp_path: Path) -> None:
    table = {"name": [random.Random(i).choice(("North Team", "South Team")) for i in range(200)]}
    assert judge_file(made.write_csv(tmp_path / "t.csv", table)).state is State.CLEAN
