"""The view's own properties: what expressions come to, how source is outlined, and that nothing stops a control."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from checkov.terraform.runner import Runner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checkov_aiml import control_catalogue
from checkov_aiml.terraform_view.estate import Estate
from checkov_aiml.terraform_view.expression import Evaluator
from checkov_aiml.terraform_view.source import outline
from checkov_aiml.terraform_view.state import Known, Reference, Unresolved, Unset, plain

REPOSITORY = Path(__file__).resolve().parents[2]

NAMES = """
variable "unknown" {
  type = string
}
variable "nothing" {
  type    = string
  default = null
}
variable "empty" {
  default = ""
}
variable "yes" {
  default = true
}
variable "quoted_type" {
  type    = "string"
  default = 7
}
variable "settings" {
  type = object({
    key    = optional(string)
    size   = optional(number, 2)
    nested = optional(object({ on = optional(bool, true) }), {})
    list   = optional(list(object({ name = optional(string, "n") })), [{}])
  })
  default = { key = "k", undeclared = 1 }
}
variable "lists_in_maps" {
  type    = any
  default = { a = ["only"], b = [["deep"]], c = null, d = "2024-10-01", e = "a == b" }
}
locals {
  map     = { a = "1", b = null, "c.d" = "2" }
  list    = ["x", "y"]
  forward = local.map.a
  circle  = local.round
  round   = local.circle
  text    = <<-TEXT
    {"a": "${var.yes}"}
  TEXT
}
resource "aws_kms_key" "one" {
  description = "one"
}
resource "aws_kms_key" "two" {
  count = 2
}
resource "aws_kms_key" "each" {
  for_each = toset(["a", "b"])
}
resource "aws_kms_key" "none" {
  count = 0
}
data "aws_region" "current" {}
"""

EXPRESSIONS: dict[str, Any] = {
    '"x"': Known("x"),
    '""': Unset(""),
    "null": Unset(),
    "12": Known(12),
    "1.5": Known(1.5),
    "-3": Known(-3),
    "true": Known(True),
    '"a\\"b\\\\c$${d}%%{e}"': Known('a"b\\c${d}%{e}'),
    "var.unknown": Unresolved,
    "var.undeclared": Unresolved,
    "var.nothing": Unset(),
    "var.empty": Unset(""),
    "var.quoted_type": Known("7"),
    '"${var.nothing}"': Unset(),
    '"${var.empty}"': Unset(""),
    '"${var.empty}x"': Known("x"),
    '"a-${var.unknown}"': Reference,
    '"${var.unknown}"': Unresolved,
    "var.settings.key": Known("k"),
    "var.settings.size": Known(2),
    "var.settings.nested.on": Known(True),
    "var.settings.list[0].name": Known("n"),
    'try(var.settings.undeclared, "no")': Known("no"),
    "var.lists_in_maps.a[0]": Known("only"),
    "var.lists_in_maps.b[0][0]": Known("deep"),
    "var.lists_in_maps.d": Known("2024-10-01"),
    "var.lists_in_maps.e": Known("a == b"),
    "local.forward": Known("1"),
    "local.map.b": Unset(),
    'local.map["c.d"]': Known("2"),
    "local.map[var.unknown]": Unresolved,
    "local.circle": Unresolved,
    "jsondecode(local.text).a": Known("true"),
    "local.text": Known('{"a": "true"}\n'),
    "local.list[1]": Known("y"),
    "local.list[2]": Unresolved,
    "aws_kms_key.one.arn": Reference,
    "aws_kms_key.one.description": Known("one"),
    '"${aws_kms_key.one.arn}/x"': Reference,
    "aws_kms_key.two[1].arn": Reference,
    'aws_kms_key.each["a"].arn': Reference,
    "aws_kms_key.none[0].arn": Unresolved,
    'try(aws_kms_key.none[0].arn, "d")': Known("d"),
    "one(aws_kms_key.none[*].arn)": Unset(),
    "length(aws_kms_key.none)": Known(0),
    "length(aws_kms_key.two)": Known(2),
    "data.aws_region.current.name": Reference,
    "path.module": Known("."),
    "path.root": Known("."),
    "path.cwd": Unresolved,
    'var.yes ? "a" : "b"': Known("a"),
    'var.unknown == "a" ? 1 : 2': Unresolved,
    'var.unknown == "a" ? 1 : "1"': Known(1),
    "var.nothing == null": Known(True),
    "var.empty == null": Known(False),
    'var.empty == ""': Known(True),
    "var.unknown == null": Unresolved,
    '"1" == 1': Unresolved,
    "1 == 1.0": Known(True),
    "!var.yes": Known(False),
    "1 + 2 * 3": Known(7),
    "10 - 4 - 3": Known(3),
    "(1 + 2) * 3": Known(9),
    "1 / 0": Unresolved,
    "2 > 1 && 1 > 2 || true": Known(True),
    'var.unknown == "a" && false': Known(False),
    'coalesce(null, "", "c")': Known("c"),
    'coalesce(var.unknown, "c")': Unresolved,
    'lookup(local.map, "z", "d")': Known("d"),
    'try(lookup(local.map, "z"), "t")': Known("t"),
    'can(local.map.z) ? "a" : "b"': Known("b"),
    'merge(local.map, { a = "9" }).a': Known("9"),
    'join("-", local.list)': Known("x-y"),
    'join("", [])': Unset(""),
    'format("%s/%s", "a", 1)': Known("a/1"),
    'format("%05d", 1)': Unresolved,
    'lower("ABC")': Known("abc"),
    'replace("a.b", "/[.]/", "-")': Known("a-b"),
    'replace("a", "/(/", "-")': Unresolved,
    'element(["a", "b"], 3)': Known("b"),
    'contains(["a"], "a")': Known(True),
    'contains([var.unknown], "a")': Unresolved,
    'toset(["b", "a", "b"])': Known(["a", "b"]),
    'tolist(toset(["b", "a"]))[0]': Known("a"),
    "flatten([[1], [2, [3]]])": Known([1, 2, 3]),
    '[for k, v in { a = 1, b = 2 } : "${k}${v}" if v > 1]': Known(["b2"]),
    '{ for x in ["a", "b"] : x => upper(x) }.b': Known("B"),
    '{ (var.unknown) = "a" }': Unresolved,
    "alltrue([true, var.yes])": Known(True),
    "anytrue([false])": Known(False),
    'file("policy.json")': Unresolved,
    "timestamp()": Unresolved,
    '"%{if var.yes}a%{endif}"': Known("a"),
    '"%{if var.unknown == 1}a%{else}b%{endif}c"': Reference("${var.unknown == 1}c"),
    '"%{for x in local.list~} ${x} %{endfor}"': Known("x y "),
    '"%{for x in var.unknown}${x}%{endfor}"': Unresolved,
    '"%{if var.yes}a"': Unresolved,
    '"%%{if}$${x}"': Known("%{if}${x}"),
    'format("%s%%/%s", "a", aws_kms_key.one.arn)': Reference("a%/${aws_kms_key.one.arn}"),
    'join("/", ["a", aws_kms_key.one.arn])': Reference("a/${aws_kms_key.one.arn}"),
    'jsondecode("{\\"a\\": [1]}").a[0]': Known(1),
    '"[${jsonencode({ a = aws_kms_key.one.arn })}]"': Reference('[{"a": "${aws_kms_key.one.arn}"}]'),
    'jsonencode("a")': Known('"a"'),
}
"""Expressions and what they come to: a state, or only its kind."""


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """The state of an attribute that has an expression for its value, in a folder that Checkov has scanned."""
    folder = tmp_path_factory.mktemp("expressions")
    cases = "".join(
        f'resource "aws_sagemaker_model" "case_{number}" {{\n  name = {expression}\n}}\n'
        for number, expression in enumerate(EXPRESSIONS)
    )
    (folder / "main.tf").write_text(NAMES + cases, encoding="utf-8")
    runner = Runner()
    report: Any = runner.run(root_folder=str(folder))
    assert not report.parsing_errors
    estate = Estate(runner.graph_manager.get_reader_endpoint())
    values = {resource.name: resource.value("name") for resource in estate.of_type("aws_sagemaker_model")}
    return lambda expression: values[f"case_{list(EXPRESSIONS).index(expression)}"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(evaluated: Callable[[str], Any], expression: str) -> None:
    expected, value = EXPRESSIONS[expression], evaluated(expression)
    if isinstance(expected, type):
        assert isinstance(value.state, expected)
    elif isinstance(expected, Known):
        assert plain(value) == expected.value
    else:
        assert value.state == expected


class Nowhere:
    """A scope in which nothing is declared."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a literal names no {name}")


