"""Masks datasets and text: a masked copy of a file that was judged again before it is written, and spans of prose."""

from __future__ import annotations

import csv
import gzip
import hashlib
import hmac
import io
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from checkov_aiml.pii.engine.rule import PROSE, Level, counts_in_text
from checkov_aiml.pii.engine.scanner import Finding
from checkov_aiml.pii.judge import Judge, judge_source
from checkov_aiml.pii.reading import (
    KEYS,
    Source,
    UnreadableError,
    dialect_of,
    encoding_of,
    is_data_key,
    join,
    open_text,
    read,
    text_of,
    unique_names,
)
from checkov_aiml.pii.values import NULLS, is_masked
from checkov_aiml.settings import PersonalData

Style = Literal["token", "placeholder"]

_ROUNDS = 4
# Ranges that are not allocated too: no parser finds those, and some are reserved for drama.
_MOBILE = re.compile(r"(?<![\w+])(?:\+44 ?(?:\(0\) ?)?|0)7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)")
_WEAK = 0.4
"""Findings below this score count in prose only in context."""


class MaskingError(Exception):
    """No masked copy was written; the text says why."""


@dataclass
class Mask:
    """What is masked in which column, and how.

    `whole` maps a column to the entity that its cells are, `spans` are columns of prose, `names` maps a column's name
    that is personal data itself to what stands for it. Cells of the same text become the same token under one key.
    """

    judge: Judge
    key: bytes
    style: Style = "token"
    whole: dict[str, str] = field(default_factory=dict)
    spans: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def cell(self, column: str, text: str) -> str:
        """What stands in a cell of a column."""
        if column not in self.known and self.known:
            column = "*"
        if column in self.whole:
            stripped = text.strip()
            if stripped.lower() in NULLS or is_masked(stripped):
                return text
            return f"<{self.whole[column]}>" if self.style == "placeholder" else self.token(stripped)
        return self.prose(text) if column in self.spans else text

    def token(self, text: str) -> str:
        """The keyed token of a value: nobody without the key can tell or guess the value from it."""
        return f"tok_{hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()[:24]}"

    def prose(self, text: str) -> str:
        """The text with each span that is personal data replaced by its entity's name."""
        return mask_spans(text, self.judge)

    def value(self, value: Any, path: str) -> Any:
        """A nested value with its leaves masked by their paths. Raises `RecursionError` when nested too deeply."""
        if isinstance(value, dict):
            return {self._key(str(key)): self.value(member, join(path, str(key))) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(member, f"{path}[]") for member in value]
        if value is None:
            return None
        text = text_of(value)
        masked = self.nested_cell(path or "value", text) if isinstance(value, str) else self.cell(path or "value", text)
        return value if masked == text else masked

    def _key(self, key: str) -> str:
        return self.cell(KEYS, key) if is_data_key(key) else key

    def nested_cell(self, column: str, text: str) -> str:
        """A cell, or the JSON that it holds with its leaves masked."""
        if text[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]"):
            try:
                inner = json.loads(text)
            except ValueError:
                return self.cell(column, text)
            masked = self.value(inner, column)
            return text if masked == inner else json.dumps(masked, ensure_ascii=False)
        return self.cell(column, text)


def spans_of(text: str, judge: Judge) -> list[Finding]:
    """The spans of prose that are personal data, in order and without overlaps; values reserved for tests too."""
    found = [
        finding
        for finding in judge.scanner.find([text]).get(text, ())
        if counts_in_text(text, finding) or (finding.score >= _WEAK and finding.entity != "IP_ADDRESS")
    ]
    for entity, pattern in PROSE:
        found += [Finding(entity, *match.span(1), 1.0) for match in pattern.finditer(text)]
    found += [Finding("PHONE_NUMBER", *match.span(), 1.0) for match in _MOBILE.finditer(text)]
    if judge.model:
        found += judge.model.find([text]).get(text, ())
    chosen: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start - f.end, -f.score, f.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in chosen):
            chosen.append(finding)
    return sorted(chosen, key=lambda finding: finding.start)


def mask_spans(text: str, judge: Judge) -> str:
    """The text with each span replaced by its entity in angle brackets."""
    for finding in reversed(spans_of(text, judge)):
        text = f"{text[: finding.start]}<{finding.entity}>{text[finding.end :]}"
    return text


