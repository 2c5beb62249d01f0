"""The value of an HCL expression in the scope where it stands.

Terraform's rules (https://developer.hashicorp.com/terraform/language/expressions) for literals, templates, references,
conditionals, operators, `for` expressions, splats and the functions that configurations of resources commonly use,
those that read local files and templates included.
Whatever is beyond that, or depends on a value that nobody knows, is `Unresolved` and still names its resources.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from lark import Token, Tree

from checkov_aiml.terraform_view import encoding
from checkov_aiml.terraform_view.source import SourceError, after_string, parse_expression
from checkov_aiml.terraform_view.state import (
    EMPTY,
    UNSET,
    Known,
    Reference,
    Unresolved,
    Unset,
    Value,
    failing,
    from_plain,
    known,
    merged_targets,
    plain,
    unresolved,
)
from checkov_aiml.terraform_view.string_templates import (
    Choice,
    Interpolation,
    Literal,
    Loop,
    Part,
    TemplateError,
    parse_template,
)


class Scope(Protocol):
    """What a module instance knows; each method gives the value that a reference starts with."""

    def variable(self, name: str) -> Value: ...

    def local(self, name: str) -> Value: ...

    def module(self, name: str) -> Value: ...

    def resource(self, mode: str, kind: str, name: str) -> Value: ...

    def directory(self, name: str) -> Value: ...

    def file(self, path: str) -> bytes | None: ...


Bindings = Mapping[str, Value]
"""What `each`, `count`, and the names that `for` and `dynamic` bind stand for."""

_SPLAT = object()


class _InTemplate:
    """The scope of a template file: it has the names that it was given, and no others but files."""

    def __init__(self, scope: Scope) -> None:
        self.directory, self.file = scope.directory, scope.file

    def variable(self, name: str) -> Value:
        return unresolved(f"var.{name}")

    def local(self, name: str) -> Value:
        return unresolved(f"local.{name}")

    def module(self, name: str) -> Value:
        return unresolved(f"module.{name}")

    def resource(self, mode: str, kind: str, name: str) -> Value:
        return unresolved(f"{kind}.{name}")


class Evaluator:
    """Evaluates expressions of one scope; `bindings` are the names bound around them."""

    def __init__(self, scope: Scope, bindings: Bindings | None = None) -> None:
        self._scope = scope
        self._bindings = bindings or {}

    def binding(self, **names: Value) -> Evaluator:
        return Evaluator(self._scope, {**self._bindings, **names})

    def value(self, tree: Any) -> Value:
        """The value of an expression's parse tree. Never raises for a tree of the HCL grammar."""
        if isinstance(tree, Token):
            return self._string(str(tree)) if tree.type == "STRING_LIT" else unresolved(str(tree))
        handler = _HANDLERS.get(tree.data)
        return handler(self, tree) if handler else self._opaque(tree)

    def text(self, expression: str) -> Value:
        """The value of an expression given as text; the plainest ones need no parser."""
        literal = _LITERAL.fullmatch(expression)
        if literal and literal["digits"]:
            return known(int(expression))
        if literal:
            return known(literal["string"]) if literal["string"] else _WORDS[expression]
        if _DOTTED.fullmatch(expression):
            root, *steps = expression.split(".")
            return _follow(*self._start(root, list[Any](steps)), expression)
        try:
            if expression.startswith('"') and after_string(expression, 0) == len(expression):
                return self._string(expression)
            return self.value(parse_expression(expression))
        except SourceError:
            return unresolved(expression)

    def _opaque(self, tree: Tree) -> Value:
        parts = [self.value(child) for child in tree.children if isinstance(child, Tree)]
        return unresolved(_text(tree), *parts)

    def _term(self, tree: Tree) -> Value:
        child = next((c for c in tree.children if not _is_punctuation(c)), None)
        if isinstance(child, Tree) and child.data == "identifier":
            word = str(child.children[0])
            if word in ("true", "false"):
                return known(word == "true")
            if word == "null":
                return UNSET
            return self._bindings.get(word) or unresolved(word)
        return self.value(child) if child is not None else UNSET

    def _string(self, literal: str) -> Value:
        return self._template(literal[1:-1], escapes=True)

    def _heredoc(self, tree: Tree) -> Value:
        first, _, rest = str(tree.children[0]).partition("\n")
        lines = rest.split("\n")[:-1]
        if first.startswith("<<-"):
            indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            lines = [line[indent:] for line in lines]
        return self._template("\n".join([*lines, ""]), escapes=False)

    def _template(self, text: str, escapes: bool) -> Value:
        try:
            parts = parse_template(text)
        except TemplateError:
            return unresolved(text)
        if len(parts) == 1 and isinstance(parts[0], Interpolation):
            return self.text(parts[0].expression)
        return _joined(self._pieces(parts, escapes))

    def _pieces(self, parts: tuple[Part, ...], escapes: bool) -> list[Value]:
        """What a template's parts come to; one that is not known stands for all that a directive would give."""
        pieces: list[Value] = []
        for part in parts:
            if isinstance(part, Literal):
                pieces.append(_literal(part.text, escapes))
            elif isinstance(part, Interpolation):
                pieces.append(self.text(part.expression))
            elif isinstance(part, Choice):
                pieces.extend(self._chosen(part, escapes))
            else:
                pieces.extend(self._repeated(part, escapes))
        return pieces

    def _chosen(self, choice: Choice, escapes: bool) -> list[Value]:
        decided = _as_bool(self.text(choice.condition).known)
        if isinstance(decided, bool):
            return self._pieces(choice.yes if decided else choice.no, escapes)
        return [unresolved(choice.condition, *self._pieces((*choice.yes, *choice.no), escapes))]

    def _repeated(self, loop: Loop, escapes: bool) -> list[Value]:
        collection = self.text(loop.collection)
        pairs = elements(collection)
        if pairs is None:
            return [unresolved(loop.collection, collection, *self._pieces(loop.body, escapes))]
        bound = (dict(zip(loop.names[-2:], pair[-len(loop.names) :], strict=True)) for pair in pairs)
        return [piece for names in bound for piece in self.binding(**names)._pieces(loop.body, escapes)]

    def _number(self, tree: Tree) -> Value:
        digits = "".join(str(child) for child in tree.children)
        return known(int(digits) if digits.isdigit() else float(digits))

    def _tuple(self, tree: Tree) -> Value:
        return known([self.value(child) for child in operands(tree)])

    def _object(self, tree: Tree) -> Value:
        content: dict[str, Value] = {}
        for element in operands(tree):
            key, item = operands(element)
            name = self.key(key)
            if name is None:
                return self._opaque(tree)
            content[name] = self.value(item)
        return known(content)

    def key(self, tree: Any) -> str | None:
        """The text of an object's key; None when it is not known."""
        if isinstance(tree, Tree) and tree.data == "identifier":
            return str(tree.children[0])
        return scalar_text(self.value(tree))

    def _reference(self, tree: Tree) -> Value:
        root, steps = self._traversal(tree)
        if isinstance(root, Value):
            return _follow(root, steps, _text(tree))
        return _follow(*self._start(root, steps), _text(tree))

    def _start(self, root: str, steps: list[Any]) -> tuple[Value, list[Any]]:
        """The value that a reference starts with, and the steps that remain."""
        names = [step for step in steps[:2] if isinstance(step, str)]
        if root in self._bindings:
            return self._bindings[root], steps
        if root == "var" and names:
            return self._scope.variable(names[0]), steps[1:]
        if root == "local" and names:
            return self._scope.local(names[0]), steps[1:]
        if root == "module" and names:
            return self._scope.module(names[0]), steps[1:]
        if root == "path" and names:
            return self._scope.directory(names[0]), steps[1:]
        if root == "data" and len(names) == 2:
            return self._scope.resource("data", *names), steps[2:]
        if root not in ("each", "count", "terraform", "self") and names:
            return self._scope.resource("managed", root, names[0]), steps[1:]
        return unresolved(root), steps

    def _traversal(self, tree: Tree) -> tuple[Any, list[Any]]:
        head, tail = operands(tree)
        while isinstance(head, Tree) and head.data == "expr_term" and len(operands(head)) == 1:
            head = operands(head)[0]
        if isinstance(head, Tree) and head.data in _TRAVERSALS:
            root, steps = self._traversal(head)
        elif isinstance(head, Tree) and head.data == "identifier":
            root, steps = str(head.children[0]), []
        else:
            root, steps = self.value(head), []
        return root, [*steps, *self._steps(tail)]

    def _steps(self, tree: Tree) -> Iterator[Any]:
        if tree.data == "get_attr":
            yield str(operands(tree)[0].children[0])
        elif tree.data == "index":
            digits = "".join(str(child) for child in tree.children if isinstance(child, Token) and child.isdigit())
            value = known(int(digits)) if digits else self.value(operands(tree)[0])
            yield value.known if isinstance(value.known, (str, int)) else value
        else:
            yield _SPLAT
            for child in operands(tree):
                yield from self._steps(child)

    def _conditional(self, tree: Tree) -> Value:
        return self._choose(*(self.value(child) for child in operands(tree)), tree)

    def _choose(self, condition: Value, yes: Value, no: Value, tree: Tree) -> Value:
        decided = _as_bool(condition.known)
        if isinstance(decided, bool):
            return yes if decided else no
        if _fails(condition):
            return condition
        same_text = scalar_text(yes) is not None and scalar_text(yes) == scalar_text(no)
        if yes.state == no.state or same_text:
            return yes.naming(no)
        return unresolved(_text(tree), yes, no)

    def _unary(self, tree: Tree) -> Value:
        operator, operand = str(tree.children[0]), self.value(operands(tree)[-1])
        if operator == "!" and isinstance(_as_bool(operand.known), bool):
            return known(not _as_bool(operand.known))
        if operator == "-" and isinstance(operand.known, (int, float)):
            return known(-operand.known)
        return unresolved(_text(tree), operand)

    def _binary(self, tree: Tree) -> Value:
        """The grammar nests operators to the right whatever they are, and a conditional inside the last operand."""
        terms, operators = _flattened(tree)
        last = terms[-1]
        if isinstance(last, Tree) and last.data == "conditional":
            condition, yes, no = operands(last)
            inner, more = _flattened(condition)
            answer = self._operation([*terms[:-1], *inner], [*operators, *more], tree)
            return self._choose(answer, self.value(yes), self.value(no), tree)
        return self._operation(terms, operators, tree)

    def _operation(self, terms: list[Any], operators: list[str], tree: Tree) -> Value:
        values = [self.value(term) for term in terms]
        pending = list(operators)
        for level in _PRECEDENCE:
            position = 0
            while position < len(pending):
                if pending[position] in level:
                    left, right = values[position : position + 2]
                    result = _operate(pending.pop(position), left, right)
                    values[position : position + 2] = [
                        unresolved(_text(tree), left, right) if result is None else known(result)
                    ]
                else:
                    position += 1
        return values[0]

    def _call(self, tree: Tree) -> Value:
        name, *rest = operands(tree)
        arguments = operands(rest[0]) if rest else []
        function, values = str(name.children[0]), [self.value(argument) for argument in arguments]
        is_of_files = function in ("file", "filebase64", "templatefile") and values
        result = self._read(function, values) if is_of_files else _call(function, values)
        return result or unresolved(_text(tree), *values)

    def _read(self, function: str, arguments: list[Value]) -> Value | None:
        """What a local file holds, a template filled in; None where it cannot be read."""
        path = scalar_text(arguments[0])
        content = self._scope.file(path) if path else None
        if content is None:
            return None
        if function == "filebase64":
            return known(base64.b64encode(content).decode())
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        if function == "file":
            return _string_value(text)
        names = arguments[1].known if len(arguments) > 1 else None
        bindings = names if isinstance(names, dict) else {}
        return Evaluator(_InTemplate(self._scope), bindings)._template(text, escapes=False)

    def _for(self, tree: Tree) -> Value:
        introduction, *rest = operands(tree)
        *names, collection_tree = operands(introduction)
        condition = rest.pop() if isinstance(rest[-1], Tree) and rest[-1].data == "for_cond" else None
        collection = self.value(collection_tree)
        pairs = elements(collection)
        results = []
        unknown = Value(Unresolved(_text(collection_tree)), collection.targets)
        for key, item in [(UNSET, unknown)] if pairs is None else pairs:
            words = [str(name.children[0]) for name in names]
            bound = self.binding(**dict(zip(words[-2:], (key, item)[-len(words) :], strict=True)))
            if condition is not None:
                kept = bound.value(operands(condition)[0])
                if kept.known is False:
                    continue
                if kept.known is not True:
                    return unresolved(_text(tree), collection, kept)
            results.append((bound, rest))
        if pairs is None:
            return unresolved(_text(tree), collection, *(b.value(trees[-1]) for b, trees in results))
        if tree.data == "for_tuple_expr":
            return known([bound.value(trees[0]) for bound, trees in results])
        named = [(bound.key(trees[0]), bound.value(trees[1])) for bound, trees in results]
        if any(key is None for key, _ in named):
            return unresolved(_text(tree), collection, *(item for _, item in named))
        return known({str(key): item for key, item in named})


