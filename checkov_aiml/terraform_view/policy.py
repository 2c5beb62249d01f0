"""Policy documents in each form in which Terraform carries them: JSON text, `jsonencode`, a data source of statements.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checkov_aiml.terraform_view.resources import Attribute, Resource
from checkov_aiml.terraform_view.state import (
    UNSET,
    Known,
    Reference,
    State,
    Unresolved,
    Unset,
    Value,
    from_plain,
    known,
    unresolved,
)
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


class Member(str):
    """One text of a statement: an action, a resource, a principal, a condition's value.

    Where it is not known it is the text of its expression: `${aws_s3_bucket.b.arn}/*`, `var.actions`. `targets` are the
    resources and data sources that the expression names.
    """

    state: State
    targets: tuple[Resource, ...]

    def __new__(cls, text: str, state: State | None = None, targets: tuple[Resource, ...] = ()) -> Member:
        member = super().__new__(cls, text)
        member.state, member.targets = state or Known(text), targets
        return member

    @property
    def is_known(self) -> bool:
        """Whether the text is the value itself."""
        return isinstance(self.state, (Known, Unset))

    @property
    def is_unresolved(self) -> bool:
        """Whether nobody can tell what it says, so that it may be anything, or several; unlike a resource's name."""
        return isinstance(self.state, Unresolved)


class Principal(Member):
    """A principal; `kind` is `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`, empty where it is not known."""

    kind: str = ""

    @classmethod
    def of_kind(cls, kind: str, member: Member) -> Principal:
        principal = cls(member, member.state, member.targets)
        principal.kind = kind
        return principal  # type: ignore[return-value]


@dataclass(frozen=True)
class Condition:
    """One condition: `operator` such as `StringEquals`, `key` in lower case, and its values.

    A condition of which nobody can tell what it says has neither operator nor key.
    """

    operator: str
    key: str
    values: tuple[Member, ...]

    @property
    def is_known(self) -> bool:
        """Whether it is known what the condition compares; a value may still be unresolved."""
        return bool(self.operator and self.key)

    @property
    def is_negative(self) -> bool:
        """Whether the operator excludes its values, or asks only whether there is one: it names nothing."""
        return "not" in self.operator.casefold() or self.operator.casefold() == "null"

    @property
    def names_the_caller(self) -> bool:
        """Whether it limits a statement to accounts, organisations or principals that it names."""
        return self.key in _NAMES_THE_CALLER and not self.is_negative and "*" not in self.values