def mask_file(
    source: Path, target: Path, chosen: PersonalData, key: bytes, style: Style = "token", replace: bool = False
) -> dict[str, str]:
    """Write a masked copy: same format, encoding and columns. Gives the masked columns, each with what it held.

    Raises `MaskingError` when the target is the source or exists already (unless `replace`), or when the copy would not
    be judged clean; `UnreadableError` when the source cannot be read. Nothing is written then.
    """
    if target.exists() and (target.samefile(source) or not replace):
        reason = (
            "is the dataset itself" if target.samefile(source) else "exists already: name another file, or give --force"
        )
        raise MaskingError(f"{target}: {reason}")
    if not target.parent.is_dir():
        raise MaskingError(f"{target}: there is no such folder")
    opened = Source.of_file(source)
    whole_file = chosen.model_copy(update={"max_rows": None, "entities": (), "thresholds": {}})
    mask = Mask(Judge.load(whole_file), key, style)
    told: dict[str, str] = {}
    _plan(mask, opened, whole_file, told)
    descriptor, name = tempfile.mkstemp(prefix=".masked-", suffix=f"-{source.name}", dir=target.parent)
    os.close(descriptor)
    try:
        for _ in range(_ROUNDS):
            _write(mask, opened, Path(name), whole_file)
            again = Source(source.name, Source.of_file(Path(name)).open)
            if not _plan(mask, again, whole_file, told):
                judged = judge_source(again, whole_file, excuse=False)
                if any(result.level is Level.LEAK for result in judged.results):
                    break
                os.replace(name, target)
                return told
        raise MaskingError(f"{target}: the masked copy would still hold personal data; nothing was written")
    finally:
        Path(name).unlink(missing_ok=True)


def _plan(mask: Mask, source: Source, chosen: PersonalData, told: dict[str, str]) -> bool:
    """Add what must be masked in a dataset; whether that was anything new."""
    columns, _ = mask.judge.columns(read(source, chosen.max_bytes), excuse=False)
    if not mask.known:
        mask.known = frozenset(columns)
    before = (len(mask.whole), len(mask.spans), len(mask.names))
    were_spans = frozenset(mask.spans)
    in_names = mask.judge.in_names(columns)
    for result in mask.judge.results(columns):
        if result.level is not Level.LEAK or result.column not in mask.known:
            continue
        if result.structured and not columns[result.column].is_prose:
            mask.whole.setdefault(result.column, result.entity)
        elif result.column not in in_names:
            if result.column in were_spans:
                mask.whole.setdefault(result.column, result.entity)  # Spans were not enough.
            mask.spans.add(result.column)
    for name, entity in in_names.items():
        mask.names.setdefault(name, f"{entity.lower()} {len(mask.names) + 1}")
    for position, name in enumerate(columns, start=1):
        if name in mask.whole or name in mask.spans:
            told.setdefault(f"column {position}" if name in in_names else name, mask.whole.get(name, "prose"))
    return before != (len(mask.whole), len(mask.spans), len(mask.names))


def _write(mask: Mask, source: Source, target: Path, chosen: PersonalData) -> None:
    form = source.format
    if form == "parquet":
        _write_parquet(mask, source, target)
        return
    encoding = encoding_of(source, chosen.max_bytes)
    with source.open() as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    with open_text(source, encoding) as text, gzip.open(target, "wb") if packed else target.open("wb") as raw:
        errors = "replace" if encoding == "cp1252" else "strict"
        with io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="") as written:  # type: ignore[arg-type]
            {"csv": _write_csv, "json": _write_json, "json lines": _write_json_lines, "text": _write_text}[form](
                mask, source, encoding, text, written
            )