_LITERAL = re.compile(r'"(?P<string>[^"\\$%]*)"|(?P<digits>\d+)|true|false|null')
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+")
_WORDS = {"true": known(True), "false": known(False), "null": UNSET, '""': EMPTY}

_TRAVERSALS = ("get_attr_expr_term", "index_expr_term", "attr_splat_expr_term", "full_splat_expr_term")

_HANDLERS: dict[str, Callable[[Evaluator, Tree], Value]] = {
    "expr_term": Evaluator._term,
    "int_lit": Evaluator._number,
    "float_lit": Evaluator._number,
    "tuple": Evaluator._tuple,
    "object": Evaluator._object,
    "heredoc_template": Evaluator._heredoc,
    "heredoc_template_trim": Evaluator._heredoc,
    "conditional": Evaluator._conditional,
    "unary_op": Evaluator._unary,
    "binary_op": Evaluator._binary,
    "function_call": Evaluator._call,
    "for_tuple_expr": Evaluator._for,
    "for_object_expr": Evaluator._for,
    **dict.fromkeys(_TRAVERSALS, Evaluator._reference),
}


# Terraform's order of operations, the tightest first.
_PRECEDENCE = (("*", "/", "%"), ("+", "-"), ("<", ">", "<=", ">="), ("==", "!="), ("&&",), ("||",))


