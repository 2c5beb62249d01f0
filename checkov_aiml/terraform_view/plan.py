"""Plan JSON as `terraform show -json` writes it.

Checkov keeps of a plan's configuration only the first reference of top-level attributes; who names whom inside blocks,
and whether an absent attribute was configured at all, stands only in the file, which is therefore read once more a scan.
Format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from checkov_aiml.terraform_view.resource import Resource, split_index
from checkov_aiml.terraform_view.state import AFTER_APPLY, UNSET, Value, from_plain, known

MODULE_STEP = re.compile(r'module\.(?P<name>[^.\[]+)(?P<index>\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.?')


class PlanError(Exception):
    """A plan that Checkov has parsed cannot be read again."""


@dataclass(eq=False)
class PlanFile:
    """One plan: its resources and data sources, and what its configuration says of their references."""

    path: str
    document: dict[str, Any]
    resources: dict[str, Resource] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], list[Resource]] = field(default_factory=dict)
    _configurations: dict[str, ModuleConfiguration] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str) -> PlanFile:
        """Raises `PlanError` with the file and the reason when the file is no plan any more."""
        try:
            document = json.loads(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            raise PlanError(f"{path}: cannot be read again: {type(error).__name__}") from None
        return cls(path, document)

    def entries(self) -> Iterator[tuple[dict[str, Any], ModuleConfiguration]]:
        """Every planned resource and data source, those of the prior state's data sources included."""
        seen = set()
        for section in ("planned_values", "prior_state"):
            values = self.document.get(section) or {}
            values = values.get("values", values) or {}
            for entry, configuration in self._entries(values.get("root_module") or {}, self.configuration("")):
                wanted = section == "planned_values" or entry.get("mode") == "data"
                if wanted and entry.get("address") not in seen:
                    seen.add(entry.get("address"))
                    yield entry, configuration

    def _entries(self, module: dict[str, Any], configuration: ModuleConfiguration) -> Iterator[Any]:
        for entry in module.get("resources") or ():
            yield entry, configuration
        for child in module.get("child_modules") or ():
            yield from self._entries(child, self.configuration(child.get("address") or ""))

    def configuration(self, module_address: str) -> ModuleConfiguration:
        """What the configuration says in one module instance."""
        if module_address not in self._configurations:
            self._configurations[module_address] = self._find_configuration(module_address)
        return self._configurations[module_address]

    def _find_configuration(self, module_address: str) -> ModuleConfiguration:
        module = (self.document.get("configuration") or {}).get("root_module") or {}
        calls: list[dict[str, Any]] = []
        for step in MODULE_STEP.finditer(module_address):
            call = (module.get("module_calls") or {}).get(step["name"]) or {}
            calls.append(call)
            module = call.get("module") or {}
        return ModuleConfiguration(self, module_address, module, calls[-1] if calls else None)

    def add(self, resource: Resource, module_address: str) -> None:
        self.resources[resource.address] = resource
        name = f"{'data.' if resource.mode == 'data' else ''}{resource.terraform_type}.{resource.name}"
        self._by_name.setdefault((module_address, name), []).append(resource)

    def named(self, module_address: str, name: str) -> list[Resource]:
        """The instances of a resource by `type.name` or `data.type.name` in a module instance."""
        return self._by_name.get((module_address, name), [])

    def changes(self) -> dict[str, Any]:
        """Resource address to what is unknown until apply."""
        return {
            change["address"]: (change.get("change") or {}).get("after_unknown") or {}
            for change in self.document.get("resource_changes") or ()
            if "address" in change
        }


