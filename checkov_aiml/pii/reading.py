"""Reads datasets batch by batch: CSV and its relatives, JSON, JSON Lines, Parquet and text, gzipped or not.

A batch maps columns to their cells as text; null cells are left out, nested values have dotted paths, and no more than
a batch is in memory. What cannot be read raises `UnreadableError`, whose text never holds a cell.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from checkov_aiml.pii.values import is_given_name

FORMATS = {
    "csv": "csv",
    "tsv": "csv",
    "psv": "csv",
    "json": "json",
    "jsonl": "json lines",
    "ndjson": "json lines",
    "parquet": "parquet",
    "pq": "parquet",
    "txt": "text",
    "text": "text",
    "md": "text",
    "log": "text",
}
"""File name extension to format."""

DATASET_EXTENSIONS = frozenset({"csv", "tsv", "psv", "jsonl", "ndjson", "parquet", "pq"})
"""Extensions that say dataset by themselves: `.json` and `.txt` may be anything."""

_CELLS = 100_000
_CHARACTERS = 4_000_000
_CHUNK = 1 << 20
_MOST_COLUMNS = 1_000
_LARGEST_FIELD = 1 << 24
_DELIMITERS = {"tsv": "\t", "psv": "|"}


class UnreadableError(Exception):
    """A dataset cannot be read: `position` says where (empty when everywhere), `reason` why and what to do."""

    def __init__(self, reason: str, position: str = "") -> None:
        super().__init__(f"{position}: {reason}" if position else reason)
        self.reason = reason
        self.position = position


@dataclass
class Batch:
    """Some rows of a dataset: column to its cells that are not null."""

    rows: int
    columns: dict[str, list[str]]


def extension_of(name: str) -> str:
    """The extension of a file's name that tells the format, in lower case: `csv` of `patients.csv.gz`."""
    name = name.lower().removesuffix(".gz").removesuffix(".gzip")
    return name.rpartition(".")[2] if "." in name else ""


