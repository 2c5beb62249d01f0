"""One resource or data source as controls read it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from checkov_aiml.terraform_view import azapi, provider_defaults
from checkov_aiml.terraform_view.state import UNSET, State, Unresolved, Unset, Value, all_targets, unresolved

if TYPE_CHECKING:
    from checkov_aiml.terraform_view.estate import Estate


class Body(Protocol):
    """What a resource configures: the value of an attribute, or a list of block bodies, by name."""

    def get(self, name: str) -> Value: ...


@dataclass(frozen=True, slots=True)
class Attribute:
    """What stands at one place of a resource.

    `path` is the place with the indices of repeated blocks, as Checkov's `evaluated_keys` show it; `default` is what
    the provider takes when the attribute is absent, None where it takes nothing or its table does not say.
    """

    path: str
    value: Value
    default: Any = None

    @property
    def state(self) -> State:
        return self.value.state

    @property
    def known(self) -> Any:
        return self.value.known

    @property
    def targets(self) -> tuple[Resource, ...]:
        """The resources and data sources that the attribute names."""
        return all_targets(self.value)

    @property
    def is_set(self) -> bool:
        """Whether there certainly is a value, known or to come."""
        return not isinstance(self.state, (Unset, Unresolved))

    def of(self, resource: Resource) -> Attribute:
        """The same attribute, its path told with the resource that it stands in, for a verdict on another resource."""
        return Attribute(f"{resource.address}.{self.path}", self.value, self.default)

    def items(self) -> list[Attribute]:
        """The members of a list, or the attribute itself when it is one value; none when it is unset."""
        if isinstance(self.known, list):
            return [Attribute(f"{self.path}[{i}]", item) for i, item in enumerate(self.known)]
        return [] if isinstance(self.state, Unset) else [self]


_BASE_NAME = re.compile(r"^(?P<name>[^\[]+)(?:\[(?P<index>.+)\])?$")


def split_index(name: str) -> tuple[str, str | int | None]:
    """A block name and its instance key: `n["a"]` is ("n", "a"), `n[0]` is ("n", 0), `n` is ("n", None)."""
    match = _BASE_NAME.match(name)
    if not match or match["index"] is None:
        return name, None
    index = match["index"]
    return match["name"], int(index) if index.isdigit() else index.strip('"')


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource (`mode` is `managed`) or data source (`data`) of an estate.

    `terraform_type` is the type of its block, `type` the ARM type of an azapi resource; `root` is the root module it
    belongs to: a folder of HCL, or a plan file. Resources are compared by identity.
    """

    mode: str
    terraform_type: str
    name: str
    index: str | int | None
    address: str
    root: str
    estate: Estate = field(repr=False)
    body: Body = field(repr=False)

    @property
    def is_planned(self) -> bool:
        """Whether Terraform makes the instance: not with a `count` of zero, its own or its module's."""
        return getattr(self.body, "is_planned", True)

    @cached_property
    def type(self) -> str:
        """The Terraform type, or for azapi resources the ARM type without version, as it is written."""
        if self.terraform_type in azapi.TYPES:
            arm_type = self.body.get("type").known
            return str(arm_type).partition("@")[0] if isinstance(arm_type, str) else self.terraform_type
        return self.terraform_type

    def attribute(self, path: str) -> Attribute:
        """What stands at a path; unset when an enclosing block is absent, the first when a block is repeated."""
        return next(self.attributes(path), Attribute(path, UNSET))

    def attributes(self, path: str, implied: Collection[str] = ()) -> Iterator[Attribute]:
        """What stands at a path in every repetition of the enclosing blocks; nothing where one of them is absent.

        An absent block among those `implied` counts as present and empty. An enclosing block of which nobody can tell
        whether it is there gives an unresolved attribute at its own place.
        """
        default = provider_defaults.default_of(self.type, path)
        for place, value in _walk(self._view, path, implied, self.type):
            # An update leaves alone what it does not name, so nothing is absent there.
            if self.terraform_type == "azapi_update_resource" and isinstance(value.state, Unset):
                continue
            yield Attribute(place, value, default)

    @cached_property
    def _view(self) -> Body:
        return azapi.ArmBody(self.body) if self.terraform_type in azapi.TYPES else self.body

    def blocks(self, path: str) -> Iterator[tuple[str, Value]]:
        """Every block at a path with its place; one of which nobody can tell whether it is there is unresolved."""
        for attribute in self.attributes(path):
            yield from _members(attribute.path, attribute.value)

    def value(self, path: str) -> Value:
        """The value at a path, as `attribute` finds it."""
        return self.attribute(path).value

    def text(self, path: str) -> str | None:
        """The known string at a path, else None."""
        content = self.value(path).known
        return content if isinstance(content, str) else None

    @cached_property
    def references(self) -> tuple[Resource, ...]:
        """The resources and data sources that this one names anywhere, through variables, locals and outputs too."""
        return self.estate.references_of(self)

    @cached_property
    def referrers(self) -> tuple[Resource, ...]:
        """The resources and data sources that name this one."""
        return self.estate.referrers_of(self)

    def __str__(self) -> str:
        return self.address


def _walk(body: Body, path: str, implied: Collection[str], kind: str) -> Iterator[tuple[str, Value]]:
    """The places and values at a path below a body, depth first."""
    *blocks, name = path.split(".")
    found: list[tuple[str, Body]] = [("", body)]
    for depth, block in enumerate(blocks, start=1):
        inner: list[tuple[str, Body]] = []
        for prefix, outer in found:
            place = f"{prefix}{block}"
            value = outer.get(block) or UNSET
            enclosing = ".".join(blocks[:depth])
            absent = isinstance(value.state, Unset)
            if absent and _hides(outer, block) and not provider_defaults.fills_in(kind, enclosing):
                yield place, unresolved("known after apply")
                continue
            if absent or value.known == []:
                if enclosing in implied:
                    inner.append((f"{place}.", {}))
                continue
            members = list(_members(place, value))
            inner.extend((f"{here}.", member.known) for here, member in members if hasattr(member.known, "get"))
            for here, member in members:
                if not hasattr(member.known, "get"):
                    yield here, unresolved(getattr(member.state, "text", "a value where a block belongs"), member)
        found = inner
    for prefix, outer in found:
        yield f"{prefix}{name}", outer.get(name) or UNSET


def _hides(body: Body, name: str) -> bool:
    """Whether a plan says that a block is to come and not which."""
    return hasattr(body, "hides") and body.hides(name)


def _members(place: str, value: Value) -> Iterator[tuple[str, Value]]:
    """The blocks that a value holds, each with its place; lists in lists are Checkov's and the providers' habit."""
    content = value.known
    if not isinstance(content, list):
        if not isinstance(value.state, Unset):
            yield place, value
        return
    for index, member in enumerate(content):
        yield from _members(place if len(content) == 1 else f"{place}[{index}]", member)