def _flattened(tree: Any) -> tuple[list[Any], list[str]]:
    """The operands and operators of nested binary operations in the order in which they are written."""
    if not (isinstance(tree, Tree) and tree.data == "binary_op"):
        return [tree], []
    left, term = operands(tree)
    operator, right = operands(term)
    left_operands, left_operators = _flattened(left)
    right_operands, right_operators = _flattened(right)
    return [*left_operands, *right_operands], [*left_operators, str(operator.children[0]), *right_operators]


def _is_punctuation(part: Any) -> bool:
    return isinstance(part, Token) and (part.isspace() or part.type not in ("STRING_LIT", "DECIMAL"))


def operands(tree: Tree) -> list[Any]:
    """The children that carry meaning: parse trees and string literals, not brackets, commas or new lines."""
    return [child for child in tree.children if not _is_punctuation(child)]


def _text(tree: Any) -> str:
    """An expression's words in order, for people to read in a message."""
    if isinstance(tree, Token):
        return "" if tree.isspace() else str(tree)
    parts = [_text(child) for child in tree.children]
    joiner = {"get_attr_expr_term": ".", "conditional": " ? ", "arguments": ", ", "tuple": ", "}.get(tree.data, "")
    text = joiner.join(part for part in parts if part)
    if tree.data == "index":
        return f"[{text}]"
    if tree.data == "function_call":
        return f"{parts[0]}({', '.join(parts[1:])})"
    if tree.data == "full_splat":
        return f"[*].{text}" if text else "[*]"
    return text


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def _literal(text: str, escapes: bool) -> Value:
    if escapes:
        text = re.sub(r'\\([nrt"\\])', lambda match: _ESCAPES[match.group(1)], text)
    return known(text)