@dataclass(frozen=True)
class Statement:
    """One statement. A member whose value is not known stands as the text of its expression, marked as such.

    `principals` are those of all kinds, `*` among them where it admits everyone, or everyone but `not_principals`;
    `is_known` is false for a statement of which nobody can tell what it says, to whom, or under which condition.
    What is not known inside the other lists, their members say.
    """

    place: str
    allows: bool = False
    principals: tuple[Principal, ...] = ()
    actions: tuple[Member, ...] = ()
    resources: tuple[Member, ...] = ()
    conditions: tuple[Condition, ...] = ()
    is_known: bool = True
    sid: str = ""
    not_principals: tuple[Principal, ...] = ()
    not_actions: tuple[Member, ...] = ()
    not_resources: tuple[Member, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it admits everyone: no principal is named, and no condition says who calls, or may say it."""
        limited = any(condition.names_the_caller or not condition.is_known for condition in self.conditions)
        return self.allows and "*" in self.principals and not limited

    @property
    def name(self) -> str:
        """How a message tells which statement is meant: by its place, and its Sid where it has one."""
        return f'{self.place} ("{self.sid}")' if self.sid else self.place

    def unresolved_in(self, *fields: str) -> list[str]:
        """The expressions, in fields such as `actions` and `resources`, of which nobody can tell what they come to."""
        return [str(member) for name in fields for member in getattr(self, name) if member.is_unresolved]


def statements(attribute: Attribute) -> list[Statement] | None:
    """The statements of the policy that an attribute holds; none where it is unset, None where it is not known.

    Raises `MalformedError` with the place and what to do when the text is no policy.
    """
    return _statements(attribute, ())


def _statements(attribute: Attribute, seen: tuple[Resource, ...]) -> list[Statement] | None:
    state = attribute.state
    if isinstance(state, Unset):
        return []
    if isinstance(state, Known):
        return list(_in_document(_document(attribute), attribute.path))
    sources = [target for target in attribute.targets if target.type == "aws_iam_policy_document"]
    if isinstance(state, Reference) and len(sources) == 1 and not _is_template(state.text):
        return _in_data_source(sources[0], ())
    if isinstance(state, Reference) and _is_template(state.text):
        return list(_in_document(_document(attribute), attribute.path))
    return _in_named_resource(attribute, seen) if isinstance(state, Reference) else None


def _in_named_resource(attribute: Attribute, seen: tuple[Resource, ...]) -> list[Statement] | None:
    """The statements of another resource's policy, as `aws_iam_policy.base.policy` names it."""
    name = str(getattr(attribute.state, "text", "")).rpartition(".")[2]
    if len(attribute.targets) != 1 or attribute.targets[0] in seen or not name.endswith("policy"):
        return None
    (other,) = attribute.targets
    named = other.attribute(name)
    return None if isinstance(named.state, Unset) else _statements(named.of(other), (*seen, other))


_POLICY_VARIABLE = re.compile(r"[\w-]+:[\w/@.-]+(?:\s*,\s*'[^']*')?|[*?$]")
"""What stands in braces for the service itself, such as `${aws:username}`: no expression of Terraform."""


def _is_template(text: str) -> bool:
    return "${" in text and text.lstrip().startswith(("{", "["))


def _document(attribute: Attribute) -> Value:
    content, holes = attribute.known, list[str]()
    if isinstance(attribute.state, Reference):
        content, holes = _with_marks(attribute.state.text)
    if not isinstance(content, str):
        return attribute.value
    try:
        document = json.loads(content)
    except ValueError as error:
        place = f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its start"
        raise MalformedError(f"{attribute.path} is no JSON from {place} on; correct the policy text") from None
    except RecursionError:
        raise MalformedError(f"{attribute.path} is nested too deeply; correct the policy text") from None
    return _without_marks(document, holes, attribute.targets) if holes else from_plain(document)


_MARK = "\u27e6{}\u27e7"
_MARKED = re.compile("\u27e6(\\d+)\u27e7")


def _with_marks(text: str) -> tuple[str, list[str]]:
    """JSON text with a mark in place of each `${expression}`, which outside of strings is a string of its own."""
    pieces, holes, position, quoted = list[str](), list[str](), 0, False
    while (start := text.find("${", position)) >= 0:
        end, depth = start + 2, 1
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        literal, expression = text[position:start], text[start + 2 : end - 1]
        quoted ^= len(re.findall(r'(?<!\\)(?:\\\\)*"', literal)) % 2 == 1
        if _POLICY_VARIABLE.fullmatch(expression):
            pieces += [literal, text[start:end]]
        else:
            mark = _MARK.format(len(holes))
            pieces += [literal, mark if quoted else f'"{mark}"']
            holes.append(expression)
        position = end
    return "".join([*pieces, text[position:]]), holes


def _without_marks(content: Any, holes: list[str], targets: tuple[Resource, ...]) -> Value:
    if isinstance(content, dict):
        return known({_filled(str(key), holes): _without_marks(item, holes, targets) for key, item in content.items()})
    if isinstance(content, list):
        return known([_without_marks(item, holes, targets) for item in content])
    if not isinstance(content, str) or not _MARKED.search(content):
        return from_plain(content)
    named = tuple(t for t in targets if any(_names(holes[int(number)], t) for number in _MARKED.findall(content)))
    whole = _MARKED.fullmatch(content)
    if whole and not named:
        return unresolved(holes[int(whole[1])])
    return Value(Reference(holes[int(whole[1])] if whole else _filled(content, holes)), named)


def _filled(text: str, holes: list[str]) -> str:
    return _MARKED.sub(lambda mark: f"${{{holes[int(mark[1])]}}}", text)


def _names(expression: str, target: Resource) -> bool:
    return f"{target.terraform_type}.{target.name}" in expression


def _in_document(document: Value, path: str) -> Iterator[Statement]:
    if not hasattr(document.known, "get"):
        raise MalformedError(f"{path} is no policy document; give an object with statements")
    found = _field(document.known, "Statement") or known([])
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
    effect, principal = _field(body, "Effect"), _field(body, "Principal")
    conditions = tuple(_conditions(_field(body, "Condition"), place))
    not_principals = tuple(_principals(_field(body, "NotPrincipal"), place))
    allows = _allows(effect, place)
    return Statement(
        place,
        allows,
        (_EVERYONE,) if allows and not_principals else tuple(_principals(principal, place)),
        tuple(_texts(_field(body, "Action"), place)),
        tuple(_texts(_field(body, "Resource"), place)),
        conditions,
        is_known=not (_is_undecided(principal) or _is_undecided(effect)) and all(c.is_known for c in conditions),
        sid=_text(_field(body, "Sid"), place) or "",
        not_principals=not_principals,
        not_actions=tuple(_texts(_field(body, "NotAction"), place)),
        not_resources=tuple(_texts(_field(body, "NotResource"), place)),
    )


def _allows(effect: Value | None, place: str) -> bool:
    """Whether an effect is that of a permission; false also where it is not known."""
    if effect is not None and not isinstance(effect.state, (Known, Unset)):
        return False
    text = _text(effect, place)
    if text is None or text.casefold() not in ("allow", "deny"):
        raise MalformedError(f'{place} has no Effect "Allow" or "Deny"; correct the statement')
    return text.casefold() == "allow"


def _field(body: Any, name: str) -> Value | None:
    """An element of a document, in whichever letter case: nothing may be overlooked because of that."""
    exact = body.get(name)
    if exact is not None and not isinstance(exact.state, Unset):
        return exact
    return next((body.get(each) for each in _names_in(body) if each.casefold() == name.casefold()), None)


def _names_in(body: Any) -> Iterable[str]:
    return body.names() if hasattr(body, "names") else body


def _in_data_source(document: Resource, seen: tuple[Resource, ...]) -> list[Statement]:
    """Source documents come first; own statements, and then overriding documents, replace those of the same Sid.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
    """
    inner = (*seen, document)
    found = [s for path in ("source_json", "source_policy_documents") for s in _merged(document, path, inner)]
    found = _replacing(found, [_own_statement(document, place, block) for place, block in document.blocks("statement")])
    for path in ("override_json", "override_policy_documents"):
        found = _replacing(found, list(_merged(document, path, inner)))
    return found


def _replacing(found: list[Statement], later: list[Statement]) -> list[Statement]:
    for statement in later:
        same = [i for i, earlier in enumerate(found) if statement.sid and earlier.sid == statement.sid]
        found = [s for i, s in enumerate(found) if i not in same[1:]]
        if same:
            found[same[0]] = statement
        else:
            found.append(statement)
    return found


def _own_statement(document: Resource, block_place: str, block: Value) -> Statement:
    place, body = f"{document.address}.{block_place}", block.known
    if not hasattr(body, "get"):
        return Statement(place, is_known=False)
    effect, not_principals = body.get("effect"), tuple(_block_principals(body, "not_principals", place))
    allows = _allows(known("Allow") if effect is None or isinstance(effect.state, Unset) else effect, place)
    conditions = tuple(_block_conditions(body, place))
    undecided = _is_undecided(body.get("principals")) or _is_undecided(effect)
    return Statement(
        place,
        allows,
        (_EVERYONE,) if allows and not_principals else tuple(_block_principals(body, "principals", place)),
        tuple(_texts(body.get("actions"), place)),
        tuple(_texts(body.get("resources"), place)),
        conditions,
        is_known=not undecided and all(condition.is_known for condition in conditions),
        sid=_text(body.get("sid"), place) or "",
        not_principals=not_principals,
        not_actions=tuple(_texts(body.get("not_actions"), place)),
        not_resources=tuple(_texts(body.get("not_resources"), place)),
    )


def _block_principals(body: Any, name: str, place: str) -> Iterator[Principal]:
    for block in _blocks(body, name):
        for identifier in _texts(block.get("identifiers"), place):
            yield Principal.of_kind(_text(block.get("type"), place) or "", identifier)


def _block_conditions(body: Any, place: str) -> Iterator[Condition]:
    found = body.get("condition") or UNSET
    for block in found.known if isinstance(found.known, list) else [found]:
        content = block.known
        if hasattr(content, "get"):
            test, variable = (_text(_decided(content.get(name)), place) or "" for name in ("test", "variable"))
            yield Condition(test, variable.lower(), tuple(_texts(content.get("values"), place)))
        elif not isinstance(block.state, Unset):
            yield Condition("", "", ())


def _decided(value: Value | None) -> Value | None:
    return None if _is_undecided(value) else value


def _merged(document: Resource, path: str, seen: tuple[Resource, ...]) -> Iterator[Statement]:
    """The statements of the documents that another one takes in; a plan says which ones, not which of them is where."""
    attribute = document.attribute(path)
    unknown = []
    for item in attribute.items():
        if isinstance(item.state, Known) or (isinstance(item.state, Reference) and _is_template(item.state.text)):
            yield from _in_document(_document(item), f"{document.address}.{item.path}")
        elif not isinstance(item.state, Unset):
            unknown.append(item)
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
        return any(_is_undecided(content.get(name)) for name in _names_in(content))
    return isinstance(content, list) and any(map(_is_undecided, content))


def _blocks(body: Any, name: str) -> list[Any]:
    found = (body.get(name) or UNSET).known
    return [one.known for one in found if hasattr(one.known, "get")] if isinstance(found, list) else []


def _principals(value: Value | None, place: str) -> Iterator[Principal]:
    content = value.known if value is not None else None
    if hasattr(content, "get"):
        for kind in _names_in(content):
            yield from (Principal.of_kind(kind, member) for member in _texts(content.get(kind), place))
    else:
        yield from (Principal.of_kind("*" if member == "*" else "", member) for member in _texts(value, place))


_EVERYONE = Principal.of_kind("*", Member("*"))


def _conditions(value: Value | None, place: str) -> Iterator[Condition]:
    content = value.known if value is not None else None
    if hasattr(content, "get"):
        for operator in _names_in(content):
            compared = content.get(operator)
            if hasattr(compared.known, "get"):
                for key in _names_in(compared.known):
                    yield Condition(operator, key.lower(), tuple(_texts(compared.known.get(key), place)))
            elif not isinstance(compared.state, (Known, Unset)):
                yield Condition("", "", ())
            elif isinstance(compared.state, Known):
                raise MalformedError(f"{place}.Condition.{operator} is no object; give condition keys and their values")
    elif value is not None and not isinstance(value.state, Unset):
        yield Condition("", "", ())


def _texts(value: Value | None, place: str) -> Iterator[Member]:
    content: Any = value.known if value is not None else None
    for item in content if isinstance(content, list) else [value]:
        text = _text(item, place)
        if text is not None and item is not None:
            yield Member(text, item.state, item.targets)


def _text(value: Value | None, place: str) -> str | None:
    """The known text of a value, booleans and numbers as JSON writes them, else that of its expression."""
    if value is None or isinstance(value.state, Unset):
        return None
    if not isinstance(value.state, Known):
        return value.state.text
    content = value.known
    if not isinstance(content, (str, int, float)):
        raise MalformedError(f"{place} has an object or a list in the place of a text; correct the statement")
    return str(content).lower() if isinstance(content, bool) else str(content)
