"""HCL as Terraform reads it: module instances as scopes, and the bodies of blocks evaluated in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from checkov_aiml.terraform_view.expression import Evaluator, elements
from checkov_aiml.terraform_view.resources import Resource, split_index
from checkov_aiml.terraform_view.source import Outline, Sources
from checkov_aiml.terraform_view.state import (
    UNSET,
    Reference,
    Unset,
    Value,
    failing,
    from_plain,
    known,
    merged_targets,
    strings,
    unresolved,
)
from checkov_aiml.terraform_view.type_constraint import conform

Instance = tuple[str, "str | int | None"]
ModulePath = tuple[Instance, ...]
"""The module calls from the root module inwards, each by name and instance key."""


_PROVIDER_PAIR = re.compile(r'"?([\w-]+(?:\.[\w-]+)?)"?\s*[=:]\s*"?([\w-]+(?:\.[\w-]+)?)"?')


def _written(block: Outline, name: str) -> str:
    kind, _ = split_index(name.partition(".")[0])
    dynamic = (each.text for each in block.blocks.get("dynamic", ()) if each.labels == (kind,))
    return block.attributes.get(name) or "\n".join([*(each.text for each in block.blocks.get(kind, ())), *dynamic])


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

    def written(self, name: str) -> str:
        """The source text of an attribute or of the blocks of a name."""
        return _written(self._block, name)

    def targets(self) -> tuple[Resource, ...]:
        """Everything that the block names."""
        return merged_targets(self.get(name) for name in self.names())

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


def has_instances(block: Outline, evaluator: Evaluator, index: str | int | None = None) -> bool:
    """Whether a block makes any instance, or that of an index: none with a `count` of zero or an empty `for_each`.

    Checkov evaluates a count once for all calls of a module, so it may keep an instance that this call does not make.
    """
    named = [block.attributes[name] for name in ("count", "for_each") if name in block.attributes]
    repeats = [evaluator.text(expression).known for expression in named]
    if isinstance(index, int) and any(isinstance(repeat, int) and index >= repeat for repeat in repeats):
        return False
    return not any(repeat in (0, "0", [], {}) and repeat is not False for repeat in repeats)


_MOST_INSTANCES = 1000
"""Larger counts are not taken apart: the one block that Checkov keeps stands for all."""


class ResourceBody:
    """The body of one instance of a resource; its source is parsed when the first attribute is asked for."""

    def __init__(
        self, scope: ModuleScope, node: dict[str, Any], config: dict[str, Any], index: str | int | None
    ) -> None:
        self._scope = scope
        self._file = node["file_path_"]
        self._config = config
        self._index = index
        self._body: HclBody | None = None

    @cached_property
    def is_planned(self) -> bool:
        """Whether Terraform would make the instance: Checkov also keeps one of a block, or module, that makes none."""
        if not self._scope.is_planned:
            return False
        repeated = "count" in self._config or "for_each" in self._config or isinstance(self._index, int)
        if isinstance(self._index, str) or not repeated:
            return True
        return has_instances(self._block(), Evaluator(self._scope), self._index)

    def _block(self) -> Outline:
        lines = (self._config["__start_line__"], self._config["__end_line__"])
        return self._scope.sources.block(self._file, *lines)

    def _source(self) -> HclBody:
        if self._body is None:
            block = self._block()
            evaluator = Evaluator(self._scope)
            bindings = instance_bindings(block, self._index, evaluator)
            self._body = HclBody(block, evaluator.binding(**bindings) if bindings else evaluator)
        return self._body

    def instances(self) -> dict[str | int, HclBody]:
        """The bodies by instance key where Checkov keeps one block for several; none where it does not.

        Checkov makes no instances of a `for_each` or `count` that it cannot evaluate.
        """
        block, evaluator = self._block(), Evaluator(self._scope)
        if self._index is not None:
            return {}
        collection = evaluator.text(block.attributes.get("for_each", "null"))
        members = collection.known if isinstance(collection.known, list) else [k for k, _ in elements(collection) or ()]
        count = evaluator.text(block.attributes.get("count", "null")).known
        keys = [
            *(member.known for member in members),
            *range(count if type(count) is int and count <= _MOST_INSTANCES else 0),
        ]
        return {
            key: HclBody(block, evaluator.binding(**instance_bindings(block, key, evaluator)))
            for key in keys
            if isinstance(key, str | int)
        }

    def get(self, name: str) -> Value:
        if name not in self._config and "dynamic" not in self._config:
            return UNSET
        return self._source().get(name)

    def written(self, name: str | None = None) -> str:
        """The source text of an attribute, or of the whole block: quick to look for words in, unlike its value."""
        if name is None:
            return self._scope.sources.lines(self._file, self._config["__start_line__"], self._config["__end_line__"])
        return _written(self._block(), name)

    def targets(self) -> tuple[Resource, ...]:
        """Everything that the configured expressions name."""
        return self._source().targets()

    def provider(self, default: str) -> Resource | None:
        """The provider configuration of the resource: the one it names, else the `default` one; None without any."""
        named = self._block().attributes.get("provider", default) if "provider" in self._config else default
        return self._scope.provider(named.strip('"'))

    def strings(self) -> Iterator[str]:
        """Every known string that is configured."""
        return strings(known(self._source()))


@dataclass(eq=False)
class ModuleScope:
    """One instance of a module: the names that its expressions may use.

    `root` is the folder of the root module, `parent` the scope of the module that calls this one, None for a root.
    """

    root: str
    path: ModulePath
    sources: Sources
    parent: ModuleScope | None = None
    folder: str = ""
    variables: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    local_files: dict[str, str] = field(default_factory=dict)
    output_files: dict[str, str] = field(default_factory=dict)
    calls: dict[str, dict[str | int | None, dict[str, Any]]] = field(default_factory=dict)
    children: dict[str, dict[str | int | None, ModuleScope]] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], list[Resource]] = field(default_factory=dict)
    providers: dict[str, Resource] = field(default_factory=dict)
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
        declared = self.resources.get((mode, kind, name), [])
        instances = [instance for instance in declared if instance.is_planned]
        references = {instance.index: Value(Reference(text), (instance,)) for instance in instances}
        if not declared:
            return failing(f"no instance of {text}")
        if not instances:
            return known([])
        if None in references:
            return references[None]
        if all(isinstance(index, int) for index in references):
            return known([references[index] for index in sorted(references)])  # type: ignore[type-var]
        return known({str(index): reference for index, reference in references.items()})

    def directory(self, name: str) -> Value:
        """`path.module` and `path.root`, both as Terraform writes them in a plan that is made in the root's folder."""
        if name == "module" and self.folder:
            return known(os.path.relpath(self.folder, self.root))
        return known(".") if name == "root" else unresolved(f"path.{name}")

    def file(self, path: str) -> bytes | None:
        """What a file holds that stands in the scanned folder; None where there is none, or it is too large."""
        return self.sources.content(os.path.normpath(os.path.join(self.root, path)))

    def provider(self, name: str) -> Resource | None:
        """The provider configuration that a name such as `aws` or `aws.us` stands for here; None where there is none.

        A module call hands over the configurations that it lists in `providers`, and all that have no alias.
        """
        if name in self.providers or self.parent is None:
            return self.providers.get(name)
        call, _ = self._call()
        handed = dict(_PROVIDER_PAIR.findall(call.attributes.get("providers", "")))
        if name in handed:
            return self.parent.provider(handed[name])
        return None if "." in name else self.parent.provider(name)

    def _once(self, kind: str, name: str, evaluate: Any) -> Value:
        key = (kind, name)
        if key not in self._values:
            self._values[key] = unresolved(f"{kind}.{name}")  # What a cycle of references comes back to.
            try:
                self._values[key] = evaluate(name)
            except Exception:
                del self._values[key]  # The next control must stop here too, not find the name unresolved.
                raise
        return self._values[key]

    @cached_property
    def is_planned(self) -> bool:
        """Whether Terraform would make this instance of the module."""
        if self.parent is None:
            return True
        call, evaluator = self._call()
        return self.parent.is_planned and (self.path[-1][1] is not None or has_instances(call, evaluator))

    def _variable(self, name: str) -> Value:
        node, evaluator = self.variables.get(name), Evaluator(self)
        declared = self._block(node).attributes if node else {}
        value = self._given(name)
        if value == UNSET and evaluator.text(declared.get("nullable", "true")).known is False:
            value = None
        if value is None and "default" in declared:
            value = evaluator.text(declared["default"])
        if value is None:
            return unresolved(f"var.{name}")
        return conform(value, declared["type"], evaluator) if "type" in declared else value

    def _given(self, name: str) -> Value | None:
        """What the module call, or for a root module a file of values or the environment, gives to a variable."""
        if self.parent is not None:
            call, evaluator = self._call()
            return evaluator.text(call.attributes[name]) if name in call.attributes else None
        node = self.given.get(name)
        if node is None:
            return None
        if str(node["file_path_"]).endswith(".tfvars"):
            return Evaluator(self).text(self.sources.whole(node["file_path_"]).attributes[name])
        return from_plain(node["config_"][name]["default"])

    def _block(self, node: dict[str, Any]) -> Outline:
        return self.sources.block(node["file_path_"], node["__start_line__"], node["__end_line__"])

    def _call(self) -> tuple[Outline, Evaluator]:
        assert self.parent is not None
        name, index = self.path[-1]
        block = self._block(self.parent.calls[name][index])
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
        scope = self.of_root(root)
        for _, name, index in calls:
            child = self._get(root, (*scope.path, (name, index)), scope)
            scope.children.setdefault(name, {})[index] = child
            scope = child
        scope.folder = scope.folder or os.path.dirname(node["file_path_"])
        return scope

    def of_root(self, folder: str) -> ModuleScope:
        """The scope of the root module in a folder."""
        return self._get(folder, (), None)

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
