"""Reads the files that a report is made of, and refuses what is none of them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WRITE = "write it with `checkov-aiml scan … -o json > FILE`, and let nothing else into it"
_UNSEEN = {"Cc", "Cf", "Cs"}
"""Unicode's categories of control, format (invisible, or turning the direction) and surrogate characters."""


class EvidenceError(Exception):
    """An input cannot be used; the text is one line: file, place, what is wrong, what to do."""


@dataclass(frozen=True)
class EvidenceFile:
    """A file as it was read: its JSON documents, and the SHA-256 of its bytes."""

    path: Path
    documents: tuple[Any, ...]
    sha256: str

    def error(self, place: str, message: str) -> EvidenceError:
        return EvidenceError(": ".join(part for part in (str(self.path), place, message) if part))

    def text_at(self, record: Mapping[str, Any], key: str, place: str) -> str:
        """The text under a key of a record, cleaned. Raises `EvidenceError` when there is none."""
        found = record.get(key)
        if not isinstance(found, str) or not found.strip():
            raise self.error(f"{place}.{key}".lstrip("."), f"must be a text; {_WRITE}")
        return clean(found)


def read(path: Path) -> EvidenceFile:
    """The JSON documents of a file, one or several: Checkov writes one after another for several `-d`.

    Raises `EvidenceError` when there is no file, or something else than JSON in it.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise EvidenceError(f"{path}: does not exist: name a file of results") from None
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror}): name a file of results") from None
    file = EvidenceFile(path, (), hashlib.sha256(content).hexdigest())
    try:
        text = content.decode(json.detect_encoding(content)).strip()
        return EvidenceFile(path, tuple(_documents(text)), file.sha256)
    except json.JSONDecodeError as error:
        raise file.error(f"line {error.lineno}", f"not JSON ({error.msg}): {_WRITE}") from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise file.error("", f"not JSON ({type(error).__name__}): {_WRITE}") from None


def _documents(text: str) -> list[Any]:
    decoder, at = json.JSONDecoder(), 0
    found: list[Any] = []
    while at < len(text) or not found:
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def clean(text: str) -> str:
    """The text in one line, without characters that are not seen or that turn the direction of writing.

    Names, comments and messages are written by whoever wrote the code; an invisible character in them could make a
    reader see another name than the one that was scanned.
    """
    in_one_line = " ".join(text.split())
    if in_one_line.isprintable():
        return in_one_line
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSEEN else c for c in in_one_line)
