"""HCL as Terraform reads it: module instances as scopes, and the bodies of blocks evaluated in them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from checkov_aiml.terraform_view.expression import NO_INSTANCE, Evaluator, elements
from checkov_aiml.terraform_view.resource import Resource, split_index
from checkov_aiml.terraform_view.source import Outline, Sources
from checkov_aiml.terraform_view.state import UNSET, Reference, Unresolved, Unset, Value, from_plain, known, unresolved

Instance = tuple[str, "str | int | None"]
ModulePath = tuple[Instance, ...]
"""The module calls from the root module inwards, each by name and instance key."""


class HclBody:
    """A block's body, its attributes and blocks evaluated when they are asked for."""

    def __init__(self, block: Outline, evaluator: Evaluator) -> None:
        self._block = block
        self._evaluator = evaluator
        self._values: dict[str, Value] = {}

    def get(self, name: str) -> Value:
        """The value of an attribute or the list of the blocks of that name; unset when there is neither."""
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def names(self) -> list[str]:
        """The names of all attributes and blocks, those that `dynamic` blocks make included."""
        dynamic = [block.labels[0] for block in self._block.blocks.get("dynamic", ()) if block.labels]
        static = [name for name in self._block.blocks if name != "dynamic"]
        return list(dict.fromkeys([*self._block.attributes, *static, *dynamic]))

    def _read(self, name: str) -> Value:
        if name in self._block.attributes:
            return self._evaluator.text(self._block.attributes[name])
        bodies = [known(HclBody(block.body, self._evaluator)) for block in self._block.blocks.get(name, ())]
        for dynamic in self._block.blocks.get("dynamic", ()):
            if dynamic.labels == (name,):
                bodies.extend(self._expand(name, dynamic.body))
        return known(bodies) if bodies else UNSET

    def _expand(self, name: str, dynamic: Outline) -> list[Value]:
        collection = self._evaluator.text(dynamic.attributes.get("for_each", "null"))
        pairs = elements(collection)
        if isinstance(collection.state, Unset):
            return []
        if pairs is None:
            return [unresolved(f'dynamic "{name}"', collection)]
        iterator = dynamic.attributes.get("iterator", name)
        return [
            known(HclBody(content.body, self._evaluator.binding(**{iterator: known({"key": key, "value": item})})))
            for key, item in pairs
            for content in dynamic.blocks.get("content", ())
        ]


def instance_bindings(block: Outline, index: str | int | None, evaluator: Evaluator) -> dict[str, Value]:
    """What `each` and `count` stand for in one instance of a block."""
    if isinstance(index, int):
        return {"count": known({"index": known(index)})}
    if index is None:
        return {}
    value: Value = unresolved("each.value")
    if "for_each" in block.attributes:
        collection = evaluator.text(block.attributes["for_each"])
        if isinstance(collection.known, dict):
            value = collection.known.get(index, value)
        elif isinstance(collection.known, list):
            value = known(index)
    return {"each": known({"key": known(index), "value": value})}


class ResourceBody:
    """The body of one instance of a resource; its source is parsed when the first attribute is asked for.

    What the source leaves unresolved is taken from Checkov's own rendering when that is a plain value: Checkov
    evaluates functions that this package does not.
    """

    def __init__(self, scope: ModuleScope, node: dict[str, Any], config: dict[str, Any], index: str | int | None) -> None:
        self._scope = scope
        self._file = node["file_path_"]
        self._config = config
        self._index = index
        self._body: HclBody | None = None

    def _source(self) -> HclBody:
        if self._body is None:
            lines = (self._config["__start_line__"], self._config["__end_line__"])
            block = self._scope.sources.block(self._file, *lines)
            evaluator = Evaluator(self._scope)
            bindings = instance_bindings(block, self._index, evaluator)
            self._body = HclBody(block, evaluator.binding(**bindings) if bindings else evaluator)
        return self._body

    def get(self, name: str) -> Value:
        if name not in self._config and "dynamic" not in self._config:
            return UNSET
        value = self._source().get(name)
        if isinstance(value.state, Unresolved) and not value.state.text.startswith("dynamic "):
            rendered = _plain_rendering(self._config.get(name))
            if rendered is not None:
                return known(rendered, value.targets)
        return value

    def names(self) -> list[str]:
        return self._source().names()


def _plain_rendering(content: Any) -> Any:
    """A boolean or number that Checkov rendered, else None: a string may as well be an expression's text."""
    while isinstance(content, list) and len(content) == 1:
        content = content[0]
    return content if isinstance(content, (bool, int, float)) else None