words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-999, 999), words)
literals = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=6,
)
comments = st.sampled_from(["", '# a } "\n', "// { <<EOT\n", '/* " } \n */ ', "\n\n", "# é\n"])


def hcl(value: Any) -> str:
    """A literal as HCL writes it."""
    if value is None:
        return "null"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(hcl, value))}]"
    if isinstance(value, dict):
        return "{\n" + "".join(f'"{name}" = {hcl(item)}\n' for name, item in value.items()) + "}"
    return str(value).lower()


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.tuples(literals, comments), max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_outline_finds_what_is_written(attributes: dict[str, tuple[Any, str]]) -> None:
    text = "".join(f"{comment}{name} = {hcl(value)}\n" for name, (value, comment) in attributes.items())
    found = outline(f'{text}block "label" {{\n{text}}}\n')
    (block,) = found.blocks["block"]
    assert block.labels == ("label",)
    for body in (found, block.body):
        assert list(body.attributes) == list(attributes)
        for name, (value, _) in attributes.items():
            assert plain(Evaluator(Nowhere()).text(body.attributes[name])) == value


def names_of(body: Any) -> Any:
    """The structure of a parsed body: attribute names and nested blocks, recursively."""
    return sorted(body.attributes), sorted(
        (kind, b.labels, names_of(b.body)) for kind, bs in body.blocks.items() for b in bs
    )


