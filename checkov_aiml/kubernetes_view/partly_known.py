"""Manifests of which parts are not known yet, as Terraform writes them.

A judge reads such a manifest like any other. The first unknown part that it touches raises `NotKnownError`, so what it
never looks at cannot keep it from an answer; `unless_unknown` makes the error the answer of one part of a judgement, so
that a part that is known to be bad still decides.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, ValuesView
from dataclasses import dataclass
from typing import Any

from checkov_aiml.verdict import Verdict, unresolved


@dataclass(frozen=True)
class NotKnown:
    """Stands where a value is to come; `text` is the expression that decides it.

    `source` says which attribute of which resource will be the value; it is empty where anything else decides, and two
    values of one source are the same.
    """

    text: str
    source: str = ""


class NotKnownError(Exception):
    """A judgement needs a value that is not known; the text is the expression that decides it."""


class PartlyKnownMapping(dict[str, Any]):
    """A mapping that raises `NotKnownError` where a value is read that is not known."""

    def __getitem__(self, key: str) -> Any:
        return _known(super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        return _known(super().get(key, default))

    def items(self) -> ItemsView[str, Any]:
        return {key: _known(value) for key, value in super().items()}.items()

    def values(self) -> ValuesView[Any]:
        return {key: _known(value) for key, value in super().items()}.values()


class PartlyKnownList(list[Any]):
    """A list that raises `NotKnownError` where a member is read that is not known."""

    def __iter__(self) -> Iterator[Any]:
        return map(_known, super().__iter__())

    def __getitem__(self, index: Any) -> Any:
        return _known(super().__getitem__(index))


def peek(mapping: Any, key: str) -> Any:
    """What stands at a key of a mapping, `NotKnown` where it is not known."""
    return dict.get(mapping, key) if isinstance(mapping, dict) else mapping.get(key)


def peek_members(value: list[Any]) -> list[Any]:
    """The members of a list, `NotKnown` among them where they are not known."""
    return list.copy(value)


def unless_unknown(judge: Callable[[], Verdict], *attributes: str) -> Verdict:
    """The verdict of a judgement, unresolved when it needs what is not known."""
    try:
        return judge()
    except NotKnownError as error:
        return unresolved(f"the value of {error} is not known", *attributes)


def _known(value: Any) -> Any:
    if isinstance(value, NotKnown):
        raise NotKnownError(value.text)
    return value