@dataclass(eq=False)
class ModuleScope:
    """One instance of a module: the names that its expressions may use.

    `root` is the folder of the root module, `parent` the scope of the module that calls this one, None for a root.
    """

    root: str
    path: ModulePath
    sources: Sources
    parent: ModuleScope | None = None
    variables: dict[str, dict[str, Any]] = field(default_factory=dict)
    local_files: dict[str, str] = field(default_factory=dict)
    output_files: dict[str, str] = field(default_factory=dict)
    calls: dict[str, dict[str | int | None, dict[str, Any]]] = field(default_factory=dict)
    children: dict[str, dict[str | int | None, ModuleScope]] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], list[Resource]] = field(default_factory=dict)
    _values: dict[tuple[str, str], Value] = field(default_factory=dict)

    def variable(self, name: str) -> Value:
        return self._once("var", name, self._variable)

    def local(self, name: str) -> Value:
        return self._once("local", name, self._local)

    def output(self, name: str) -> Value | None:
        """The value of an output; None when the module has none of that name."""
        return self._once("output", name, self._output) if name in self.output_files else None

    get = output

    def module(self, name: str) -> Value:
        children = self.children.get(name)
        if not children:
            return unresolved(f"module.{name}")
        if None in children:
            return known(children[None])
        if all(isinstance(index, int) for index in children):
            return known([known(children[index]) for index in sorted(children)])  # type: ignore[type-var]
        return known({str(index): known(child) for index, child in children.items()})

    def resource(self, mode: str, kind: str, name: str) -> Value:
        text = f"{'data.' if mode == 'data' else ''}{kind}.{name}"
        instances = self.resources.get((mode, kind, name), [])
        references = [Value(Reference(text), (instance,)) for instance in instances]
        if not instances:
            return unresolved(f"{NO_INSTANCE}{text}")
        if instances[0].index is None:
            return references[0]
        if all(isinstance(instance.index, int) for instance in instances):
            order = sorted(range(len(instances)), key=lambda position: instances[position].index)  # type: ignore[arg-type,return-value]
            return known([references[position] for position in order])
        return known({str(instance.index): reference for instance, reference in zip(instances, references)})

    def _once(self, kind: str, name: str, evaluate: Any) -> Value:
        key = (kind, name)
        if key not in self._values:
            self._values[key] = unresolved(f"{kind}.{name}")  # What a cycle of references comes back to.
            self._values[key] = evaluate(name)
        return self._values[key]

    def _variable(self, name: str) -> Value:
        declared = self.variables.get(name)
        if self.parent is not None:
            call, evaluator = self._call()
            if name in call.attributes:
                passed = evaluator.text(call.attributes[name])
                nullable = declared is None or declared.get("nullable") not in (False, "false")
                if nullable or not isinstance(passed.state, Unset):
                    return passed
        if declared is None or "default" not in declared:
            return unresolved(f"var.{name}")
        return from_plain(declared["default"])

    def _call(self) -> tuple[Outline, Evaluator]:
        assert self.parent is not None
        name, index = self.path[-1]
        node = self.parent.calls[name][index]
        lines = (node["__start_line__"], node["__end_line__"])
        block = self.sources.block(node["file_path_"], *lines)
        evaluator = Evaluator(self.parent)
        bindings = instance_bindings(block, index, evaluator)
        return block, evaluator.binding(**bindings) if bindings else evaluator

    def _local(self, name: str) -> Value:
        file = self.local_files.get(name)
        for block in self.sources.named(file, "locals") if file else ():
            if name in block.attributes:
                return Evaluator(self).text(block.attributes[name])
        return unresolved(f"local.{name}")

    def _output(self, name: str) -> Value:
        for block in self.sources.named(self.output_files[name], "output", name):
            if "value" in block.attributes:
                return Evaluator(self).text(block.attributes["value"])
        return unresolved(f"output.{name}")


class Scopes:
    """The module instances of one graph, made as its nodes are added."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._scopes: dict[tuple[str, ModulePath], ModuleScope] = {}

    def of(self, node: dict[str, Any]) -> ModuleScope:
        """The scope in which a node's block stands."""
        calls = list(_module_calls(node.get("source_module_object_")))
        root = os.path.dirname(calls[0][0] if calls else node["file_path_"])
        scope = self._get(root, (), None)
        for _, name, index in calls:
            child = self._get(root, (*scope.path, (name, index)), scope)
            scope.children.setdefault(name, {})[index] = child
            scope = child
        return scope

    def _get(self, root: str, path: ModulePath, parent: ModuleScope | None) -> ModuleScope:
        key = (root, path)
        if key not in self._scopes:
            self._scopes[key] = ModuleScope(root, path, self._sources, parent)
        return self._scopes[key]


def _module_calls(module: Any) -> list[tuple[str, str, str | int | None]]:
    """File, name and instance key of the module calls that lead to a node, outermost first."""
    calls: list[tuple[str, str, str | int | None]] = []
    while module is not None:
        get = module.get if isinstance(module, dict) else lambda key, source=module: getattr(source, key, None)
        name, index = split_index(str(get("name")))
        foreach_index = get("foreach_idx")
        calls.append((str(get("path")), name, index if foreach_index is None else foreach_index))
        module = get("nested_tf_module")
    return calls[::-1]
