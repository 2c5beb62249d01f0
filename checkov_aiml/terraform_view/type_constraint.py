"""What the type of a variable makes of its value.

An attribute that an object type lists as `optional` and that is not given is null or has its own default; text and
numbers are converted (https://developer.hashicorp.com/terraform/language/expressions/type-constraints).
"""

from __future__ import annotations

from typing import Any

from lark import Token, Tree

from checkov_aiml.terraform_view.expression import Evaluator, operands, scalar_text
from checkov_aiml.terraform_view.source import SourceError, parse_expression
from checkov_aiml.terraform_view.state import UNSET, Known, Value, known


def conform(value: Value, constraint: str, evaluator: Evaluator) -> Value:
    """The value as a variable of this type has it; unchanged where the type says nothing about it."""
    try:
        return _conform(value, parse_expression(constraint), evaluator)
    except SourceError:
        return value


def _conform(value: Value, constraint: Any, evaluator: Evaluator) -> Value:
    name, arguments = _parts(constraint)
    if name == "optional":
        if value == UNSET and len(arguments) > 1:
            value = evaluator.value(arguments[1])
        return _conform(value, arguments[0], evaluator)
    content = value.known
    if name == "object" and isinstance(content, dict):
        members = {evaluator.key(key): kind for key, kind in map(operands, operands(_bare(arguments[0])))}
        given = {str(key): content.get(str(key), UNSET) for key in members}
        return known({str(key): _conform(given[str(key)], kind, evaluator) for key, kind in members.items()})
    if name == "map" and isinstance(content, dict) and arguments:
        return known({key: _conform(item, arguments[0], evaluator) for key, item in content.items()})
    if name in ("list", "set") and isinstance(content, list) and arguments:
        return known([_conform(item, arguments[0], evaluator) for item in content])
    return _scalar(value, name)


def _scalar(value: Value, kind: str) -> Value:
    text = scalar_text(value)
    if not isinstance(value.state, Known) or text is None:
        return value
    if kind == "string":
        return known(text, value.targets)
    if kind == "bool" and text in ("true", "false"):
        return known(text == "true", value.targets)
    if kind == "number" and text.lstrip("-").isdigit():
        return known(int(text), value.targets)
    return value


def _parts(constraint: Any) -> tuple[str, list[Any]]:
    """The name of a type and its arguments: `list(string)` is ("list", [string])."""
    bare = _bare(constraint)
    if isinstance(bare, Token):  # The quoted types of old configurations, such as `"string"`.
        return bare.strip('"'), []
    if bare.data != "function_call":
        return str(bare.children[0]), []
    name, *rest = operands(bare)
    return str(name.children[0]), operands(rest[0]) if rest else []


def _bare(tree: Any) -> Any:
    """A parse tree without the terms that only wrap it."""
    while isinstance(tree, Tree) and tree.data == "expr_term":
        (tree,) = operands(tree)
    return tree
