"""The C4 model says what the code is: its components are modules, and its arrows are imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "checkov_aiml"

sys.path.insert(0, str(REPOSITORY / "scripts"))
import architecture_model  # noqa: E402
from architecture_model import DslError, Element, Relationship  # noqa: E402

MODEL = architecture_model.load()


def _modules() -> dict[str, Path]:
    """Name inside the package to file; a package is named by its folder."""
    files = {path.relative_to(PACKAGE).with_suffix(""): path for path in PACKAGE.rglob("*.py")}
    named = {".".join(path.parts).removesuffix("__init__").rstrip("."): file for path, file in files.items()}
    return {name: file for name, file in named.items() if name}


MODULES = _modules()
CODED = {one.identifier: one.properties["code"].split() for one in MODEL.elements.values() if "code" in one.properties}


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker looks at."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from _executed(node)


@lru_cache
def _imports(module: str) -> frozenset[str]:
    """Modules that a module imports anywhere in it: our own by their name inside the package, others by their first."""
    found: set[str] = set()
    for node in _executed(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{module}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(filter(None, map(_known, found)))


def _known(name: str) -> str:
    first, _, inside = name.partition(".")
    if first != "checkov_aiml":
        return first
    while inside and inside not in MODULES:
        inside = inside.rpartition(".")[0]
    return inside


@lru_cache
def _component(module: str) -> str | None:
    """The component that a module belongs to: the one that names it, or else the nearest package above it.

    `pii.__init__` names the file of that package alone.
    """
    name = f"{module}.__init__"
    while name:
        for identifier, names in CODED.items():
            if name in names:
                return identifier
        name = name.rpartition(".")[0]
    return None


def _within(module: str, name: str) -> bool:
    return f"{module}.__init__" == name or f"{module}.".startswith(f"{name}.")


def _parts(element: Element) -> set[str]:
    """The components that an element stands for."""
    held = {one.identifier for one in MODEL.elements.values() if one.parent == element.identifier}
    return {one for one in {element.identifier, *held} if one in CODED}


def _code_of(components: set[str]) -> set[str]:
    return {module for module in MODULES if _component(module) in components}


def _reaches(source: Element, target: Element) -> bool | None:
    """Whether the code of one uses the other; None where there is no code to ask."""
    modules = _code_of(_parts(source))
    if not modules:
        return None
    used = {name for module in modules for name in _imports(module)}
    if "imports" in target.properties:
        return target.properties["imports"] in used
    if "data" in target.properties:
        files = [path.name for path in (PACKAGE / target.properties["data"]).iterdir()]
        return any(f'"{name}"' in MODULES[module].read_text(encoding="utf-8") for name in files for module in modules)
    if not _parts(target):
        return None
    return not used.isdisjoint(_code_of(_parts(target)) - modules)


def _said(source: Element, target: Element) -> bool:
    """Whether there is an arrow from one to the other, or to the container that holds the other."""
    ends = {target.identifier} | ({target.parent} if source.parent != target.parent else set())
    return any(one.source == source.identifier and one.target in ends for one in MODEL.relationships)


def _containers() -> list[Element]:
    return [one for one in MODEL.elements.values() if one.kind == "container"]


def _components() -> list[Element]:
    return [one for one in MODEL.elements.values() if one.kind == "component"]


def test_every_component_is_code() -> None:
    for one in _components():
        assert one.properties.get("code"), f"{one.name}: no code"
        missing = [name for name in CODED[one.identifier] if not any(_within(module, name) for module in MODULES)]
        assert missing == [], f"{one.name}: no such module: {missing}"
    for one in _containers():
        folder = one.properties.get("data")
        assert _parts(one) or (folder and (PACKAGE / folder).is_dir()), f"{one.name}: neither components nor data"


def test_all_code_is_in_a_component() -> None:
    without = sorted(module for module in MODULES if _component(module) is None and any(_imports(module)))
    assert without == [], "give these modules to a component of docs/architecture/workspace.dsl"
    folders = {one.properties["data"] for one in _containers() if "data" in one.properties}
    held = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.json")}
    assert held == folders


def test_no_module_is_in_two_components() -> None:
    named = [name for names in CODED.values() for name in names]
    assert len(named) == len(set(named))


def test_every_import_has_an_arrow() -> None:
    missing = []
    externals = [one for one in MODEL.elements.values() if "imports" in one.properties or "data" in one.properties]
    for elements in (_components(), _containers()):
        for source in elements:
            for target in [*elements, *externals]:
                if source != target and _reaches(source, target) and not _said(source, target):
                    missing.append(f"{source.identifier} -> {target.identifier}")
    assert missing == []


def test_every_arrow_has_an_import() -> None:
    ends = [(MODEL.elements[one.source], MODEL.elements[one.target]) for one in MODEL.relationships]
    untrue = [f"{a.identifier} -> {b.identifier}" for a, b in ends if _reaches(a, b) is False]
    assert untrue == []


def test_every_arrow_is_said_once_and_every_element_is_seen() -> None:
    pairs = [(one.source, one.target) for one in MODEL.relationships]
    assert len(pairs) == len(set(pairs))
    seen = {one.identifier for view in MODEL.views for one in view.elements}
    assert MODEL.elements.keys() == seen
    drawn = {(one.source, one.target) for view in MODEL.views for one in view.relationships}
    assert set(pairs) <= drawn


def test_names_and_keys_are_as_unique_as_structurizr_wants_them() -> None:
    names = [(one.parent, one.name) for one in MODEL.elements.values()]
    keys = [view.key for view in MODEL.views]
    assert len(names) == len(set(names)) and len(keys) == len(set(keys))


def test_page_is_as_the_model_is() -> None:
    page = architecture_model.PAGE.read_text(encoding="utf-8")
    assert page == architecture_model.page(MODEL), "run `python scripts/architecture_model.py`"


def test_mermaid_names_what_the_view_names() -> None:
    for view in MODEL.views:
        lines = architecture_model.mermaid(view).splitlines()
        nodes = [line.split("[")[0].strip(" (") for line in lines if "<b>" in line]
        arrows = [line.split() for line in lines if " -->|" in line]
        assert sorted(nodes) == sorted(one.identifier for one in view.elements)
        assert [(one[0], one[-1]) for one in arrows] == [(one.source, one.target) for one in view.relationships]


WORKSPACE = """workspace "w" "x" {
    model {
        user = person "User" "Uses it"
        system = softwareSystem "System" "Is used" {
            box = container "Box" "Holds it" "Python" {
                part = component "Part" "Does it" "Python" {
                    properties {
                        "code" "part"
                    }
                }
            }
        }
        user -> part "uses"
    }
    views {
        systemContext system "context" "Context" {
            include *
        }
        component box "box" "Box" {
            include *
        }
    }
}
"""


def test_reader_gives_what_is_written() -> None:
    model = architecture_model.read(WORKSPACE)
    assert list(model.elements) == ["user", "system", "box", "part"]
    assert model.elements["part"] == Element("part", "component", "Part", "Does it", "Python", "box")
    assert model.elements["part"].properties == {"code": "part"}
    context, box = model.views
    assert context.relationships == (Relationship("user", "system", "uses"),)
    assert box.relationships == (Relationship("user", "part", "uses"),)


@pytest.mark.parametrize(
    ("written", "instead", "reason"),
    [
        ('user -> part "uses"', "user -> part", "line 13: not understood in model: user -> part"),
        ('user -> part "uses"', 'user -> other "uses"', "no such element: other"),
        ('"Uses it"', '"Uses it" {', "line 3: not understood in model: user = person"),
        ("box = container", "user = container", "line 5: user stands twice"),
        ("            include *\n", "            include user\n", "not understood in view"),
        ("component box", "component system", "view box: a component view of a softwareSystem"),
    ],
)
def test_reader_refuses_what_it_does_not_understand(written: str, instead: str, reason: str) -> None:
    with pytest.raises(DslError, match=reason.replace("(", r"\(")):
        architecture_model.read(WORKSPACE.replace(written, instead, 1))


def test_reader_refuses_a_block_that_does_not_end() -> None:
    with pytest.raises(DslError, match="the end: workspace is not closed"):
        architecture_model.read(WORKSPACE.rstrip().removesuffix("}"))