def _joined(pieces: list[Value], between: str = "") -> Value:
    """The text that pieces make; what is not known in it stands as `${expression}`."""
    if failed := next(filter(_fails, pieces), None):
        return failed
    if len(pieces) == 1 and not isinstance(pieces[0].state, Known):
        return pieces[0]
    texts = [_in_text(piece) for piece in pieces]
    text = between.join(text for text, _ in texts)
    if all(is_known for _, is_known in texts):
        return _string_value(text).naming(*pieces)
    return Value(Reference(text), merged_targets(pieces))


def _in_text(piece: Value) -> tuple[str, bool]:
    """How a value stands in a text, and whether all of that is known; a collection is there as JSON."""
    text = scalar_text(piece)
    if text is not None:
        return text, True
    if isinstance(piece.known, (list, dict)):
        unknown: list[str] = []
        return json.dumps(encoding.filled(piece, unknown)), not unknown
    shown = getattr(piece.state, "text", None)
    return (shown if shown and "${" in shown else f"${{{shown or 'null'}}}"), False


def _string_value(text: str) -> Value:
    return known(text) if text else EMPTY


def _as_string(content: Any) -> str:
    return str(content).lower() if isinstance(content, bool) else str(content)


def scalar_text(value: Value) -> str | None:
    """A known string, number or boolean as Terraform turns it into text; None for everything else."""
    if isinstance(value.state, Unset):
        return value.state.text
    return _as_string(value.known) if isinstance(value.known, (str, bool, int, float)) else None


