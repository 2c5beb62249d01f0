"""Generated datasets: one generator a type of column, fixed seeds, nothing about anybody.

Numbers are made here and not by Faker where Faker stays inside ranges reserved for tests, which the rule excuses.
"""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import random
import string
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from faker import Faker

from checkov_aiml.pii import judge

Generator = Callable[[random.Random, Faker], str]
AREAS = ("SW1A", "M1", "LS6", "B33", "CF10", "EH12", "G12", "BS8", "NE1", "E17", "SE10", "YO24")


def nhs_number(r: random.Random, _: Faker | None = None) -> str:
    while True:
        digits = [r.choice((4, 6, 7))] + [r.randint(0, 9) for _ in range(8)]
        check = (11 - sum(d * (10 - i) for i, d in enumerate(digits))) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def _luhn(prefix: str, length: int, r: random.Random) -> str:
    digits = [int(d) for d in prefix] + [r.randint(0, 9) for _ in range(length - len(prefix) - 1)]
    total = sum(sum(divmod(d * 2, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits)))
    return "".join(map(str, digits)) + str(-total % 10)


def card(r: random.Random, _: Faker | None = None) -> str:
    prefix, length = r.choice((("4", 16), ("53", 16), ("2311", 16), ("37", 15)))
    return _luhn(prefix, length, r)


def nino(r: random.Random, _: Faker | None = None) -> str:
    return f"{r.choice('ABCEHJ')}{r.choice('ABCEHJLM')}{r.randint(0, 999999):06}{r.choice('ABCD')}"


def mobile(r: random.Random, _: Faker | None = None) -> str:
    number = f"7{r.choice(('911', '412', '532', '854', '986'))}{r.randint(100000, 999999)}"
    return r.choice((f"0{number[:4]} {number[4:]}", f"0{number}", f"+44{number}", f"+44 {number[:4]} {number[4:]}"))


def landline(r: random.Random, _: Faker | None = None) -> str:
    return r.choice(("020 7{}", "0161 2{}", "0113 2{}")).format(f"{r.randint(10, 99)} {r.randint(1000, 9999)}")


def email(r: random.Random, f: Faker) -> str:
    domain = r.choice(("gmail.com", "nhs.net", "btinternet.com", "outlook.com"))
    return f"{f.first_name()}.{f.last_name()}{r.randint(1, 999)}@{domain}".lower()


def postcode(r: random.Random, _: Faker | None = None) -> str:
    return f"{r.choice(AREAS)} {r.randint(1, 9)}{r.choice('ABDEFGHJ')}{r.choice('LNPQRSTU')}"


def licence(r: random.Random, f: Faker) -> str:
    surname = "".join(filter(str.isalpha, f.last_name().upper()))[:5].ljust(5, "9")
    born = f"{r.randint(0, 9)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(0, 9)}"
    return f"{surname}{born}{r.choice('ABCD')}9{r.choice('ABCDEF')}{r.choice('WXYZ')}{r.choice('ABC')}"


def plate(r: random.Random, _: Faker | None = None) -> str:
    letters = "ABCDEFGHJKLMNOPRSTUVWXY"
    area = f"{r.choice('ABCDEFGHKLMNPRSVWY')}{r.choice('ABCDEFGHJKLMN')}"
    return f"{area}{r.choice((12, 19, 51, 68, 71))} {''.join(r.choices(letters, k=3))}"


def iban(r: random.Random, _: Faker | None = None) -> str:
    bban = f"{''.join(r.choices('ABCDEFGHJKLMN', k=4))}{r.randint(0, 10**14 - 1):014}"
    as_number = int("".join(str(int(c, 36)) for c in f"{bban}GB00"))
    return f"GB{98 - as_number % 97:02}{bban}"


def address(r: random.Random, f: Faker) -> str:
    return f"{r.randint(1, 200)} {f.last_name()} {r.choice(('Street', 'Road', 'Close', 'Avenue'))}, {f.city()}"


def birthday(r: random.Random, f: Faker) -> str:
    day = datetime.date(1935, 1, 2) + datetime.timedelta(days=r.randint(0, 28_000))
    return r.choice((day.isoformat(), day.strftime("%d/%m/%Y"), f"{day.day} {day:%b %Y}"))


