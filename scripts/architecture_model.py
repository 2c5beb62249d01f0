"""Reads the C4 model of docs/architecture/workspace.dsl, and writes its views as Mermaid.

`python scripts/architecture_model.py` writes docs/architecture/README.md from the model. The reader takes the part of
the Structurizr DSL that the model uses, and refuses everything else with the number of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ARCHITECTURE = Path(__file__).resolve().parents[1] / "docs" / "architecture"
WORKSPACE = ARCHITECTURE / "workspace.dsl"
PAGE = ARCHITECTURE / "README.md"

_NOTE = "<!-- Written by `python scripts/architecture_model.py` from workspace.dsl. -->"
_ABOUT = """\
The [C4 model](https://c4model.com) of checkov-aiml: who uses it, what it is made of, and what each part holds. Its
source is [workspace.dsl](workspace.dsl), in the Structurizr DSL. A test holds it against the code: every module belongs
to a component, and there is an arrow for each import and an import for each arrow."""
_KINDS = {"person": "Person", "softwareSystem": "System", "container": "Container", "component": "Component"}


class DslError(Exception):
    """The model cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Element:
    """A person, software system, container or component."""

    identifier: str
    kind: str
    name: str
    description: str
    technology: str = ""
    parent: str | None = None
    properties: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """What kind of element it is, with its technology."""
        return f"{_KINDS[self.kind]}: {self.technology}" if self.technology else _KINDS[self.kind]


@dataclass(frozen=True)
class Relationship:
    """An arrow, from identifier to identifier."""

    source: str
    target: str
    description: str


@dataclass(frozen=True)
class View:
    """A diagram as it is drawn: what stands inside its scope, what outside, and the arrows between them."""

    key: str
    title: str
    scope: Element
    inside: tuple[Element, ...]
    outside: tuple[Element, ...]
    relationships: tuple[Relationship, ...]

    @property
    def elements(self) -> tuple[Element, ...]:
        return self.inside + self.outside


@dataclass(frozen=True)
class Model:
    """What the DSL says, in its order."""

    elements: dict[str, Element]
    relationships: tuple[Relationship, ...]
    views: tuple[View, ...]


_VALUE = r'"([^"]*)"'
_STATEMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "": ((rf"workspace {_VALUE} {_VALUE} {{", "workspace"),),
    "workspace": ((r"model {", "model"), (r"views {", "views")),
    "model": (
        (rf"(\w+) = (person) {_VALUE} {_VALUE}()", "softwareSystem"),
        (rf"(\w+) = (softwareSystem) {_VALUE} {_VALUE}( {{)?", "softwareSystem"),
        (rf"(\w+) -> (\w+) {_VALUE}", "->"),
    ),
    "softwareSystem": (
        (rf"(\w+) = (container) {_VALUE} {_VALUE} {_VALUE}( {{)?", "container"),
        (r"properties {", "properties"),
    ),
    "container": (
        (rf"(\w+) = (component) {_VALUE} {_VALUE} {_VALUE}( {{)?", "component"),
        (r"properties {", "properties"),
    ),
    "component": ((r"properties {", "properties"),),
    "properties": ((rf"{_VALUE} {_VALUE}", "property"),),
    "views": ((rf"(systemContext|container|component) (\w+) {_VALUE} {_VALUE} {{", "view"),),
    "view": ((r"include \*", "include"), (r"autoLayout", "layout")),
}
"""Block to the statements that it takes: their form, and the block that they open or what they say."""


def read(text: str) -> Model:
    """The model that a text in the DSL describes. Raises `DslError` at the first line that is not understood."""
    elements: dict[str, Element] = {}
    relationships: list[Relationship] = []
    views: list[tuple[str, str, str, str]] = []
    blocks: list[tuple[str, str | None]] = [("", None)]
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("//"):
            continue
        block, owner = blocks[-1]
        if line == "}" and len(blocks) > 1:
            blocks.pop()
            continue
        statement, groups = _statement(block, line, number)
        match statement:
            case "softwareSystem" | "container" | "component":
                identifier, kind, name, description, *technology = groups[:-1]
                if identifier in elements:
                    raise DslError(f"line {number}: {identifier} stands twice")
                elements[identifier] = Element(identifier, kind, name, description, "".join(technology), owner)
                if groups[-1]:
                    blocks.append((statement, identifier))
            case "->":
                relationships.append(Relationship(*groups))
            case "property":
                assert owner
                elements[owner].properties[groups[0]] = groups[1]
            case "view":
                views.append(groups)
                blocks.append((statement, None))
            case "workspace" | "model" | "views":
                blocks.append((statement, None))
            case "properties":
                blocks.append((statement, owner))
    if len(blocks) > 1:
        raise DslError(f"the end: {blocks[-1][0]} is not closed")
    unknown = {end for arrow in relationships for end in (arrow.source, arrow.target)} - elements.keys()
    unknown |= {scope for _, scope, _, _ in views} - elements.keys()
    if unknown:
        raise DslError(f"no such element: {', '.join(sorted(unknown))}")
    return Model(elements, tuple(relationships), tuple(_view(elements, relationships, *view) for view in views))


