"""Policy documents in every form in which Terraform carries them: JSON text, `jsonencode`, a policy document data source.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkov_aiml.terraform_view.resource import Attribute, Resource
from checkov_aiml.terraform_view.state import Known, Reference, Unset, Value, from_plain, known
from checkov_aiml.verdict import MalformedError


@dataclass(frozen=True)
class Statement:
    """One statement: `principals` are the identifiers of all kinds, `*` among them where it admits everyone."""

    place: str
    allows: bool
    principals: tuple[str, ...]
    conditional: bool


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
        return list(_in_data_source(sources[0]))
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
        if not hasattr(body, "get"):
            raise MalformedError(f"{place} is no statement; give an object with Effect, Action and Resource")
        yield Statement(
            place,
            _text(body.get("Effect")) == "Allow",
            tuple(_principals(body.get("Principal"))),
            bool(_text_or_content(body.get("Condition"))),
        )


def _in_data_source(document: Resource) -> Iterator[Statement]:
    for place, block in document.blocks("statement"):
        body = block.known
        if not hasattr(body, "get"):
            continue
        principals = body.get("principals")
        blocks = principals.known if principals is not None and isinstance(principals.known, list) else []
        identifiers = [name for one in blocks if hasattr(one.known, "get") for name in _texts(one.known.get("identifiers"))]
        yield Statement(
            f"{document.address}.{place}",
            (_text(body.get("effect")) or "Allow") == "Allow",
            tuple(identifiers),
            bool(_text_or_content(body.get("condition"))),
        )


def _principals(value: Value | None) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value.known, dict) or hasattr(value.known, "names"):
        keys = value.known.names() if hasattr(value.known, "names") else value.known
        for key in keys:
            yield from _texts(value.known.get(key))
    else:
        yield from _texts(value)


def _texts(value: Value | None) -> Iterator[str]:
    content: Any = value.known if value is not None else None
    for item in content if isinstance(content, list) else [value]:
        text = _text(item)
        if text is not None:
            yield text


def _text(value: Value | None) -> str | None:
    return value.known if value is not None and isinstance(value.known, str) else None


def _text_or_content(value: Value | None) -> Any:
    return None if value is None or isinstance(value.state, Unset) else value
