"""A masked copy has the same format and columns, keeps joins, holds none of the values, and is judged clean."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from checkov_aiml.pii.engine.masking import MaskingError, mask_file, mask_text
from checkov_aiml.pii.judge import State, judge_file
from checkov_aiml.pii.reading import UnreadableError
from checkov_aiml.settings import PersonalData

KEY = b"k" * 32
SETTINGS = PersonalData()


def person_table(made: Any, rows: int = 40) -> dict[str, list[str]]:
    table = {name: made.column(made.PERSONAL[name], rows, 5) for name in made.PERSONAL}
    notes = [
        f"Call {made.mobile(random.Random(i))} or mail {e}, thanks"
        for i, e in enumerate(made.column(made.email, rows, 6))
    ]
    return {**table, "notes": notes, "score": made.column(made.NEAR_MISSES["feature_1"], rows, 5)}


@pytest.mark.parametrize("style", ["token", "placeholder"])
def test_csv(made: Any, tmp_path: Path, style: Any) -> None:
    table = person_table(made)
    source = made.write_csv(tmp_path / "in.csv", table, delimiter=";", encoding="utf-16")
    told = mask_file(source, tmp_path / "out.csv", SETTINGS, KEY, style)
    assert set(told) == table.keys() - {"score"}
    with (tmp_path / "out.csv").open(encoding="utf-16", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert list(rows[0]) == list(table) and len(rows) == 40
    assert [row["score"] for row in rows] == table["score"]
    assert judge_file(tmp_path / "out.csv").state is State.CLEAN
    written = (tmp_path / "out.csv").read_text(encoding="utf-16")
    for name, values in table.items():
        if name != "score":
            assert not any(value in written for value in values if len(value) > 5)
    assert all(re.fullmatch(r"Call <PHONE_NUMBER> or mail <EMAIL_ADDRESS>, thanks", row["notes"]) for row in rows)


def test_same_values_have_the_same_token_and_another_key_another(made: Any, tmp_path: Path) -> None:
    emails = made.column(made.email, 20, 7)
    first = made.write_csv(tmp_path / "a.csv", {"email": emails})
    second = made.write_csv(tmp_path / "b.csv", {"contact_email": emails[::-1]})
    mask_file(first, tmp_path / "a.out.csv", SETTINGS, KEY)
    mask_file(second, tmp_path / "b.out.csv", SETTINGS, KEY)
    mask_file(first, tmp_path / "c.out.csv", SETTINGS, b"other" * 8)
    a, b, c = (path.read_text().split()[1:] for path in map(tmp_path.joinpath, ("a.out.csv", "b.out.csv", "c.out.csv")))
    assert a == b[::-1]
    assert not set(a) & set(c)


def test_json_keeps_structure_and_types(made: Any, tmp_path: Path) -> None:
    records = [
        {"n": i, "x": i / 4, "ok": True, "none": None, "who": {"mobile": made.mobile(random.Random(i)), "tags": ["a"]}}
        for i in range(30)
    ]
    for name, text in (("a.json", json.dumps(records)), ("a.jsonl", "".join(json.dumps(r) + "\n" for r in records))):
        (tmp_path / name).write_text(text)
        assert mask_file(tmp_path / name, tmp_path / f"out-{name}", SETTINGS, KEY) == {"who.mobile": "PHONE_NUMBER"}
        written = (tmp_path / f"out-{name}").read_text()
        masked = json.loads(written) if name == "a.json" else [json.loads(line) for line in written.splitlines()]
        assert [{**r, "who": {**r["who"], "mobile": ""}} for r in masked] == [
            {**r, "who": {**r["who"], "mobile": ""}} for r in records
        ]
        assert judge_file(tmp_path / f"out-{name}").state is State.CLEAN


def test_gzip_json_in_cells_and_text(made: Any, tmp_path: Path) -> None:
    emails = made.column(made.email, 30, 8)
    table = {"id": [str(i) for i in range(30)], "doc": [json.dumps({"email": e, "n": 1}) for e in emails]}
    plain = made.write_csv(tmp_path / "p.csv", table)
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert mask_file(tmp_path / "p.csv.gz", tmp_path / "o.csv.gz", SETTINGS, KEY) == {"doc.email": "EMAIL_ADDRESS"}
    written = gzip.decompress((tmp_path / "o.csv.gz").read_bytes()).decode()
    assert not any(e in written for e in emails) and '""n"": 1' in written
    (tmp_path / "t.txt").write_text("".join(f"line {i}: {e}\r\n" for i, e in enumerate(emails)), newline="")
    mask_file(tmp_path / "t.txt", tmp_path / "o.txt", SETTINGS, KEY)
    assert (tmp_path / "o.txt").read_bytes().startswith(b"line 0: <EMAIL_ADDRESS>\r\nline 1:")


def test_parquet(made: Any, tmp_path: Path) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    numbers = [int(made.nhs_number(random.Random(i))) for i in range(30)]
    table = pa.table(
        {"nhs_number": numbers, "who": [{"email": e, "n": 1} for e in made.column(made.email, 30, 9)], "x": [0.5] * 30}
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    mask_file(tmp_path / "a.parquet", tmp_path / "o.parquet", SETTINGS, KEY)
    masked = parquet.read_table(tmp_path / "o.parquet")
    assert masked.column_names == table.column_names and masked.column("x") == table.column("x")
    assert all(value.startswith("tok_") for value in masked.column("nhs_number").to_pylist())
    assert all(value["email"].startswith("tok_") and value["n"] == 1 for value in masked.column("who").to_pylist())


def test_reserved_values_and_a_header_with_a_datum_are_masked_too(made: Any, tmp_path: Path) -> None:
    source = made.write_csv(tmp_path / "in.csv", {"email": [f"u{i}@example.com" for i in range(20)], "n": ["1"] * 20})
    assert judge_file(source).state is State.CLEAN
    assert mask_file(source, tmp_path / "out.csv", SETTINGS, KEY) == {"email": "EMAIL_ADDRESS"}
    (tmp_path / "k.json").write_text(json.dumps({"jane.roe@gmail.com": {"score": 1}}))
    mask_file(tmp_path / "k.json", tmp_path / "k.out.json", SETTINGS, KEY)
    assert "jane" not in (tmp_path / "k.out.json").read_text()


def test_nothing_is_overwritten(made: Any, tmp_path: Path) -> None:
    source = made.write_csv(tmp_path / "in.csv", {"email": made.column(made.email, 5, 1)})
    before = source.read_bytes()
    (tmp_path / "link.csv").symlink_to(source)
    (tmp_path / "other.csv").write_text("kept")
    for target in (source, tmp_path / "link.csv"):
        with pytest.raises(MaskingError, match="the dataset itself"):
            mask_file(source, target, SETTINGS, KEY, replace=True)
    with pytest.raises(MaskingError, match="exists already"):
        mask_file(source, tmp_path / "other.csv", SETTINGS, KEY)
    mask_file(source, tmp_path / "other.csv", SETTINGS, KEY, replace=True)
    assert source.read_bytes() == before and (tmp_path / "other.csv").read_text() != "kept"
    (tmp_path / "bad.jsonl").write_text("{")
    with pytest.raises(UnreadableError):
        mask_file(tmp_path / "bad.jsonl", tmp_path / "bad.out.jsonl", SETTINGS, KEY)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".") or path.name == "bad.out.jsonl"]


@pytest.mark.parametrize("seed", range(4))
def test_leaking_tables_are_masked_clean(made: Any, tmp_path: Path, seed: int) -> None:
    r = random.Random(seed)
    names = r.sample(sorted(made.PERSONAL), 6) + r.sample(sorted(made.NEAR_MISSES), 6)
    table = {n: made.column({**made.PERSONAL, **made.NEAR_MISSES}[n], 60, seed) for n in names}
    told = mask_file(made.write_csv(tmp_path / "in.csv", table), tmp_path / "out.csv", SETTINGS, KEY)
    assert judge_file(tmp_path / "out.csv").state is not State.LEAK
    assert not [name for name in told if name in made.NEAR_MISSES]


def test_text() -> None:
    assert (
        mask_text("User John Doe (john@example.com) purchased item X")
        == "User John Doe (<EMAIL_ADDRESS>) purchased item X"
    )
    masked = mask_text(
        "Dr Smith of 12 High Street, dob 3 Feb 1980, NHS 943 476 5919, ring 07700 900123 or 020 7946 0018"
    )
    assert masked == "<PERSON> of <LOCATION>, dob <DATE_OF_BIRTH>, NHS <UK_NHS>, ring <PHONE_NUMBER> or <PHONE_NUMBER>"


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_masking_text_twice_changes_nothing_more(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
