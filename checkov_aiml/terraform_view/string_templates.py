"""The structure of string templates: literal text, `${…}`, and the directives `%{if …}` and `%{for …}`.

https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


class TemplateError(Exception):
    """A template's directives do not match each other."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as it is written, escapes included."""

    text: str


@dataclass(frozen=True, slots=True)
class Interpolation:
    """`${expression}`."""

    expression: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`%{if condition}`, what stands there if it holds, and what does if not."""

    condition: str
    yes: tuple[Part, ...]
    no: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`%{for names in collection}` and what it repeats."""

    names: tuple[str, ...]
    collection: str
    body: tuple[Part, ...]


Part = Literal | Interpolation | Choice | Loop

_FOR = re.compile(r"for\s+(?P<names>\w+(?:\s*,\s*\w+)?)\s+in\s+(?P<collection>.+)", re.DOTALL)


@lru_cache(maxsize=1024)
def parse_template(text: str) -> tuple[Part, ...]:
    """The parts of a template in order. Raises `TemplateError` where directives do not match."""
    tokens = _trimmed(list(_tokens(text)))
    parts, ending = _parts(iter(tokens))
    if ending is not None:
        raise TemplateError(f"%{{{ending}}} ends nothing")
    return parts


def _parts(tokens: Iterator[tuple[str, str]]) -> tuple[tuple[Part, ...], str | None]:
    """The parts up to the directive that ends them, and that directive."""
    found: list[Part] = []
    for kind, content in tokens:
        if kind == "$":
            found.append(Interpolation(content))
        elif kind != "%":
            found.append(Literal(content))
        elif content in ("else", "endif", "endfor"):
            return tuple(found), content
        else:
            found.append(_directive(content, tokens))
    return tuple(found), None


def _directive(content: str, tokens: Iterator[tuple[str, str]]) -> Part:
    loop = _FOR.fullmatch(content)
    body, ending = _parts(tokens)
    if loop and ending == "endfor":
        return Loop(tuple(re.split(r"\s*,\s*", loop["names"])), loop["collection"], body)
    if content.startswith("if") and not loop:
        no: tuple[Part, ...] = ()
        if ending == "else":
            no, ending = _parts(tokens)
        if ending == "endif":
            return Choice(content[2:].strip(), body, no)
    raise TemplateError(f"%{{{content}}} is not ended")


def _trimmed(tokens: list[tuple[str, str, bool, bool]]) -> list[tuple[str, str]]:
    """The tokens, literal white space beside a `~` taken out."""
    trimmed = []
    for index, (kind, content, _, _) in enumerate(tokens):
        if not kind and index and tokens[index - 1][3]:
            content = content.lstrip()
        if not kind and index + 1 < len(tokens) and tokens[index + 1][2]:
            content = content.rstrip()
        if kind or content:
            trimmed.append((kind, content))
    return trimmed


_MARK = re.compile(r"(?P<escape>\$\$\{|%%\{)|(?P<kind>[$%])\{")


def _tokens(text: str) -> Iterator[tuple[str, str, bool, bool]]:
    """Kind (`$`, `%` or empty for literal text), content, and whether white space before and after it goes."""
    literal, position = "", 0
    for mark in _MARK.finditer(text):
        if mark.start() < position:
            continue
        literal += text[position : mark.start()]
        if mark["escape"]:
            literal, position = literal + mark["escape"][1:], mark.end()
            continue
        end = _closing_brace(text, mark.end())
        if end < 0:
            position = mark.start()
            break
        if literal:
            yield "", literal, False, False
        content, literal, position = text[mark.end() : end], "", end + 1
        before, after = content.startswith("~"), content.endswith("~")
        yield mark["kind"], content.strip("~").strip(), before, after
    literal += text[position:]
    if literal:
        yield "", literal, False, False


def _closing_brace(text: str, position: int) -> int:
    depth, quoted = 0, False
    while position < len(text):
        character = text[position]
        if character == '"' and text[position - 1] != "\\":
            quoted = not quoted
        elif not quoted and character == "{":
            depth += 1
        elif not quoted and character == "}":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    return -1