PERSONAL: Mapping[str, Generator] = {
    "full_name": lambda r, f: f.name(),
    "surname": lambda r, f: f.last_name(),
    "first_name": lambda r, f: f.first_name(),
    "email": email,
    "contact_email": email,
    "mobile": mobile,
    "phone_number": landline,
    "nhs_number": nhs_number,
    "patient.nhsNumber": lambda r, f: f"{(n := nhs_number(r))[:3]} {n[3:6]} {n[6:]}",
    "ni_number": nino,
    "postcode": postcode,
    "driving_licence": licence,
    "vrm": plate,
    "passport_no": lambda r, f: f"{r.choice('ABC')}{r.choice('XYZ')}{r.randint(1000000, 9999999)}",
    "iban": iban,
    "card_number": card,
    "dob": birthday,
    "date_of_birth": birthday,
    "home_address": address,
    "sort_code": lambda r, f: f"{r.randint(10, 99)}-{r.randint(10, 99)}-{r.randint(10, 99)}",
    "account_number": lambda r, f: f"{r.randint(0, 99999999):08}",
    "ip_address": lambda r, f: (
        f"{r.choice((81, 86, 90, 109, 151))}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"
    ),
    "mac": lambda r, f: ":".join(f"{r.randint(0, 255):02x}" for _ in range(6)),
    "username": lambda r, f: f.user_name(),
    "password": lambda r, f: f.password(),
}
"""Realistic header to the generator of a column of personal data."""

WITHOUT_HEADER: Mapping[str, Generator] = {
    name: PERSONAL[name]
    for name in ("full_name", "email", "mobile", "nhs_number", "ni_number", "postcode", "iban", "card_number", "mac")
}
"""Personal data that is told by its values alone."""

WORDS = [
    "model",
    "batch",
    "layer",
    "signal",
    "error",
    "record",
    "window",
    "metric",
    "valid",
    "sparse",
    "dense",
    "train",
    "slow",
    "early",
    "stable",
    "input",
    "weight",
]


def sentence(r: random.Random, _: Faker | None = None) -> str:
    return " ".join(r.choices(WORDS, k=r.randint(5, 12))).capitalize() + "."