@dataclass(eq=False)
class ModuleConfiguration:
    """The configuration of one module instance, in which references are looked up."""

    plan: PlanFile
    address: str
    module: dict[str, Any]
    call: dict[str, Any] | None

    def expressions(self, entry: dict[str, Any]) -> dict[str, Any]:
        """The configured expressions of a planned resource."""
        return self._expressions.get((entry.get("mode"), entry.get("type"), entry.get("name"))) or {}

    @cached_property
    def _expressions(self) -> dict[Any, Any]:
        resources = self.module.get("resources") or ()
        return {(r.get("mode"), r.get("type"), r.get("name")): r.get("expressions") for r in resources}

    def targets(self, expression: Any) -> tuple[Resource, ...]:
        """The resources and data sources that an expression names, through variables and outputs.

        A plan does not hold the configuration of locals: what they name is not known.
        """
        return tuple(dict.fromkeys(self._targets(expression, frozenset())))

    def _targets(self, expression: Any, visited: frozenset[Any]) -> Iterator[Resource]:
        if isinstance(expression, list):
            for member in expression:
                yield from self._targets(member, visited)
        if not isinstance(expression, dict):
            return
        references = expression.get("references")
        if not isinstance(references, list):
            for member in expression.values():
                yield from self._targets(member, visited)
            return
        for reference in _longest(references):
            key = (self.address, reference)
            if key not in visited:
                yield from self._named(reference, visited | {key})

    def _named(self, reference: str, visited: frozenset[Any]) -> Iterator[Resource]:
        kind, _, rest = reference.partition(".")
        if kind == "var":
            name = split_index(rest.partition(".")[0])[0]
            if self.call is not None and name in (self.call.get("expressions") or {}):
                parent = self.plan.configuration(_parent_address(self.address))
                yield from parent._targets(self.call["expressions"][name], visited)
        elif kind == "module":
            yield from self._output(reference, visited)
        elif kind not in ("local", "each", "count", "path", "terraform", "self"):
            name, index = _resource_name(reference)
            instances = self.plan.named(self.address, name)
            yield from (one for one in instances if index is None or one.index == index)

    def _output(self, reference: str, visited: frozenset[Any]) -> Iterator[Resource]:
        step = MODULE_STEP.match(reference)
        output = reference[step.end() :].partition(".")[0] if step else ""
        if not step or not output:
            return
        call = (self.module.get("module_calls") or {}).get(step["name"]) or {}
        value = (((call.get("module") or {}).get("outputs") or {}).get(split_index(output)[0]) or {}).get("expression")
        prefix = f"{self.address}." if self.address else ""
        for address in self._instances(f"{prefix}module.{step['name']}", step["index"]):
            yield from self.plan.configuration(address)._targets(value, visited)

    def _instances(self, address: str, index: str | None) -> list[str]:
        if index is not None:
            return [address + index]
        known_addresses = {module for module, _ in self.plan._by_name}
        return [a for a in known_addresses if a == address or a.startswith(f"{address}[") and _is_instance(a, address)]


def _is_instance(candidate: str, address: str) -> bool:
    return MODULE_STEP.sub("", candidate[len(address) :].lstrip(".")) in ("", candidate[len(address) :])


def _parent_address(address: str) -> str:
    steps = list(MODULE_STEP.finditer(address))
    return address[: steps[-1].start()].rstrip(".") if steps else ""


def _longest(references: list[str]) -> list[str]:
    """Terraform lists `a.b.c` together with its prefixes `a.b`; only the longest of each says which instance is meant."""
    return [r for r in references if not any(o != r and o.startswith(r) and o[len(r)] in ".[" for o in references)]


_RESOURCE = re.compile(r'(?P<name>(?:data\.)?[^.\[]+\.[^.\[]+)(?:\[(?P<index>\d+|"(?:[^"\\]|\\.)*")\])?')


def _resource_name(reference: str) -> tuple[str, str | int | None]:
    match = _RESOURCE.match(reference)
    if not match:
        return reference, None
    index = match["index"]
    if index is None:
        return match["name"], None
    return match["name"], int(index) if index.isdigit() else index.strip('"')


class PlanBody:
    """The body of a planned resource, or of one block of it.

    `unknown` mirrors `values` with true where the value comes at apply; `expressions` mirrors the configuration.
    What is unknown and not configured is the provider's own choice, so it is unset here.
    """

    def __init__(self, values: Any, unknown: Any, expressions: Any, configuration: ModuleConfiguration) -> None:
        self._values = values if isinstance(values, dict) else {}
        self._unknown = unknown if isinstance(unknown, dict) else {}
        self._expressions = expressions if isinstance(expressions, dict) else {}
        self._configuration = configuration
        self._read: dict[str, Value] = {}

    def get(self, name: str) -> Value:
        if name not in self._read:
            self._read[name] = self._value(name)
        return self._read[name]

    def names(self) -> list[str]:
        return list(dict.fromkeys([*self._values, *self._unknown]))

    def targets(self) -> tuple[Resource, ...]:
        """Everything that the configured expressions name."""
        return self._configuration.targets(self._expressions)

    def _value(self, name: str) -> Value:
        expression = self._expressions.get(name)
        value = self._combine(self._values.get(name), self._unknown.get(name), expression)
        targets = self._configuration.targets(expression)
        return Value(value.state, tuple(dict.fromkeys((*value.targets, *targets))))

    def _combine(self, content: Any, unknown: Any, expression: Any) -> Value:
        if unknown is True:
            return Value(AFTER_APPLY) if expression is not None else UNSET
        if isinstance(content, list) or isinstance(unknown, list) and unknown:
            return known(list(self._members(content or [], unknown, expression)))
        if isinstance(content, dict) or isinstance(unknown, dict) and unknown:
            return known(PlanBody(content, unknown, expression, self._configuration))
        return from_plain(content)

    def _members(self, content: list[Any], unknown: Any, expression: Any) -> Iterator[Value]:
        unknowns = unknown if isinstance(unknown, list) else []
        expressions = expression if isinstance(expression, list) else []
        for index in range(max(len(content), len(unknowns))):
            inner = expressions[index] if index < len(expressions) else expression if expressions == [] else None
            yield self._combine(
                content[index] if index < len(content) else None,
                unknowns[index] if index < len(unknowns) else None,
                inner,
            )