def _as_bool(content: Any) -> Any:
    return {"true": True, "false": False}.get(content, content) if isinstance(content, str) else content


def _follow(value: Value, steps: list[Any], text: str) -> Value:
    """What attribute, index and splat steps lead to from a value."""
    for position, step in enumerate(steps):
        state = value.state
        if step is _SPLAT:
            members = _splat_members(value)
            if members is None:
                return unresolved(text, value)
            return known([_follow(member, steps[position + 1 :], text) for member in members])
        if isinstance(state, Reference):
            return _attribute_of(value, steps[position:], text)
        if isinstance(state, Unset) or _fails(value):
            return failing(text, value)
        if not isinstance(state, Known):
            return unresolved(text, value)
        value = _step(state.value, step, text)
    return value


def _splat_members(value: Value) -> list[Value] | None:
    """What a splat runs over: a list's members, one value alone, nothing for null or a resource without instance."""
    if isinstance(value.state, Unset) or _fails(value):
        return []
    if isinstance(value.state, Unresolved):
        return None
    return value.known if isinstance(value.known, list) else [value]


def _fails(value: Value) -> bool:
    return isinstance(value.state, Unresolved) and value.state.fails


def _attribute_of(reference: Value, steps: list[Any], text: str) -> Value:
    """An attribute of a named resource: its value where the resource's own block gives it, else a reference."""
    if len(reference.targets) == 1 and all(isinstance(step, str) for step in steps):
        (target,) = reference.targets
        configured = target.value(".".join(steps))
        if isinstance(configured.state, Known) and not isinstance(configured.known, (dict, list)):
            return configured.naming(reference)
    return Value(Reference(text), reference.targets)


def _step(content: Any, step: Any, text: str) -> Value:
    if isinstance(content, list) and isinstance(step, int) and -1 < step < len(content):
        return content[step]
    if hasattr(content, "get") and isinstance(step, (str, int)):
        found = content.get(str(step))
        if found is not None:
            return found
        if isinstance(content, dict):
            return failing(text)
    if isinstance(content, list) and isinstance(step, int):
        return failing(text)
    members = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return unresolved(text, *members, *([step] if isinstance(step, Value) else []))


def elements(collection: Value) -> list[tuple[Value, Value]] | None:
    """The key and value pairs that `for` and `for_each` iterate over; None when they are not known."""
    content = collection.known
    if isinstance(content, dict):
        return [(known(key), item) for key, item in content.items()]
    if isinstance(content, list):
        return [(known(index), item) for index, item in enumerate(content)]
    return None


