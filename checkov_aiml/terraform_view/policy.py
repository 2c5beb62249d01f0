"""Policy documents in each form in which Terraform carries them: JSON text, `jsonencode`, a data source of statements.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import UNSET, Known, Reference, Unresolved, Unset, Value, from_plain, known
from checkov_aiml.verdict import MalformedError

_NAMES_THE_CALLER = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:userid",
    "kms:calleraccount",
)
"""Condition keys that say who calls (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)."""


@dataclass(frozen=True)
class Condition:
    """One condition: `operator` such as `StringEquals`, `key` in lower case, and the values that are known."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def names_the_caller(self) -> bool:
        """Whether it limits a statement to accounts, organisations or principals that it names."""
        negative = "not" in self.operator.casefold() or self.operator.casefold() == "null"
        return self.key in _NAMES_THE_CALLER and not negative and "*" not in self.values


@dataclass(frozen=True)
class Statement:
    """One statement. A member whose value is not known stands as the text of its expression.

    `principals` are the identifiers of all kinds, `*` among them where it admits everyone, or everyone but some;
    `is_known` is false for a statement of which nobody can tell what it says, or of whom.
    """

    place: str
    allows: bool = False
    principals: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    is_known: bool = True

    @property
    def is_open(self) -> bool:
        """Whether it admits everyone: no principal is named, and no condition says who calls."""
        return self.allows and "*" in self.principals and not any(c.names_the_caller for c in self.conditions)


def statements(attribute: Attribute) -> list[Statement] | None:
    """The statements of the policy that an attribute holds; none where it is unset, None where it is not known.

    Raises `MalformedError` with the place and what to do when the text is no policy.
    """
    sources = [target for target in attribute.targets if target.type == "aws_iam_policy_document"]
    if isinstance(attribute.state, Unset):
        return []
    if isinstance(attribute.state, Known):
        return list(_in_document(_document(attribute), attribute.path))
    if isinstance(attribute.state, Reference) and len(sources) == 1:
        return list(_in_data_source(sources[0], ()))
    return None


def _document(attribute: Attribute) -> Value:
    content = attribute.known
    if not isinstance(content, str):
        return attribute.value
    try:
        return from_plain(json.loads(content))
    except ValueError as error:
        place = f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its start"
        raise MalformedError(f"{attribute.path} is no JSON from {place} on; correct the policy text") from None


def _in_document(document: Value, path: str) -> Iterator[Statement]:
    if not hasattr(document.known, "get"):
        raise MalformedError(f"{path} is no policy document; give an object with statements")
    found = document.known.get("Statement") or known([])
    members = found.known if isinstance(found.known, list) else [found]
    for index, statement in enumerate(members):
        place = f"{path}.Statement[{index}]"
        body = statement.known
        if hasattr(body, "get"):
            yield _statement_of(body, place)
        elif isinstance(statement.state, (Known, Unset)):
            raise MalformedError(f"{place} is no statement; give an object with Effect, Action and Resource")
        else:
            yield Statement(place, is_known=False)


def _statement_of(body: Any, place: str) -> Statement:
    allows = _text(body.get("Effect")) == "Allow"
    everyone_but_some = allows and not isinstance((body.get("NotPrincipal") or UNSET).state, Unset)
    return Statement(
        place,
        allows,
        ("*",) if everyone_but_some else tuple(_principals(body.get("Principal"))),
        tuple(_texts(body.get("Action"))),
        tuple(_texts(body.get("Resource"))),
        tuple(_conditions(body.get("Condition"))),
        is_known=not _is_undecided(body.get("Principal")),
    )


def _in_data_source(document: Resource, seen: tuple[Resource, ...]) -> Iterator[Statement]:
    for merged in ("source_policy_documents", "override_policy_documents"):
        yield from _merged(document, merged, (*seen, document))
    for place, block in document.blocks("statement"):
        body = block.known
        if not hasattr(body, "get"):
            yield Statement(f"{document.address}.{place}", is_known=False)
            continue
        allows = (_text(body.get("effect")) or "Allow") == "Allow"
        yield Statement(
            f"{document.address}.{place}",
            allows,
            ("*",) if allows and _blocks(body, "not_principals") else _members(body, "principals", "identifiers"),
            tuple(_texts(body.get("actions"))),
            tuple(_texts(body.get("resources"))),
            tuple(
                Condition(_text(one.get("test")) or "", (_text(one.get("variable")) or "").lower(), values)
                for one in _blocks(body, "condition")
                for values in [tuple(_texts(one.get("values")))]
            ),
            is_known=not _is_undecided(body.get("principals")),
        )


def _merged(document: Resource, path: str, seen: tuple[Resource, ...]) -> Iterator[Statement]:
    """The statements of the documents that another one takes in; a plan says which ones, not which of them is where."""
    attribute = document.attribute(path)
    unknown = [item for item in attribute.items() if not isinstance(item.state, (Known, Unset))]
    for item in attribute.items():
        if isinstance(item.known, str):
            yield from _in_document(_document(item), f"{document.address}.{item.path}")
    sources = [target for target in attribute.targets if target.type == "aws_iam_policy_document"] if unknown else []
    for source in sources:
        if source not in seen:
            yield from _in_data_source(source, seen)
    if len(unknown) > len(sources):
        yield Statement(f"{document.address}.{path}", is_known=False)


def _is_undecided(value: Value | None) -> bool:
    """Whether nobody can tell what some part of a value is."""
    if value is None or isinstance(value.state, Unresolved):
        return value is not None
    content = value.known
    if hasattr(content, "get"):
        names = content.names() if hasattr(content, "names") else content
        return any(_is_undecided(content.get(name)) for name in names)
    return isinstance(content, list) and any(map(_is_undecided, content))


def _blocks(body: Any, name: str) -> list[Any]:
    found = (body.get(name) or UNSET).known
    return [one.known for one in found if hasattr(one.known, "get")] if isinstance(found, list) else []


def _members(body: Any, block: str, name: str) -> tuple[str, ...]:
    return tuple(text for one in _blocks(body, block) for text in _texts(one.get(name)))


def _principals(value: Value | None) -> Iterator[str]:
    for _, values in _entries(value):
        yield from values
    if value is not None and not hasattr(value.known, "get"):
        yield from _texts(value)


def _conditions(value: Value | None) -> Iterator[Condition]:
    content = value.known if value is not None else None
    if hasattr(content, "get"):
        for operator in content.names() if hasattr(content, "names") else content:
            for key, values in _entries(content.get(operator)):
                yield Condition(operator, key.lower(), values)
    elif value is not None and not isinstance(value.state, Unset):
        yield Condition("", "", ())


def _entries(value: Value | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    content = value.known if value is not None else None
    if hasattr(content, "get"):
        for key in content.names() if hasattr(content, "names") else content:
            yield key, tuple(_texts(content.get(key)))


def _texts(value: Value | None) -> Iterator[str]:
    content: Any = value.known if value is not None else None
    for item in content if isinstance(content, list) else [value]:
        text = _text(item)
        if text is not None:
            yield text


def _text(value: Value | None) -> str | None:
    """The known text of a value, booleans and numbers as JSON writes them, else that of its expression."""
    if value is None or isinstance(value.state, Unset):
        return None
    if isinstance(value.state, Known):
        content = value.known
        return str(content).lower() if isinstance(content, bool) else str(content) if _is_plain(content) else None
    return value.state.text


def _is_plain(content: Any) -> bool:
    return isinstance(content, (str, int, float))