def _write_csv(mask: Mask, source: Source, encoding: str, text: io.TextIOWrapper, written: io.TextIOWrapper) -> None:
    with open_text(source, encoding) as again:
        sample = again.read(65_536)
    dialect = dialect_of(sample, source.extension)
    end = "\r\n" if "\r\n" in sample else "\n"
    if dialect.announced:
        written.write(sample.partition("\n")[0] + "\n")
    quoting = (
        csv.QUOTE_ALL
        if sample.lstrip("\ufeff")[:1] == '"' and f'"{dialect.delimiter}"' in sample
        else csv.QUOTE_MINIMAL
    )
    writer = csv.writer(written, delimiter=dialect.delimiter, lineterminator=end, quoting=quoting)
    rows = (row for row in dialect.rows(text) if row)
    names: list[str] = []
    if dialect.has_header:
        header = next(rows, [])
        names = unique_names(header)
        writer.writerow([mask.names.get(name, cell) for name, cell in zip(names, header, strict=True)])
    for row in rows:
        names += [f"column {position + 1}" for position in range(len(names), len(row))]
        writer.writerow([mask.nested_cell(name, cell) for name, cell in zip(names, row, strict=False)])


def _write_json(mask: Mask, source: Source, encoding: str, text: io.TextIOWrapper, written: io.TextIOWrapper) -> None:
    content = text.read()
    indent = 2 if "\n" in content.strip() else None
    decoder, position, values = json.JSONDecoder(), 0, []
    while position < len(content) and content[position:].strip():
        position += len(content[position:]) - len(content[position:].lstrip())
        value, position = decoder.raw_decode(content, position)
        values.append(value)
    for value in values:
        # A list's members are what has paths, as in reading.
        masked = [mask.value(member, "") for member in value] if isinstance(value, list) else mask.value(value, "")
        written.write(json.dumps(masked, ensure_ascii=False, indent=indent) + "\n")


def _write_json_lines(
    mask: Mask, source: Source, encoding: str, text: io.TextIOWrapper, written: io.TextIOWrapper
) -> None:
    for line in text:
        stripped = line.strip()
        if stripped:
            end = line[len(line.rstrip("\r\n")) :]
            written.write(json.dumps(mask.value(json.loads(stripped), ""), ensure_ascii=False) + end)
        else:
            written.write(line)


def _write_text(mask: Mask, source: Source, encoding: str, text: io.TextIOWrapper, written: io.TextIOWrapper) -> None:
    for line in text:
        content = line.rstrip("\r\n")
        written.write(mask.nested_cell("text", content) + line[len(content) :])


def _write_parquet(mask: Mask, source: Source, target: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    def masked_type(kind: Any, path: str) -> Any:
        if pa.types.is_struct(kind):
            return pa.struct([(f.name, masked_type(f.type, join(path, f.name))) for f in kind])
        if pa.types.is_map(kind):
            inner = f"{path}[][]"
            return pa.map_(masked_type(kind.key_type, inner), masked_type(kind.item_type, inner))
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return pa.list_(masked_type(kind.value_type, f"{path}[]"))
        touched = mask.whole.keys() | mask.spans
        return (
            pa.string()
            if path in touched or any(name.startswith((f"{path}.", f"{path}[]")) for name in touched)
            else kind
        )

    with source.unpacked() as stream:
        table = parquet.ParquetFile(io.BytesIO(stream.read()) if isinstance(stream, gzip.GzipFile) else stream)
        names = unique_names(table.schema_arrow.names)
        fields = [
            pa.field(mask.names.get(name, one.name), masked_type(one.type, name))
            for name, one in zip(names, table.schema_arrow, strict=True)
        ]
        schema = pa.schema(fields)
        with parquet.ParquetWriter(target, schema) as writer:
            for batch in table.iter_batches(batch_size=10_000):
                arrays = []
                for name, column, one in zip(names, batch.columns, fields, strict=True):
                    if (
                        column.type == one.type
                        and name not in mask.whole
                        and name not in mask.spans
                        and not pa.types.is_nested(one.type)
                    ):
                        arrays.append(column)
                    else:
                        arrays.append(pa.array([mask.value(v, name) for v in column.to_pylist()], type=one.type))
                writer.write_batch(pa.record_batch(arrays, schema=schema))


def mask_text(text: str, chosen: PersonalData | None = None) -> str:
    """Text with each personal datum replaced by its entity: `<EMAIL_ADDRESS>`.

    Names are found with an installed spaCy model, or a title before them. Raises `UnreadableError` without Presidio.
    """
    return mask_spans(text, Judge.load(chosen or PersonalData()))


__all__ = ["MaskingError", "UnreadableError", "mask_file", "mask_text"]