NEAR_MISSES: Mapping[str, Generator] = {
    "row_number": lambda r, f: str(r.randint(100_000, 10**17)),
    "order_id": lambda r, f: str(r.randint(10**9, 10**10 - 1)),
    "value_a": lambda r, f: str(r.randint(10**9, 10**10 - 1)),
    "epoch": lambda r, f: str(r.randint(1_500_000_000, 1_750_000_000)),
    "created_ms": lambda r, f: str(r.randint(1_500_000_000_000, 1_750_000_000_000)),
    "feature_1": lambda r, f: f"{r.gauss(0, 1):.6f}",
    "longitude": lambda r, f: f"{r.uniform(-6, 2):.6f}",
    "field_13": lambda r, f: str(r.randint(10**12, 10**13 - 1)),
    "field_16": lambda r, f: str(r.randint(10**15, 10**16 - 1)),
    "snomed": lambda r, f: str(r.choice((38341003, 73211009, 195967001, 44054006))),
    "probability": lambda r, f: repr(r.random()),
    "company_number": lambda r, f: f"{r.randint(0, 14_999_999):08}",
    "asset_tag": lambda r, f: (
        f"{r.choice('ABCD')}{r.choice('EFGH')}{r.choice((12, 19, 51, 68))}{''.join(r.choices('ABCDEFGH', k=3))}"
    ),
    "reference": lambda r, f: f"{''.join(r.choices(string.ascii_uppercase, k=2))}{r.randint(1000000, 9999999)}",
    "code_9": lambda r, f: "".join(r.choices(string.ascii_uppercase + string.digits, k=9)),
    "sha256": lambda r, f: hashlib.sha256(str(r.random()).encode()).hexdigest(),
    "md5": lambda r, f: hashlib.md5(str(r.random()).encode()).hexdigest(),
    "build": lambda r, f: f"{r.randint(1, 12)}.{r.randint(0, 40)}.{r.randint(0, 250)}.{r.randint(0, 250)}",
    "version": lambda r, f: f"{r.randint(0, 9)}.{r.randint(0, 20)}.{r.randint(0, 99)}",
    "filename": lambda r, f: f"{r.choice(WORDS)}_{r.randint(1, 999)}.{r.choice(('csv', 'png', 'py'))}",
    "uuid": lambda r, f: str(uuid.UUID(int=r.getrandbits(128))),
    "updated_at": lambda r, f: (
        f"20{r.randint(15, 25)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T"
        f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:00Z"
    ),
    "visit_date": lambda r, f: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/20{r.randint(15, 25)}",
    "icd10": lambda r, f: f"{r.choice('EFIJK')}{r.randint(10, 99)}.{r.randint(0, 9)}",
    "ods_code": lambda r, f: f"R{r.choice('ABCDEFGHJ')}{r.randint(1, 9)}{r.randint(10, 99)}",
    "lsoa": lambda r, f: f"E010{r.randint(10000, 33999)}",
    "invoice": lambda r, f: f"INV-{r.randint(2015, 2025)}-{r.randint(1, 99999):05}",
    "product_name": lambda r, f: (
        f"{r.choice(('Red', 'Blue', 'Oak'))} {r.choice(('Table', 'Lamp', 'Chair'))} {r.randint(1, 9)}"
    ),
    "city": lambda r, f: f.city(),
    "ean": lambda r, f: str(r.randint(5_000_000_000_000, 5_099_999_999_999)),
    "imei": lambda r, f: _luhn("35", 15, r),
    "zero_padded": lambda r, f: f"{r.randint(0, 9_999_999):010}",
    "comment": sentence,
    "label": lambda r, f: r.choice(("spam", "ham")),
    "amount": lambda r, f: f"{r.uniform(0, 5000):.2f}",
    "is_valid": lambda r, f: r.choice(("true", "false")),
    "os_grid": lambda r, f: f"{r.choice(('TQ', 'SU', 'NZ'))} {r.randint(100, 999)} {r.randint(100, 999)}",
}
"""Columns that stock recognizers take for personal data, and that are none."""

MASKS: Mapping[str, Callable[[str, random.Random], str]] = {
    "placeholder": lambda v, r: "<MASKED_VALUE>",
    "word": lambda v, r: "[REDACTED]",
    "stars": lambda v, r: "*" * max(4, len(v)),
    "last four": lambda v, r: (
        "*" * max(4, len(v) - 4) + v[-4:] if v[-4:].isalnum() and sum(map(str.isdigit, v)) > 3 else "*" * len(v)
    ),
    "crosses": lambda v, r: "X" * max(4, len(v)),
    "sha256": lambda v, r: hashlib.sha256(v.encode()).hexdigest(),
    "md5": lambda v, r: hashlib.md5(v.encode()).hexdigest(),
    "token": lambda v, r: "tok_" + hashlib.sha256(v.encode()).hexdigest()[:24],
    "uuid": lambda v, r: str(uuid.uuid5(uuid.NAMESPACE_OID, v)),
    "cipher": lambda v, r: "gAAAAAB" + base64.urlsafe_b64encode(hashlib.sha512(v.encode()).digest()).decode(),
    "base64": lambda v, r: base64.b64encode(hashlib.sha384(v.encode()).digest()).decode(),
    "empty": lambda v, r: "",
}
"""Twelve methods of masking that can be seen in the masked values."""


@pytest.fixture(autouse=True)
def no_judgement_is_remembered() -> None:
    judge.forget()


def column(generator: Generator, rows: int, seed: int) -> list[str]:
    """A column of a generator, the same for the same seed."""
    fake = Faker("en_GB")
    fake.seed_instance(seed)
    r = random.Random(seed)
    return [generator(r, fake) for _ in range(rows)]


def write_csv(path: Path, columns: Mapping[str, list[str]], **options: Any) -> Path:
    """Write a table as CSV."""
    encoding = options.pop("encoding", "utf-8")
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, **options)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture(scope="session")
def made() -> Any:
    """The generators and helpers of this file, for tests that cannot import it."""
    import types

    return types.SimpleNamespace(
        **{name: value for name, value in globals().items() if not name.startswith("_")}, luhn=_luhn
    )
