"""Values as controls see them: the four states of an attribute, and the resources that an expression names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from checkov_aiml.terraform_view.resources import Resource


@dataclass(frozen=True, slots=True)
class Known:
    """The value is known: a string, number or boolean; a list of `Value`; a mapping or block body of `Value`."""

    value: Any


@dataclass(frozen=True, slots=True)
class Reference:
    """Set, with the value to come from what the text names."""

    text: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Nobody can tell yet whether there is a value: a variable without one, an expression that nobody evaluated.

    `fails` says that Terraform itself stops here, as at an index out of range; `try` and `can` then look further.
    """

    text: str
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Unset:
    """Absent, null or an empty string; `text` is the empty string, and None where there is none."""

    text: str | None = None


State: TypeAlias = "Known | Reference | Unresolved | Unset"

AFTER_APPLY = Reference("known after apply")


@dataclass(frozen=True, slots=True)
class Value:
    """A state, and the resources and data sources that the expression names whether or not its value is known."""

    state: State
    targets: tuple[Resource, ...] = ()

    @property
    def known(self) -> Any:
        """The value of a known state, else None."""
        return self.state.value if isinstance(self.state, Known) else None

    def naming(self, *others: Value) -> Value:
        """The same value, naming also what the others name."""
        return Value(self.state, merged_targets((self, *others)))


UNSET = Value(Unset())
EMPTY = Value(Unset(""))


def known(value: Any, targets: Iterable[Resource] = ()) -> Value:
    return Value(Known(value), tuple(targets))


def unresolved(text: str, *parts: Value) -> Value:
    return Value(Unresolved(text), merged_targets(parts))


def failing(text: str, *parts: Value) -> Value:
    """What an expression comes to at which Terraform stops."""
    return Value(Unresolved(text, fails=True), merged_targets(parts))


def merged_targets(values: Iterable[Value]) -> tuple[Resource, ...]:
    """What several values name, collections looked into, each once."""
    return tuple(dict.fromkeys(target for value in values for target in all_targets(value)))


def all_targets(value: Value) -> tuple[Resource, ...]:
    """What a value names, collections and blocks looked into."""
    content = value.known
    if hasattr(content, "targets"):
        return tuple(dict.fromkeys((*value.targets, *content.targets())))
    if isinstance(content, dict):
        return tuple(dict.fromkeys((*value.targets, *merged_targets(content.values()))))
    if isinstance(content, list):
        return tuple(dict.fromkeys((*value.targets, *merged_targets(content))))
    return value.targets


def from_plain(content: Any) -> Value:
    """The value of plain data such as decoded JSON: null and empty strings are unset."""
    if content is None:
        return UNSET
    if content == "":
        return EMPTY
    if isinstance(content, dict):
        return known({str(key): from_plain(item) for key, item in content.items()})
    if isinstance(content, (list, tuple)):
        return known([from_plain(item) for item in content])
    return known(content)


def strings(value: Value) -> Iterator[str]:
    """Every known string in a value, collections and block bodies looked into."""
    content = value.known
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for item in content:
            yield from strings(item)
    elif hasattr(content, "get"):
        for name in content.names() if hasattr(content, "names") else content:
            yield from strings(content.get(name))


def plain(value: Value) -> Any:
    """The plain data of a value, collections looked into. Raises ValueError when anything in it is not known."""
    state = value.state
    if isinstance(state, Unset):
        return state.text
    if not isinstance(state, Known):
        raise ValueError(f"not known: {state.text}")
    if isinstance(state.value, dict):
        return {key: plain(item) for key, item in state.value.items()}
    if isinstance(state.value, list):
        return [plain(item) for item in state.value]
    return state.value