def _operate(operator: str, left: Value, right: Value) -> Any:
    if operator in ("==", "!="):
        equal = _equal(left, right)
        return None if equal is None else equal == (operator == "==")
    a, b = _as_bool(left.known), _as_bool(right.known)
    if operator == "&&":
        return False if a is False or b is False else (True if a is True and b is True else None)
    if operator == "||":
        return True if a is True or b is True else (False if a is False and b is False else None)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        operation = _ARITHMETIC.get(operator)
        return operation(a, b) if operation and (operator not in "/%" or b) else None
    return None


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}


def _equal(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one.state, Unset):
            if isinstance(other.state, Unresolved):
                return None
            return one.state == other.state
    try:
        a, b = plain(left), plain(right)
    except ValueError:
        return None
    if type(a) is not type(b) and {type(a), type(b)} & {str, bool}:
        return None  # Terraform compares after conversions that depend on types which the source does not tell.
    return bool(a == b)


def _call(name: str, arguments: list[Value]) -> Value | None:
    """What a function makes of its arguments; None where it is unknown, or what it makes of these."""
    function = _FUNCTIONS.get(name)
    if name not in ("try", "can"):
        failed = next(filter(_fails, arguments), None)
        if failed is not None:
            return failed
    try:
        return function(*arguments) if function and arguments else None
    except (TypeError, re.error):  # Not the arguments that the function takes, or a pattern of another dialect.
        return None


def _first_set(*arguments: Value) -> Value | None:
    for argument in arguments:
        if isinstance(argument.state, Unresolved):
            return None
        if not isinstance(argument.state, Unset):
            return argument
    return UNSET


def _try(*arguments: Value) -> Value | None:
    """The first argument at which Terraform does not stop."""
    for argument in arguments:
        if not isinstance(argument.state, Unresolved):
            return argument
        if not argument.state.fails:
            return None
    return None


def _can(argument: Value) -> Value | None:
    if isinstance(argument.state, Unresolved):
        return known(False) if argument.state.fails else None
    return known(True)


def _lists(arguments: tuple[Value, ...]) -> list[Value] | None:
    joined: list[Value] = []
    for argument in arguments:
        if not isinstance(argument.known, list):
            return None
        joined.extend(argument.known)
    return joined


def _concat(*arguments: Value) -> Value | None:
    joined = _lists(arguments)
    return None if joined is None else known(joined)


def _flatten(argument: Value) -> Value | None:
    if not isinstance(argument.known, list):
        return None
    flat: list[Value] = []
    for item in argument.known:
        inner = _flatten(item)
        flat.extend(inner.known if inner else [item])
    return known(flat)


def _compact(argument: Value) -> Value | None:
    if not isinstance(argument.known, list):
        return None
    return known([item for item in argument.known if not isinstance(item.state, Unset)])


def _merge(*arguments: Value) -> Value | None:
    merged: dict[str, Value] = {}
    for argument in arguments:
        if isinstance(argument.known, dict):
            merged.update(argument.known)
        elif not isinstance(argument.state, Unset):
            return None
    return known(merged)


def _one(argument: Value) -> Value | None:
    if isinstance(argument.known, list) and len(argument.known) < 2:
        return argument.known[0] if argument.known else UNSET
    return None


def _element(collection: Value, index: Value) -> Value | None:
    if isinstance(collection.known, list) and collection.known and isinstance(index.known, int):
        return collection.known[index.known % len(collection.known)]
    return None


def _lookup(collection: Value, key: Value, *default: Value) -> Value | None:
    name = scalar_text(key)
    if isinstance(collection.known, dict) and name is not None:
        return collection.known.get(name) or (default[0] if default else failing(name))
    return None


def _same(argument: Value) -> Value:
    return argument


def _json_encode(argument: Value) -> Value:
    """A collection stays as it is, so that its members can be read; a text gets its quotation marks."""
    text = argument.known
    return known(json.dumps(text), argument.targets) if isinstance(text, (str, bool, int, float)) else argument


def _json_decode(argument: Value) -> Value | None:
    if not isinstance(argument.known, str):
        return argument if isinstance(argument.known, (dict, list)) else None
    try:
        return from_plain(json.loads(argument.known)).naming(argument)
    except (ValueError, RecursionError):
        return None


