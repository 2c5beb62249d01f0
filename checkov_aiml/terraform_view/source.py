"""The source of HCL blocks: what stands in a block, told apart without judging it.

Checkov's parsed configuration is not enough to judge by: a `dynamic` block replaces static blocks of the same name, an
attribute of an object variable comes out as the whole object, and an output of a module that is called twice is taken
from either call (measured on Checkov 3.3.30). The source holds the truth. A file that Checkov has parsed needs no
second full parse: its blocks are outlined, which takes microseconds, and the HCL parser that Checkov brings reads
only those expressions of which a control wants the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from lark import Tree


class SourceError(Exception):
    """A block of a file that Checkov has parsed cannot be read again."""


@dataclass
class Outline:
    """What stands in a file or block: attributes by name with the text of their expressions, and blocks by type."""

    attributes: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[Block]] = field(default_factory=dict)


@dataclass
class Block:
    """A nested block: its labels and its text, outlined when it is asked for."""

    labels: tuple[str, ...]
    text: str
    _outline: Outline | None = None

    @property
    def body(self) -> Outline:
        if self._outline is None:
            self._outline = outline(self.text)
        return self._outline


_HEADER = re.compile(
    r'\s*(?P<name>[A-Za-z_][\w-]*|"[^"\n]*")(?P<labels>(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*(?P<mark>[={])'
)
_COMMENT = re.compile(r"\s*(?:#[^\n]*|//[^\n]*|/\*[\s\S]*?\*/)")
_HEREDOC = re.compile(r"<<-?(?P<tag>[A-Za-z][\w.-]*)[^\n]*\n(?:.*\n)*?[ \t]*(?P=tag)\b")
_PLAIN = re.compile(r"[^\"#/<\[\](){}\n]+")
_OPENING = {"(": ")", "[": "]", "{": "}"}


def outline(text: str) -> Outline:
    """What stands in the text of a file or of a block's body. Raises `SourceError` where it is no HCL."""
    found, position = Outline(), 0
    while True:
        comment = _COMMENT.match(text, position)
        if comment:
            position = comment.end()
            continue
        header = _HEADER.match(text, position)
        if not header:
            if text[position:].strip():
                raise SourceError(f"neither an attribute nor a block: {text[position:].strip()[:40]!r}")
            return found
        name = header["name"].strip('"')
        if header["mark"] == "=":
            end = _end(text, header.end(), "\n")
            found.attributes[name] = text[header.end() : end].strip()
        else:
            end = _end(text, header.end(), "}")
            labels = tuple(re.findall(r'[^\s"]+', header["labels"]))
            found.blocks.setdefault(name, []).append(Block(labels, text[header.end() : end]))
        position = end + 1


def _end(text: str, position: int, closing: str) -> int:
    """Where an expression's line ends, or the bracket that closes a block: new lines within brackets do not count."""
    waiting = [closing]
    while position < len(text):
        character = text[position]
        if character == '"':
            position = after_string(text, position)
        elif character == "<" and (heredoc := _HEREDOC.match(text, position)):
            position = heredoc.end()
        elif character in "#/" and (comment := _COMMENT.match(text, position)):
            position = comment.end()
        elif character in _OPENING:
            waiting.append(_OPENING[character])
            position += 1
        elif character == waiting[-1]:
            if len(waiting) == 1:
                return position
            waiting.pop()
            position += 1
        elif character in ")]}":
            raise SourceError(f"{character} closes nothing")
        else:
            plain = _PLAIN.match(text, position)
            position = plain.end() if plain else position + 1
    if waiting == ["\n"]:
        return position
    raise SourceError(f"{waiting[-1]} is missing")


_STRING_PART = re.compile(r'(?:[^"\\$%]|\\.|[$%](?!\{)|\$\$\{|%%\{)+')


