"""Datasets of every format are read as they are; what cannot be read says why, and where."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.pii.judge import State, judge_bytes, judge_file
from checkov_aiml.pii.reading import Source, UnreadableError, read

GIGABYTE = 1 << 30


def columns(name: str, content: bytes, max_bytes: int = GIGABYTE, max_rows: int | None = None) -> dict[str, list[str]]:
    """All cells of a dataset by column."""
    cells: dict[str, list[str]] = {}
    for batch in read(Source.of_bytes(name, content), max_bytes, max_rows):
        for column, values in batch.columns.items():
            cells.setdefault(column, []).extend(values)
    return cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "name,city\nZoë,Málaga\nAnn,Leeds\n" * 50
    assert columns("a.csv", text.encode(encoding))["name"][:2] == ["Zoë", "Ann"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_quoted_newlines(delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["a", "b", "c"], ["1", "two\nlines, here; and\tthere", "x"], ["2", 'say "hi"', "y"]])
    assert columns("a.csv", out.getvalue().encode()) == {
        "a": ["1", "2"],
        "b": ["two\nlines, here; and\tthere", 'say "hi"'],
        "c": ["x", "y"],
    }


def test_announced_delimiter_and_tsv() -> None:
    assert columns("a.csv", b"sep=;\r\na;b\r\n1;2\r\n") == {"a": ["1"], "b": ["2"]}
    assert columns("a.tsv", b"a\tb\n1,5\t2\n") == {"a": ["1,5"], "b": ["2"]}


def test_ragged_rows_and_duplicate_and_empty_headers() -> None:
    found = columns("a.csv", b"name,name,,x\n1,2,3,4\n5\n6,7,8,9,10\n")
    assert found["name"] == ["1", "5", "6"]
    assert found["name (2)"][0] == "2" and found["column 3"][0] == "3"
    assert found["column 5"][-1] == "10"


def test_missing_header(made: Any) -> None:
    rows = "\n".join(
        f"{n},{e}"
        for n, e in zip(made.column(made.PERSONAL["full_name"], 20, 1), made.column(made.email, 20, 1), strict=True)
    )
    assert len(columns("a.csv", rows.encode())["column 2"]) == 20
    judgement = judge_bytes("a.csv", rows.encode())
    assert {(r.column, r.entity) for r in judgement.results} == {("column 1", "PERSON"), ("column 2", "EMAIL_ADDRESS")}


def test_nested_json_by_path() -> None:
    records = [{"id": 1, "patient": {"name": "A", "phones": [{"no": "1"}, {"no": "2"}]}, "none": None, "ok": True}]
    expected = {"id": ["1"], "patient.name": ["A"], "patient.phones[].no": ["1", "2"], "ok": ["true"]}
    assert columns("a.json", json.dumps(records).encode()) == expected
    assert columns("a.jsonl", (json.dumps(records[0]) + "\n\n").encode()) == expected
    assert columns("a.json", json.dumps(records[0]).encode()) == expected


def test_json_array_longer_than_a_chunk_and_lines_named_json() -> None:
    records = [{"n": i, "text": "é" * 50} for i in range(40_000)]
    assert columns("a.json", json.dumps(records, indent=1).encode())["n"] == [str(i) for i in range(40_000)]
    assert columns("a.json", "\n".join(map(json.dumps, records[:3])).encode())["n"] == ["0", "1", "2"]


def test_json_inside_a_cell() -> None:
    assert columns("a.csv", b'id,doc\n1,"{""email"": ""x@y.org"", ""n"": [1]}"\n2,{broken\n') == {
        "id": ["1", "2"],
        "doc": ["{broken"],
        "doc.email": ["x@y.org"],
        "doc.n[]": ["1"],
    }


def test_huge_field_is_read_and_a_larger_one_is_refused() -> None:
    assert len(columns("a.csv", b"a,b\n1," + b"x" * 3_000_000)["b"][0]) == 3_000_000
    with pytest.raises(UnreadableError, match="line 2"):
        columns("a.csv", b'a,b\n1,"' + b"x" * 17_000_000)


def test_empty_files() -> None:
    for name in ("a.csv", "a.json", "a.jsonl", "a.txt"):
        assert columns(name, b"") == {}
        assert judge_bytes(name, b"").state is State.CLEAN


def test_gzip_and_gzip_bombs() -> None:
    assert columns("a.csv.gz", gzip.compress(b"a,b\n1,2\n")) == {"a": ["1"], "b": ["2"]}
    with pytest.raises(UnreadableError, match="more than 1000000 bytes after unpacking"):
        columns("a.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 10_000_000), max_bytes=1_000_000)
    with pytest.raises(UnreadableError, match="cut off"):
        columns("a.csv.gz", gzip.compress(b"a,b\n" * 5_000)[:-20])


def test_max_rows_is_stated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("pii:\n  max_rows: 3\n")
    monkeypatch.setenv("CHECKOV_AIML_CONFIG", str(tmp_path / "s.yaml"))
    (tmp_path / "a.csv").write_text("a\n" + "1\n" * 10)
    judgement = judge_file(tmp_path / "a.csv")
    assert judgement.rows == 3
    assert "only the first 3 rows were judged" in str(judgement)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xyz", b"1", "the format is not known"),
        ("noextension", b"1", "the format is not known"),
        ("a.csv", b"\x00\x01\xff\xfe" * 30, "not text"),
        ("a.jsonl", b'{"a": 1}\n{"a": \n', "line 2"),
        ("a.json", b'[{"a": 1}, {"b"', "character"),
        ("a.json", b'[{"a": 1}', "not closed"),
        ("a.json", b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        ("a.parquet", b"PAR1 nothing", "no Parquet file"),
    ],
)
def test_unreadable_says_why(name: str, content: bytes, reason: str) -> None:
    judgement = judge_bytes(name, content)
    assert judgement.state is State.UNREADABLE
    assert reason in judgement.reason


def test_missing_folder_and_symbolic_link(tmp_path: Path) -> None:
    assert judge_file(tmp_path / "none.csv").state is State.UNREADABLE
    assert judge_file(tmp_path).state is State.UNREADABLE
    (tmp_path / "blob").write_text("email\nsomebody@gmail.com\n")
    (tmp_path / "a.csv").symlink_to("blob")
    assert judge_file(tmp_path / "a.csv").state is State.LEAK
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert judge_file(tmp_path / "loop.csv").state is State.UNREADABLE


def test_parquet_with_nested_columns(tmp_path: Path, made: Any) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    emails = made.column(made.email, 50, 1)
    table = pa.table(
        {
            "id": list(range(50)),
            "contact": [{"email": e, "tags": ["a", "b"]} for e in emails],
            "rows": [[{"n": made.mobile(__import__("random").Random(i))}] for i in range(50)],
            "score": [i / 7 for i in range(50)],
            "none": pa.nulls(50),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    judgement = judge_file(tmp_path / "a.parquet")
    assert {(r.column, r.entity) for r in judgement.results} == {
        ("contact.email", "EMAIL_ADDRESS"),
        ("rows[].n", "PHONE_NUMBER"),
    }


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.csv.gz", "a.parquet", "a.bin"]),
    st.binary(max_size=300),
)
def test_any_bytes_get_a_judgement(name: str, content: bytes) -> None:
    judgement = judge_bytes(name, content)
    assert judgement.state in State
    assert judgement.reason or judgement.state is not State.UNREADABLE


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_json_is_read(document: Any) -> None:
    assert judge_bytes("a.json", json.dumps(document).encode()).state is not State.UNREADABLE


def test_progress_is_shown_on_a_terminal_and_not_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checkov_aiml.pii import judge
    from checkov_aiml.pii.reading import Batch

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(stream: io.StringIO) -> str:
        monkeypatch.setattr(judge.sys, "stderr", stream)
        clock = iter(range(0, 1_000, 5))
        monkeypatch.setattr("tqdm.std.time", lambda: next(clock))
        list(judge._with_progress(iter([Batch(5, {})] * 5), "a.csv"))
        return stream.getvalue()

    monkeypatch.delenv("CI", raising=False)
    assert "a.csv" in shown(Terminal())
    assert shown(io.StringIO()) == ""
    monkeypatch.setenv("CI", "true")
    assert shown(Terminal()) == ""