def _statement(block: str, line: str, number: int) -> tuple[str, tuple[str, ...]]:
    for form, statement in _STATEMENTS[block]:
        match = re.fullmatch(form, line)
        if match:
            return statement, match.groups(default="")
    raise DslError(f"line {number}: not understood in {block or 'the file'}: {line}")


_SCOPES = {"systemContext": "softwareSystem", "container": "softwareSystem", "component": "container"}


def _view(
    elements: Mapping[str, Element], relationships: list[Relationship], kind: str, scope: str, key: str, title: str
) -> View:
    if elements[scope].kind != _SCOPES[kind]:
        raise DslError(f"view {key}: a {kind} view of a {elements[scope].kind}")
    # A context view shows the system as one box.
    children = [one.identifier for one in elements.values() if one.parent == scope]
    inside = [scope] if kind == "systemContext" else children
    surroundings = {ancestor.parent for ancestor in _ancestry(elements, scope)}
    arrows: dict[tuple[str, str], list[str]] = {}
    for relationship in relationships:
        ends = [_shown(elements, end, inside, surroundings) for end in (relationship.source, relationship.target)]
        if None in ends or ends[0] == ends[1]:
            continue
        said = arrows.setdefault((str(ends[0]), str(ends[1])), [])
        if ends == [relationship.source, relationship.target]:
            said.insert(0, relationship.description)  # What is said of these two themselves goes before their parts'.
        else:
            said.append(relationship.description)
    related = {end for pair in arrows if set(pair) & set(inside) for end in pair} | set(inside)
    for pair in list(arrows):
        # Between two neighbours of a container, arrows would only hide its components.
        if not set(pair) <= related or (kind == "component" and not set(pair) & set(inside)):
            del arrows[pair]
    outside = [one for one in elements if one in related and one not in inside]
    order = list(elements)
    drawn = sorted(arrows.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1])))
    return View(
        key,
        title,
        elements[scope],
        tuple(elements[one] for one in inside),
        tuple(elements[one] for one in outside),
        tuple(Relationship(source, target, said[0]) for (source, target), said in drawn),
    )


def _ancestry(elements: Mapping[str, Element], identifier: str | None) -> Iterator[Element]:
    while identifier:
        yield elements[identifier]
        identifier = elements[identifier].parent


def _shown(elements: Mapping[str, Element], end: str, inside: list[str], surroundings: set[str | None]) -> str | None:
    """The box of a view that stands for an element: itself or what it is part of."""
    for one in _ancestry(elements, end):
        if one.identifier in inside:
            return one.identifier
        if one.parent in surroundings:
            holds_the_scope = any(one in _ancestry(elements, elements[other].parent) for other in inside)
            return None if holds_the_scope else one.identifier
    return None


def mermaid(view: View) -> str:
    """A view as a Mermaid flowchart."""
    lines = ["flowchart TB"]
    grouped = view.inside != (view.scope,)
    if grouped:
        lines.append(f'  subgraph {view.scope.identifier} ["{view.scope.name}"]')
    lines += [f"  {'  ' * grouped}{_node(one)}" for one in view.inside]
    if grouped:
        lines.append("  end")
    lines += [f"  {_node(one)}" for one in view.outside]
    lines += [f'  {one.source} -->|"{one.description}"| {one.target}' for one in view.relationships]
    return "\n".join(lines)


def _node(element: Element) -> str:
    text = f"<b>{element.name}</b><br>[{element.label}]<br>{element.description}".replace("`", "")
    return f'{element.identifier}(["{text}"])' if element.kind == "person" else f'{element.identifier}["{text}"]'


def page(model: Model) -> str:
    """The page of all views: a diagram and, for those who read no diagram, a table of its arrows."""
    parts = [_NOTE, "# Architecture", _ABOUT]
    for view in model.views:
        parts += [f"## {view.title}", f"```mermaid\n{mermaid(view)}\n```"]
        modules = [(one, one.properties.get("code") or one.properties.get("data", "")) for one in view.inside]
        if any(code for _, code in modules):
            rows = (f"| {one.name} | {_modules(code)} | {one.description} |" for one, code in modules)
            parts.append("\n".join(["| Component | Code | What it does |", "| --- | --- | --- |", *rows]))
        names = {one.identifier: one.name for one in view.elements}
        rows = (f"| {names[one.source]} | {one.description} | {names[one.target]} |" for one in view.relationships)
        parts.append("\n".join(["| From | | To |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def _modules(code: str) -> str:
    return ", ".join(f"`checkov_aiml.{name}`" for name in code.split())


def load() -> Model:
    """The model of the repository. Raises `DslError` when it cannot be read."""
    return read(WORKSPACE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(load()), encoding="utf-8")