def after_string(text: str, position: int) -> int:
    """Where the string that starts here is over; an interpolation may hold strings of its own."""
    position += 1
    while position < len(text) and text[position] != '"':
        part = _STRING_PART.match(text, position)
        position = part.end() if part else _end(text, position + 2, "}") + 1
    if position >= len(text):
        raise SourceError("a string is not closed")
    return position + 1


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Tree:
    """The parse tree of one expression. Raises `SourceError` when it is none."""
    from hcl2.parser import Hcl2
    from lark.exceptions import LarkError

    try:
        tree: Any = Hcl2.lark_parser.parse(f"x = {text}\n")
        attribute = next(tree.find_data("attribute"))
    except (LarkError, RecursionError, StopIteration):
        raise SourceError(f"not an expression: {text[:80]}") from None
    return next(child for child in attribute.children[1:] if not (isinstance(child, str) and child.isspace()))


_LARGEST_FILE = 1024 * 1024
"""Larger files are no policy: a managed policy has at most 6,144 characters, an S3 bucket's 20 KB."""


@dataclass
class Sources:
    """The source files of one graph, each read once, each block outlined once.

    `folder` is the scanned folder: only files in it are read for `file` and `templatefile`.
    """

    folder: str = ""
    _contents: dict[str, bytes | None] = field(default_factory=dict)

    _lines: dict[str, list[str]] = field(default_factory=dict)
    _blocks: dict[tuple[str, int, int], Outline] = field(default_factory=dict)
    _files: dict[str, Outline] = field(default_factory=dict)

    def block(self, file: str, first: int, last: int) -> Outline:
        """The body of the block that stands in these lines, both counted from 1 and included.

        Raises `SourceError` with file and line when there is none.
        """
        key = (file, first, last)
        if key not in self._blocks:
            self._blocks[key] = self._read(file, first, last)
        return self._blocks[key]

    def whole(self, file: str) -> Outline:
        """What stands in a file. Raises `SourceError` with the file when it cannot be read or is no HCL."""
        if file not in self._files:
            try:
                self._files[file] = outline("".join(self._text(file)))
            except SourceError as error:
                raise SourceError(f"{file}: {error}") from None
        return self._files[file]

    def lines(self, file: str, first: int, last: int) -> str:
        """The text of some lines of a file, counted from 1, both included. Raises `SourceError` as `block` does."""
        return "".join(self._text(file)[first - 1 : last])

    def content(self, path: str) -> bytes | None:
        """What a file holds that an expression names; None where it lies elsewhere, cannot be read or is too large."""
        if path not in self._contents:
            self._contents[path] = self._content(Path(path))
        return self._contents[path]

    def _content(self, path: Path) -> bytes | None:
        try:
            actual = path.resolve(strict=True)
            if not self.folder or not actual.is_relative_to(Path(self.folder).resolve()):
                return None
            return actual.read_bytes() if actual.is_file() and actual.stat().st_size <= _LARGEST_FILE else None
        except (OSError, ValueError, RuntimeError):
            return None

    def named(self, file: str, kind: str, *labels: str) -> Iterator[Outline]:
        """The bodies of a file's blocks of a type with these labels, such as `("output", "arn")`."""
        for block in self.whole(file).blocks.get(kind, ()):
            if block.labels == labels:
                yield block.body

    def _text(self, file: str) -> list[str]:
        if file not in self._lines:
            try:
                text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
                self._lines[file] = StringIO(text).readlines()  # At new lines alone, as Checkov counts.
            except OSError as error:
                raise SourceError(f"{file}: cannot be read: {error.strerror}") from None
        return self._lines[file]

    def _read(self, file: str, first: int, last: int) -> Outline:
        try:
            found = outline("".join(self._text(file)[first - 1 : last]))
            (block,) = [block for blocks in found.blocks.values() for block in blocks]
            return block.body
        except SourceError as error:
            raise SourceError(f"{file}, line {first}: {error}") from None
        except ValueError:
            raise SourceError(f"{file}, line {first}: no single block stands there") from None
