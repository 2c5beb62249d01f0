"""Plan JSON as `terraform show -json` writes it.

Checkov keeps of a plan's configuration only the first reference of top-level attributes; who names whom inside blocks,
and whether an absent attribute was configured at all, stands only in the file, which is therefore read once more.
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

from checkov_aiml.terraform_view.resources import Resource, split_index
from checkov_aiml.terraform_view.state import AFTER_APPLY, UNSET, Value, from_plain, known, strings, unresolved

MODULE_STEP = re.compile(r'module\.(?P<name>[^.\[]+)(?P<index>\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.?')


class PlanError(Exception):
    """A plan that Checkov has parsed cannot be read again."""


@dataclass(eq=False)
class PlanFile:
    """One plan: its resources and data sources, and what its configuration says of their references."""

    path: str
    document: dict[str, Any]
    resources: dict[str, Resource] = field(default_factory=dict)
    providers: dict[str, Resource] = field(default_factory=dict)
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

    def provider_configurations(self) -> dict[str, dict[str, Any]]:
        """Provider configurations by the key under which resources name them, such as `aws.us`."""
        return (self.document.get("configuration") or {}).get("provider_config") or {}

    def provider_of(self, resource: Resource) -> Resource | None:
        """The provider configuration of a planned resource, None where the plan has none."""
        module_address = resource.address.rpartition(f"{resource.terraform_type}.{resource.name}")[0].rstrip(".")
        keys = self.configuration(module_address.removesuffix(".data").removesuffix("data")).provider_keys
        key = keys.get((resource.mode, resource.terraform_type, resource.name))
        return self.providers.get(key) if key else None

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
        block = self._blocks.get((entry.get("mode"), entry.get("type"), entry.get("name"))) or {}
        return _without_each(block, entry.get("index"))

    @cached_property
    def _blocks(self) -> dict[Any, dict[str, Any]]:
        resources = self.module.get("resources") or ()
        return {(r.get("mode"), r.get("type"), r.get("name")): r for r in resources}

    @cached_property
    def provider_keys(self) -> dict[tuple[Any, Any, Any], str]:
        """Mode, type and name of a resource to the key of its provider configuration."""
        resources = self.module.get("resources") or ()
        return {(r.get("mode"), r.get("type"), r.get("name")): str(r.get("provider_config_key")) for r in resources}

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
                yield from parent._targets(_without_each(self.call, _last_key(self.address))[name], visited)
        elif kind == "module":
            yield from self._output(reference, visited)
        elif kind not in ("local", "each", "count", "path", "terraform", "self"):
            name, index = _resource_name(reference)
            instances = self.plan.named(self.address, name)
            yield from [one for one in instances if one.index == index] or instances

    def _output(self, reference: str, visited: frozenset[Any]) -> Iterator[Resource]:
        step = MODULE_STEP.match(reference)
        if not step:
            return
        output = split_index(reference[step.end() :].partition(".")[0])[0]
        call = (self.module.get("module_calls") or {}).get(step["name"]) or {}
        outputs = (call.get("module") or {}).get("outputs") or {}
        # A splat or a computed index hides which output is meant, so that all of them are.
        values = [(outputs.get(name) or {}).get("expression") for name in ([output] if output else outputs)]
        prefix = f"{self.address}." if self.address else ""
        for address in self._instances(f"{prefix}module.{step['name']}", step["index"]):
            for value in values:
                yield from self.plan.configuration(address)._targets(value, visited)

    def _instances(self, address: str, index: str | None) -> list[str]:
        known_addresses = {module for module, _ in self.plan._by_name}
        if index is not None and address + index in known_addresses:
            return [address + index]
        return [
            a for a in known_addresses if a == address or (a.startswith(f"{address}[") and _is_instance(a, address))
        ]


def _is_instance(candidate: str, address: str) -> bool:
    return MODULE_STEP.sub("", candidate[len(address) :].lstrip(".")) in ("", candidate[len(address) :])


def _parent_address(address: str) -> str:
    steps = list(MODULE_STEP.finditer(address))
    return address[: steps[-1].start()].rstrip(".") if steps else ""


def _last_key(address: str) -> str | int | None:
    """The instance key of the innermost module of an address."""
    steps = list(MODULE_STEP.finditer(address))
    return split_index(f"{steps[-1]['name']}{steps[-1]['index'] or ''}")[1] if steps else None


_ALL_INSTANCES = re.compile(r"(?!(?:var|local|each|count|path|terraform|self)\.)(?:data\.)?[^.\[]+\.[^.\[]+")


def _without_each(block: dict[str, Any], key: str | int | None) -> dict[str, Any]:
    """The expressions of one instance of a resource or module call; `each.value` names what `for_each` names.

    Where that, or an index by the own key, is told as all instances, the one with the same key is meant.
    """
    expressions = block.get("expressions") or {}
    iterated = (block.get("for_each_expression") or {}).get("references") or []
    named = [f'{one}["{key}"]' if _ALL_INSTANCES.fullmatch(one) else one for one in iterated]
    return expressions if key is None else _replaced(expressions, named, key)


def _replaced(expression: Any, iterated: list[str], key: str | int) -> Any:
    if isinstance(expression, list):
        return [_replaced(member, iterated, key) for member in expression]
    if not isinstance(expression, dict):
        return expression
    references = expression.get("references")
    if not isinstance(references, list):
        return {name: _replaced(member, iterated, key) for name, member in expression.items()}
    if "each.key" in references or "count.index" in references:
        index = f'["{key}"]' if isinstance(key, str) else f"[{key}]"
        references = [f"{one}{index}" if _ALL_INSTANCES.fullmatch(one) else one for one in references]
    return {"references": [*references, *(iterated if "each.value" in references else ())]}


def _longest(references: list[str]) -> list[str]:
    """Without prefixes: Terraform lists `a.b.c` with `a.b`, and only the longest says which instance is meant."""
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


_HIDDEN: dict[str, Any] = {}
"""Stands for the expressions of a block of which a plan does not tell the configuration, as of a `dynamic` one."""


class PlanProviderBody:
    """The configuration of a provider: its constants, and what the plan's own variables give.

    A reference to anything else stays unresolved, because the plan does not say what a provider was configured with.
    """

    def __init__(self, plan: PlanFile, configuration: dict[str, Any]) -> None:
        self._plan = plan
        self._expressions = configuration.get("expressions") or {}
        self._is_root = not configuration.get("module_address")

    def get(self, name: str) -> Value:
        expression = self._expressions.get(name)
        if not isinstance(expression, dict):
            return UNSET
        if "constant_value" in expression:
            return from_plain(expression["constant_value"])
        references = [str(reference) for reference in expression.get("references") or ()]
        variables = self._plan.document.get("variables") or {}
        if self._is_root and len(references) == 1 and references[0].removeprefix("var.") in variables:
            return from_plain(variables[references[0].removeprefix("var.")].get("value"))
        return unresolved(", ".join(references))


class PlanBody:
    """The body of a planned resource, or of one block or object of it.

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

    def strings(self) -> Iterator[str]:
        """Every known string that is planned."""
        return strings(known(self))

    def written(self, name: str) -> str | None:
        """The text of what is planned at a name; None where all or a part of it is to come."""
        name, _ = split_index(name.partition(".")[0])
        return None if self._unknown.get(name) else json.dumps(self._values.get(name))

    def hides(self, name: str) -> bool:
        """Whether something of that name is to come of which the plan holds no configuration, as of `dynamic`."""
        return self._unknown.get(name) is True and name not in self._expressions

    def configures(self, name: str) -> bool:
        """Whether the configuration holds the argument, as opposed to a value that the provider filled in."""
        return name in self._expressions

    def refers(self, path: str) -> bool | None:
        """Whether what is configured at a path refers to anything, so that its value stands elsewhere.

        None where the plan does not tell: it has one expression for a whole around the path, or several blocks that
        differ, and does not say which of them a planned block is.
        """
        return _refers(self._expressions, re.sub(r"\[\d+\]", "", path).split("."))

    def targets(self) -> tuple[Resource, ...]:
        """Everything that the configured expressions name."""
        return self._configuration.targets(self._expressions)

    def _value(self, name: str) -> Value:
        expression = self._expression(name)
        value = self._combine(self._values.get(name), self._unknown.get(name), expression)
        targets = self._configuration.targets(expression)
        return Value(value.state, tuple(dict.fromkeys((*value.targets, *targets))))

    def _expression(self, name: str) -> Any:
        """The configured expression of a name; an attribute's expression is that of all members of its value."""
        if self._expressions is _HIDDEN or _is_attribute(self._expressions):
            return self._expressions
        return self._expressions.get(name)

    def _combine(self, content: Any, unknown: Any, expression: Any) -> Value:
        if unknown is True:
            if expression is _HIDDEN:
                return unresolved(AFTER_APPLY.text)
            return Value(AFTER_APPLY) if expression is not None else UNSET
        shape = unknown if content is None and unknown else content
        if isinstance(shape, list):
            return known(list(self._members(content or [], unknown, expression)))
        if isinstance(shape, dict):
            expressions = _HIDDEN if expression is None else expression
            return known(PlanBody(content, unknown, expressions, self._configuration))
        return from_plain(content)

    def _members(self, content: list[Any], unknown: Any, expression: Any) -> Iterator[Value]:
        unknowns = unknown if isinstance(unknown, list) else []
        count = max(len(content), len(unknowns))
        if isinstance(expression, list) and len(expression) == count:
            expressions = expression
        else:
            expressions = [expression if _is_attribute(expression) else _HIDDEN] * count
        for index in range(count):
            yield self._combine(
                content[index] if index < len(content) else None,
                unknowns[index] if index < len(unknowns) else None,
                expressions[index],
            )


def _refers(configured: Any, steps: list[str]) -> bool | None:
    if isinstance(configured, list):
        answers = {_refers(block, steps) for block in configured}
        return answers.pop() if len(answers) == 1 else None
    if _is_attribute(configured) and steps:
        return None if "references" in configured else False
    if not steps or not isinstance(configured, dict):
        return "references" in json.dumps(configured)
    return _refers(configured.get(steps[0]), steps[1:])


def _is_attribute(expression: Any) -> bool:
    """Whether this is the expression of an attribute, not those of a block."""
    if not isinstance(expression, dict):
        return False
    return isinstance(expression.get("references"), list) or "constant_value" in expression
