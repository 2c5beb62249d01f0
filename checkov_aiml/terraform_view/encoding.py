"""What `yamlencode`, `yamldecode`, `base64encode` and `base64decode` make of values that are known in part.

A text with parts that are not known holds `${expression}` in their place, as the templates of expressions do.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from checkov_aiml.terraform_view.state import Known, Reference, Unset, Value, from_plain, known, unresolved
from checkov_aiml.verdict import MalformedError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MARK = "__not-known-{}__"
"""What stands for the numbered gap of a text of which parts are not known."""
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<inner>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""", re.DOTALL)


def yaml_encode(argument: Value) -> Value | None:
    """The YAML text of a value; set and to come where a part of it is not known."""
    unknown: list[str] = []
    text = yaml.safe_dump(filled(argument, unknown), sort_keys=False, width=10_000, allow_unicode=True)
    return Value(Reference(text), argument.targets) if unknown else known(text, argument.targets)


def filled(value: Value, unknown: list[str]) -> Any:
    """Plain data with `${expression}` for what is not known."""
    if isinstance(value.state, Unset):
        return value.state.text
    if not isinstance(value.state, Known):
        unknown.append(value.state.text)
        return value.state.text if "${" in value.state.text else f"${{{value.state.text}}}"
    content = value.known
    if isinstance(content, dict):
        return {key: filled(item, unknown) for key, item in content.items()}
    return [filled(item, unknown) for item in content] if isinstance(content, list) else content


def yaml_decode(argument: Value) -> Value | None:
    """The value of the one document in a YAML text; None when the text is not known or no YAML."""
    try:
        documents = yaml_documents(argument, "the text")
    except MalformedError:
        return None
    return documents[0] if documents and len(documents) == 1 else None


def yaml_documents(argument: Value, place: str) -> list[Value] | None:
    """The values of the documents in a YAML text; None when the text is not known.

    Raises `MalformedError` with the place and the line when the text is no YAML.
    """
    content, expressions = argument.known, []
    if isinstance(argument.state, Reference) and "${" in argument.state.text:
        content, expressions = marked(argument.state.text)
    if not isinstance(content, str):
        return None
    try:
        documents = list(yaml.load_all(content, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise MalformedError(f"{place}{line}: {yaml_problem(error)}; correct the YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedError(f"{place} is no YAML: {type(error).__name__}; correct the text") from None
    return [_unmarked(document, expressions) for document in documents if document is not None]


def yaml_problem(error: yaml.MarkedYAMLError) -> str:
    """What is wrong with a YAML text, without what the text holds: it may be a secret."""
    problem = error.problem or "no YAML"
    if isinstance(error, yaml.constructor.ConstructorError) and "tag" in problem:
        return "an unknown tag"
    return _QUOTED.sub(lambda match: match[0] if len(match["inner"]) <= 2 else "…", problem)


def marked(text: str) -> tuple[str, list[str]]:
    """The text with a word in place of each `${expression}`, and the expressions."""
    pieces, expressions, position = [], list[str](), 0
    while (start := text.find("${", position)) >= 0:
        end, depth = start + 2, 1
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        pieces += [text[position:start], MARK.format(len(expressions))]
        expressions.append(text[start + 2 : end - 1])
        position = end
    return "".join([*pieces, text[position:]]), expressions


def _unmarked(content: Any, expressions: list[str]) -> Value:
    if isinstance(content, dict):
        return known({str(key): _unmarked(item, expressions) for key, item in content.items()})
    if isinstance(content, list):
        return known([_unmarked(item, expressions) for item in content])
    if isinstance(content, str):
        named = [expression for i, expression in enumerate(expressions) if MARK.format(i) in content]
        if named:
            return unresolved(", ".join(named))
    return from_plain(content)


def base64_encode(argument: Value) -> Value | None:
    """The base64 text of a text; one that is to come stays itself, so that its known parts can be read."""
    if isinstance(argument.known, str):
        return known(base64.b64encode(argument.known.encode()).decode(), argument.targets)
    return argument if isinstance(argument.state, Reference) else None


def base64_decode(argument: Value) -> Value | None:
    """The text in a base64 text; None when it is not known, or holds no text."""
    try:
        return known(base64.b64decode(argument.known, validate=True).decode(), argument.targets)
    except (TypeError, ValueError, binascii.Error):
        return None


FUNCTIONS: Mapping[str, Callable[..., Value | None]] = {
    "base64decode": base64_decode,
    "base64encode": base64_encode,
    "yamldecode": yaml_decode,
    "yamlencode": yaml_encode,
}