@dataclass(frozen=True)
class Source:
    """A dataset: its name, from which its format is told, and how its bytes are opened."""

    name: str
    open: Callable[[], BinaryIO] = field(repr=False)

    @classmethod
    def of_file(cls, path: Path) -> Source:
        return cls(path.name, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> Source:
        return cls(name, lambda: io.BytesIO(content))

    @property
    def extension(self) -> str:
        return extension_of(self.name)

    @property
    def format(self) -> str:
        """Raises `UnreadableError` when the extension is of no known format."""
        if self.extension not in FORMATS:
            known = ", ".join(FORMATS)
            raise UnreadableError(
                f"the format is not known: name the file with one of {known}, or take it out of the globs"
            )
        return FORMATS[self.extension]

    def unpacked(self) -> BinaryIO:
        """The bytes, without gzip."""
        stream = self.open()
        magic = stream.read(2)
        stream.seek(0)
        return gzip.GzipFile(fileobj=stream) if magic == b"\x1f\x8b" else stream  # type: ignore[return-value]


def read(source: Source, max_bytes: int, max_rows: int | None = None) -> Iterator[Batch]:
    """The batches of a dataset.

    `max_bytes` bounds what is read after unpacking; `max_rows` ends reading early. Raises `UnreadableError`.
    """
    try:
        form = source.format
        if form == "parquet":
            batches = _parquet(source, max_bytes)
        else:
            encoding = encoding_of(source, max_bytes)
            batches = _BY_FORMAT[form](source, encoding)
        yield from _bounded(batches, max_rows)
    except UnreadableError:
        raise
    except OSError as error:
        raise UnreadableError(f"the file cannot be opened or unpacked: {type(error).__name__}") from None
    except (EOFError, zlib.error):
        raise UnreadableError("the gzip file is cut off or damaged") from None
    except RecursionError:
        raise UnreadableError("values are nested too deeply") from None
    except Exception as error:  # A library's message may quote cells.
        raise UnreadableError(f"the content is malformed: {type(error).__name__}") from None


def _bounded(batches: Iterable[Batch], max_rows: int | None) -> Iterator[Batch]:
    rows = 0
    for batch in batches:
        if max_rows is not None and rows + batch.rows >= max_rows:
            kept = max_rows - rows
            yield Batch(kept, {name: cells[:kept] for name, cells in batch.columns.items()})
            return
        rows += batch.rows
        yield batch


def encoding_of(source: Source, max_bytes: int) -> str:
    """The encoding of a text file: what its byte order mark says, else UTF-8, UTF-16 or Windows-1252.

    Raises `UnreadableError` when the file has more than `max_bytes` or is no text.
    """
    with source.unpacked() as stream:
        start = stream.read(4096)
        encoding = _marked_encoding(start)
        decoder = codecs.getincrementaldecoder(encoding or "utf-8")()
        size, is_utf8, nul = 0, True, False
        for chunk in chain([start], iter(lambda: stream.read(_CHUNK), b"")):
            size += len(chunk)
            if size > max_bytes:
                raise UnreadableError(
                    f"there are more than {max_bytes} bytes after unpacking: raise pii.max_bytes to judge it"
                )
            nul = nul or b"\0" in chunk
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
    if encoding and is_utf8:
        return encoding
    if nul or encoding:
        raise UnreadableError("the file is not text")
    return "utf-8" if is_utf8 else "cp1252"


def _marked_encoding(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[::2].count(0), start[1::2].count(0)
    if min(even, odd) * 20 <= len(start) and max(even, odd) * 3 > len(start):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def open_text(source: Source, encoding: str) -> io.TextIOWrapper:
    """The text of a source, its line ends as they are."""
    # Windows-1252 leaves five bytes without a character; they are no reason to refuse a file.
    errors = "replace" if encoding == "cp1252" else "strict"
    return io.TextIOWrapper(source.unpacked(), encoding=encoding, errors=errors, newline="")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written: its delimiter, whether its first line only names it, and whether it has a header."""

    delimiter: str
    announced: bool
    has_header: bool

    def rows(self, text: Iterable[str]) -> Any:
        """A `csv.reader` over the text, the announcement of the delimiter skipped."""
        csv.field_size_limit(_LARGEST_FIELD)
        lines = iter(text)
        if self.announced:
            next(lines)
        return csv.reader(lines, delimiter=self.delimiter)


def dialect_of(sample: str, extension: str) -> Dialect:
    """The dialect of CSV text, told from its first lines."""
    announced = re.match(r"(?i)sep=(.)\r?\n", sample)
    if announced:
        sample = sample[announced.end() :]
    delimiter = announced[1] if announced else _DELIMITERS.get(extension) or _delimiter(sample)
    csv.field_size_limit(_LARGEST_FIELD)
    first = next((row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row), [])
    return Dialect(delimiter, announced is not None, _is_header(first))


def _delimiter(sample: str) -> str:
    """The character that cuts the first lines into the most fields of the same number."""
    best, delimiter = (0.0, 1), ","
    for candidate in ",;\t|":
        rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=candidate), 60)
        widths = [len(row) for row in rows if row]
        if len(widths) > 3:
            widths.pop()  # The sample may end in the middle of a row.
        width = max(set(widths), key=widths.count, default=1)
        agreement = widths.count(width) / len(widths) if widths else 0.0
        if width > 1 and (round(agreement, 1), width) > best:
            best, delimiter = (round(agreement, 1), width), candidate
    return delimiter


_DATA = re.compile(r"[-+£$€]?[\d.,:/ -]*\d[\d.,:/ %-]*|.*@.*|.{100,}|\d{4}-\d\d-\d\d.*", re.DOTALL)


def _is_header(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row]
    if not any(cells):
        return False
    return not any(_DATA.fullmatch(cell) or (" " in cell and is_given_name(cell.split()[0])) for cell in cells)


def unique_names(header: Iterable[str]) -> list[str]:
    """Column names as they are reported: the empty are numbered, the repeated too."""
    seen: dict[str, int] = defaultdict(int)
    names = []
    for position, cell in enumerate(header, start=1):
        name = cell.strip().lstrip("\ufeff") or f"column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _csv(source: Source, encoding: str) -> Iterator[Batch]:
    with open_text(source, encoding) as text:
        sample = text.read(65_536)
    dialect = dialect_of(sample, source.extension)
    with open_text(source, encoding) as text:
        reader = dialect.rows(text)
        rows = _csv_rows(reader)
        names = unique_names(next(rows, [])) if dialect.has_header else []
        for chunk in _chunks(rows, lambda row: (len(row), sum(map(len, row)))):
            columns: dict[str, list[str]] = {}
            for position, cells in enumerate(zip_longest(*chunk, fillvalue="")):
                name = names[position] if position < len(names) else f"column {position + 1}"
                columns.setdefault(name, []).extend(cells)
            yield Batch(len(chunk), _with_nested(columns))


def _csv_rows(reader: Any) -> Iterator[list[str]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableError(
                f"a field has more than {_LARGEST_FIELD} characters or a quote is not closed", f"line {reader.line_num}"
            ) from None
        if row:
            yield row


def _chunks(items: Iterable[Any], size: Callable[[Any], tuple[int, int]]) -> Iterator[list[Any]]:
    """Lists of items that hold a batch's cells or characters."""
    chunk: list[Any] = []
    cells = characters = 0
    for item in items:
        chunk.append(item)
        more_cells, more_characters = size(item)
        cells += more_cells
        characters += more_characters
        if cells >= _CELLS or characters >= _CHARACTERS:
            yield chunk
            chunk, cells, characters = [], 0, 0
    if chunk:
        yield chunk


def _with_nested(columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """The columns, with JSON in their cells told apart by path."""
    for name, cells in list(columns.items()):
        nested = [cell for cell in cells if cell[:1] in ("{", "[") and cell.rstrip()[-1:] in ("}", "]")]
        if not nested:
            continue
        flat = Flattened()
        left = [cell for cell in cells if not (cell[:1] in ("{", "[") and cell.rstrip()[-1:] in ("}", "]"))]
        for cell in nested:
            try:
                flat.add(load_json(cell), name)
            except ValueError:
                left.append(cell)
        columns[name] = left
        for path, values in flat.columns.items():
            columns.setdefault(path, []).extend(values)
    return columns


def load_json(text: str) -> Any:
    """JSON with its numbers as they are written. Raises `ValueError`."""
    return json.loads(text, parse_float=str, parse_int=str)


KEYS = "(keys)"
"""The column of keys that may be data themselves."""

_DATA_KEY = re.compile(r"@|\d{6}|\d[ -]\d| ")


def is_data_key(key: str) -> bool:
    """Whether the key of a mapping looks more like a value than like a name."""
    return _DATA_KEY.search(key) is not None


class Flattened:
    """Nested values by path: keys joined by dots, `[]` for the members of a list."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str]] = defaultdict(list)

    def add(self, value: Any, path: str = "") -> None:
        waiting = [(path, value)]
        while waiting:
            path, value = waiting.pop()
            if isinstance(value, dict):
                for key in filter(is_data_key, map(str, value)):
                    self._cell(KEYS, key)
                waiting.extend((join(path, str(key)), member) for key, member in reversed(value.items()))
            elif isinstance(value, (list, tuple)):
                waiting.extend((f"{path}[]", member) for member in reversed(value))
            elif value is not None:
                self._cell(path or "value", text_of(value))

    def _cell(self, path: str, text: str) -> None:
        if path not in self.columns and len(self.columns) >= _MOST_COLUMNS:
            # Keys of which there is no end are data themselves.
            self.columns["*"].append(path.rpartition(".")[2])
            path = "*"
        self.columns[path].append(text)


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def text_of(value: Any) -> str:
    """A value as the text that is judged."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _flat_batches(records: Iterable[Any]) -> Iterator[Batch]:
    flat, rows, cells = Flattened(), 0, 0
    for record, size in records:
        flat.add(record)
        rows += 1
        cells += size
        if cells >= _CHARACTERS or rows >= _CELLS // 10:
            yield Batch(rows, _with_nested(dict(flat.columns)))
            flat, rows, cells = Flattened(), 0, 0
    if rows:
        yield Batch(rows, _with_nested(dict(flat.columns)))


def _json_lines(source: Source, encoding: str) -> Iterator[Batch]:
    def records() -> Iterator[tuple[Any, int]]:
        with open_text(source, encoding) as text:
            for number, line in enumerate(text, start=1):
                if line.strip():
                    try:
                        yield load_json(line), len(line)
                    except ValueError:
                        raise UnreadableError("the line is not JSON", f"line {number}") from None

    return _flat_batches(records())


def _json(source: Source, encoding: str) -> Iterator[Batch]:
    with open_text(source, encoding) as text:
        yield from _flat_batches(json_values(text))


def json_values(text: io.TextIOBase) -> Iterator[tuple[Any, int]]:
    """The members of a top-level list one by one, else each top-level value, with its length in characters."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    buffer, position, passed, in_list, size = "", 0, 0, None, _CHUNK
    ended = False
    while True:
        while position < len(buffer) and buffer[position] in " \t\r\n,":
            position += 1
        if position < len(buffer) and in_list is None:
            in_list = buffer[position] == "["
            position += in_list
            continue
        if position < len(buffer) and in_list and buffer[position] == "]":
            in_list = False
            position += 1
            continue
        try:
            if position < len(buffer):
                value, end = decoder.raw_decode(buffer, position)
                if end < len(buffer) or ended:
                    yield value, end - position
                    position = end
                    continue
            elif ended:
                if in_list:
                    raise UnreadableError("the list is not closed", f"character {passed + position}")
                return
        except json.JSONDecodeError as error:
            if ended:
                raise UnreadableError("this is not JSON", f"character {passed + error.pos}") from None
        passed += position
        more = text.read(size)
        ended = not more
        buffer, position = buffer[position:] + more, 0
        size = _CHUNK if len(buffer) < 2 * _CHUNK else len(buffer)


def _parquet(source: Source, max_bytes: int) -> Iterator[Batch]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise UnreadableError("Parquet is read by pyarrow: pip install 'checkov-aiml[parquet]'") from None
    with source.unpacked() as stream:
        file = io.BytesIO(stream.read(max_bytes + 1)) if isinstance(stream, gzip.GzipFile) else stream
        if file.seek(0, io.SEEK_END) > max_bytes:
            raise UnreadableError(f"there are more than {max_bytes} bytes: raise pii.max_bytes to judge it")
        file.seek(0)
        try:
            table = parquet.ParquetFile(file)
        except Exception as error:
            raise UnreadableError(f"this is no Parquet file: {type(error).__name__}") from None
        unpacked = sum(table.metadata.row_group(i).total_byte_size for i in range(table.metadata.num_row_groups))
        if unpacked > max_bytes:
            raise UnreadableError(
                f"there are more than {max_bytes} bytes after unpacking: raise pii.max_bytes to judge it"
            )
        width = max(1, len(table.schema_arrow.names))
        for batch in table.iter_batches(batch_size=max(1, _CELLS // width)):
            flat = Flattened()
            for name, column in zip(unique_names(batch.schema.names), batch.columns, strict=True):
                values = column.to_pylist()
                if any(isinstance(value, (dict, list, tuple)) for value in values):
                    for value in values:
                        flat.add(value, name)
                else:
                    flat.columns[name].extend(text_of(value) for value in values if value is not None)
            yield Batch(batch.num_rows, _with_nested(dict(flat.columns)))


def _text(source: Source, encoding: str) -> Iterator[Batch]:
    with open_text(source, encoding) as text:
        for chunk in _chunks((line.rstrip("\r\n") for line in text), lambda line: (1, len(line))):
            yield Batch(len(chunk), {"text": chunk})


_BY_FORMAT = {"csv": _csv, "json": _json, "json lines": _json_lines, "text": _text}