def _length(argument: Value) -> Value | None:
    return known(len(argument.known)) if isinstance(argument.known, (list, dict, str)) else None


def _keys(argument: Value) -> Value | None:
    return known([known(key) for key in sorted(argument.known)]) if isinstance(argument.known, dict) else None


def _values(argument: Value) -> Value | None:
    if not isinstance(argument.known, dict):
        return None
    return known([argument.known[key] for key in sorted(argument.known)])


def _contains(collection: Value, item: Value) -> Value | None:
    if not isinstance(collection.known, list):
        return None
    answers = [_equal(member, item) for member in collection.known]
    if True in answers:
        return known(True)
    return None if None in answers else known(False)


def _on_text(function: Callable[..., Any]) -> Callable[..., Value | None]:
    def call(*arguments: Value) -> Value | None:
        texts = [scalar_text(argument) for argument in arguments]
        if None in texts:
            return None
        result = function(*texts)
        return (_string_value(result) if isinstance(result, str) else known(result)).naming(*arguments)

    return call


def _join(separator: Value, *lists: Value) -> Value | None:
    joined, between = _lists(lists), scalar_text(separator)
    if joined is None or between is None:
        return None
    if any(isinstance(item.state, Unresolved) for item in joined):  # Each may be nothing, so that the rest misleads.
        return None
    return _joined(joined, between) if joined else EMPTY


_VERB = re.compile(r"(?:%%|[^%])+|%[sdv]")


def _format(template: Value, *arguments: Value) -> Value | None:
    pattern = template.known
    if not isinstance(pattern, str):
        return None
    pieces = _VERB.findall(pattern)
    verbs = [piece for piece in pieces if re.fullmatch(r"%[sdv]", piece)]
    if "".join(pieces) != pattern or len(verbs) != len(arguments):
        return None
    values = iter(arguments)
    return _joined([next(values) if p in verbs else known(p.replace("%%", "%")) for p in pieces] or [template])


def _replace(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return re.sub(old[1:-1], re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new), text)
    return text.replace(old, new)


def _distinct(argument: Value) -> Value | None:
    if not isinstance(argument.known, list):
        return None
    return known(list(dict.fromkeys(argument.known)) if _hashable(argument.known) else argument.known)


def _hashable(members: list[Value]) -> bool:
    return not any(isinstance(member.known, (dict, list)) for member in members)


def _sorted(argument: Value) -> Value | None:
    """A list in the order that Terraform gives to a set of strings; one of anything else stays as it is."""
    members = argument.known
    if isinstance(members, list) and all(isinstance(member.known, str) for member in members):
        return known(sorted(members, key=lambda member: member.known))
    return argument


def _set(argument: Value) -> Value | None:
    distinct = _distinct(argument)
    return distinct and _sorted(distinct)


def _all_true(argument: Value) -> Value | None:
    return _quantified(argument, decisive=False)


def _any_true(argument: Value) -> Value | None:
    return _quantified(argument, decisive=True)


def _quantified(argument: Value, decisive: bool) -> Value | None:
    if not isinstance(argument.known, list):
        return None
    answers = [_as_bool(member.known) for member in argument.known]
    if decisive in answers:
        return known(decisive)
    return known(not decisive) if all(isinstance(answer, bool) for answer in answers) else None


_FUNCTIONS: dict[str, Callable[..., Value | None]] = {
    **encoding.FUNCTIONS,
    "alltrue": _all_true,
    "anytrue": _any_true,
    "can": _can,
    "coalesce": _first_set,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "endswith": _on_text(str.endswith),
    "flatten": _flatten,
    "format": _format,
    "join": _join,
    "jsondecode": _json_decode,
    "jsonencode": _json_encode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _on_text(str.lower),
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "replace": _on_text(_replace),
    "sensitive": _same,
    "sort": _sorted,
    "startswith": _on_text(str.startswith),
    "strcontains": _on_text(lambda text, part: part in text),
    "tobool": _same,
    "tolist": _same,
    "tomap": _same,
    "tonumber": _same,
    "toset": _set,
    "tostring": _same,
    "trimspace": _on_text(str.strip),
    "try": _try,
    "upper": _on_text(str.upper),
    "values": _values,
}