def parsed_names(tree: Any) -> Any:
    def text(part: Any) -> str:
        return str(part.children[0] if hasattr(part, "children") else part).strip('"')

    attributes, blocks = [], []
    for child in (c for c in tree.children if hasattr(c, "data")):
        parts = [part for part in child.children if not (isinstance(part, str) and part.isspace())]
        if child.data == "attribute":
            attributes.append(text(parts[0]))
        elif child.data == "block":
            labels = [text(part) for part in parts if not (hasattr(part, "data") and part.data == "body")]
            body = next(part for part in parts if hasattr(part, "data") and part.data == "body")
            labels = [label for label in labels if label not in "{}\n" and not label.isspace()]
            blocks.append((labels[0], tuple(labels[1:]), parsed_names(body)))
    return sorted(attributes), sorted(blocks)


@pytest.mark.parametrize(
    "folder", ["examples/aws/secure", "examples/azure/secure", "tests/fixtures/terraform/source_forms"]
)
def test_outline_agrees_with_checkovs_parser(folder: str) -> None:
    from hcl2.parser import Hcl2

    files = sorted((REPOSITORY / folder).rglob("*.tf"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8-sig")
        tree = Hcl2.lark_parser.parse(text + "\n")
        body = next(child for child in tree.children if getattr(child, "data", "") == "body")
        assert names_of(outline(text)) == parsed_names(body), path


def read_places() -> Iterator[tuple[str, str]]:
    """Every resource type and attribute path that a Terraform control reads, each once."""
    terraform = [control for control in control_catalogue.controls() if control.framework == "terraform"]
    places = {(kind, path) for c in terraform for kind, paths in c.attributes_read().items() for path in paths}
    yield from sorted(place for place in places if "/" not in place[0])


PLACES = list(read_places())
CRASH = "could not be judged"
FAILED_BY_DEFAULT: dict[tuple[str, str], tuple[str, Callable[[str], bool]]] = {
    ("aws_sagemaker_notebook_instance", "direct_internet_access"): ("NET_3", "disabled".__eq__),
    ("aws_sagemaker_notebook_instance", "kms_key_id"): ("ENC_1", bool),
    ("aws_sagemaker_model", "enable_network_isolation"): ("NET_1", "true".__eq__),
    ("aws_sagemaker_domain", "app_network_access_type"): ("NET_4", "vpconly".__eq__),
    ("azurerm_machine_learning_workspace", "public_network_access_enabled"): ("NET_20", "false".__eq__),
    ("azurerm_machine_learning_workspace", "encryption.key_id"): ("ENC_20", bool),
    ("azurerm_ai_foundry", "public_network_access"): ("NET_20", "disabled".__eq__),
}
"""Attributes of which every known value, good or bad or absurd, has a result; and which values may pass."""


def assert_judged(results: list[Any], addresses: list[str], values: list[Any]) -> None:
    found = {(result.address, result.control): result for result in results}
    for address, value, (control, is_good) in zip(addresses, values, FAILED_BY_DEFAULT.values(), strict=True):
        result = found[address, control]
        assert CRASH not in result.reason
        assert result.result == "FAILED" or (isinstance(value, str | bool) and is_good(str(value).casefold()))


expressions = st.recursive(
    st.one_of(
        literals.map(hcl),
        st.sampled_from(
            [
                "var.none",
                "local.none",
                "data.aws_x.y.z",
                "aws_kms_key.a.arn",
                "each.value",
                "count.index",
                "module.m.o[0]",
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{} ? {} : {}".format, st.sampled_from(["true", "var.none", "null"]), inner, inner),
        st.builds(
            "{}({}, {})".format,
            st.sampled_from(["try", "merge", "concat", "lookup", "format", "nofunction"]),
            inner,
            inner,
        ),
        st.builds("jsonencode({})".format, inner),
        st.builds("[for k, v in {} : v if k != {}]".format, inner, inner),
    ),
    max_leaves=4,
)


def nested(path: str, expression: str) -> str:
    *blocks, name = path.split(".")
    return "".join(f"{block} {{\n" for block in blocks) + f"{name} = {expression}\n" + "}\n" * len(blocks)


def scans(examples: int) -> Any:
    """Settings of a test that scans: what fails is shown as it was drawn, because shrinking would take minutes."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@given(st.lists(expressions, min_size=11, max_size=11))
@scans(3)
def test_no_expression_stops_a_control(scan: Any, scratch: Path, drawn: list[str]) -> None:
    resources = [
        f'resource "{kind}" "r{number}" {{\n{nested(path, drawn[number % len(drawn)])}}}\n'
        for number, (kind, path) in enumerate(PLACES)
    ]
    (scratch / "main.tf").write_text("".join(resources), encoding="utf-8")
    assert [result for result in scan(scratch) if CRASH in result.reason] == []


@given(st.lists(literals, min_size=7, max_size=7))
@scans(15)
def test_every_literal_has_a_result(scan: Any, scratch: Path, drawn: list[Any]) -> None:
    rows = [(number, kind, path, hcl(drawn[number])) for number, (kind, path) in enumerate(FAILED_BY_DEFAULT)]
    resources = [f'resource "{kind}" "r{number}" {{\n{nested(path, text)}}}\n' for number, kind, path, text in rows]
    (scratch / "main.tf").write_text("".join(resources), encoding="utf-8")
    assert_judged(scan(scratch), [f"{kind}.r{number}" for number, kind, _, _ in rows], drawn)


def write_plan(folder: Path, rows: list[tuple[str, str, Any, Any]]) -> Path:
    """A plan with one resource a row: type, path, value and what is unknown of it."""
    planned, changes, configured = [], [], []
    for number, (kind, path, value, unknown) in enumerate(rows):
        address = f"{kind}.r{number}"
        *blocks, name = path.split(".")
        after, after_unknown, expressions = {name: value}, {name: unknown}, {name: {"references": ["var.x"]}}
        for block in reversed(blocks):
            after, after_unknown, expressions = {block: [after]}, {block: [after_unknown]}, {block: [expressions]}
        common = {"address": address, "mode": "managed", "type": kind, "name": f"r{number}"}
        planned.append({**common, "values": after, "schema_version": 0})
        change = {"actions": ["create"], "before": None, "after": after, "after_unknown": after_unknown}
        changes.append({**common, "change": change})
        configured.append({**common, "expressions": expressions})
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configured}},
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")  # Terraform writes no surrogates.
    return path


@given(st.lists(st.tuples(literals, literals), min_size=11, max_size=11))
@scans(3)
def test_no_planned_value_stops_a_control(scan: Any, scratch: Path, drawn: list[tuple[Any, Any]]) -> None:
    drawn_in_turn = [(place, *drawn[number % len(drawn)]) for number, place in enumerate(PLACES)]
    rows = [  # A policy is planned as text; releases of Checkov stop at anything else.
        (kind, path, json.dumps(value) if path.endswith(("policy", "policies")) else value, unknown)
        for (kind, path), value, unknown in drawn_in_turn
    ]
    assert [result for result in scan(write_plan(scratch, rows)) if CRASH in result.reason] == []


@given(st.lists(literals, min_size=7, max_size=7))
@scans(15)
def test_every_planned_value_has_a_result(scan: Any, scratch: Path, drawn: list[Any]) -> None:
    rows = [(*place, value, False) for place, value in zip(FAILED_BY_DEFAULT, drawn, strict=True)]
    plan = write_plan(scratch, rows)
    assert_judged(scan(plan), [f"{kind}.r{number}" for number, (kind, *_) in enumerate(rows)], drawn)
