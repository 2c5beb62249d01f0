"""Draws a view of the C4 model as SVG, in layers from top to bottom, so that the site needs no script and no network.

Layers by the longest path, fewest crossings by barycentres, places by least squares: the usual method of Sugiyama,
Tagawa and Toda (1981). Each arrow passes through a place of its own for its label, so that labels hide nothing.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from architecture_model import Element, View

_BOX, _LABEL, _GAP, _RISE, _LINE = 190, 104, 26, 26, 15
_SWEEPS, _STRAIGHT = 12, 8


@dataclass(eq=False)
class _Node:
    """A box, or the place where an arrow passes a layer; `x` and `y` are its centre."""

    lines: tuple[str, ...] = ()
    width: int = _GAP
    element: Element | None = None
    layer: int = 0
    x: float = 0
    y: float = 0
    row_height: int = 0

    @property
    def height(self) -> int:
        return len(self.lines) * _LINE + (18 if self.element else 0)


def svg(view: View) -> str:
    """The view as an SVG element that takes its colours from the page."""
    boxes = {one.identifier: _box(one) for one in view.elements}
    arrows = [(one.source, one.target, one.description) for one in view.relationships]
    layers = _layers(list(boxes), [(source, target) for source, target, _ in arrows])
    for identifier, layer in layers.items():
        boxes[identifier].layer = 2 * layer  # The layers between are those of the labels.
    routes = [_route(boxes[source], boxes[target], text) for source, target, text in arrows]
    rows = _rows([*boxes.values(), *(node for route in routes for node in route[1:-1])])
    neighbours = _neighbours(routes)
    rows = _ordered(rows, neighbours)
    _place(rows, neighbours)
    return _written(view, list(boxes.values()), routes)


def _box(element: Element) -> _Node:
    description = textwrap.wrap(element.description.replace("`", ""), 30, break_on_hyphens=False)
    label = textwrap.wrap(f"[{element.label.replace('`', '')}]", 32)
    return _Node((*textwrap.wrap(element.name, 24), *label, *description), _BOX, element)


def _layers(nodes: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: below all that point to it, where arrows do not go round; near to what it points to."""
    targets: dict[str, list[str]] = defaultdict(list)
    for source, target in arrows:
        targets[source].append(target)
    down: dict[str, list[str]] = {}
    open_: set[str] = set()

    def visit(node: str) -> None:
        open_.add(node)
        down[node] = []
        for target in targets[node]:
            if target not in open_:
                if target not in down:
                    visit(target)
                down[node].append(target)
        open_.discard(node)

    pointed_at = {target for _, target in arrows}
    for node in sorted(nodes, key=lambda one: one in pointed_at):
        if node not in down:
            visit(node)
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for node in nodes:
            for target in down[node]:
                layer[target] = max(layer[target], layer[node] + 1)
    below = {target for found in down.values() for target in found}
    for node in nodes:
        if node not in below and down[node]:
            layer[node] = min(layer[target] for target in down[node]) - 1
    return layer


def _route(source: _Node, target: _Node, text: str) -> list[_Node]:
    """The nodes through which an arrow goes, the label on the way."""
    low, high = sorted((source.layer, target.layer))
    lines = tuple(textwrap.wrap(text, 17, break_on_hyphens=False, break_long_words=False))
    between = [_Node(layer=layer) for layer in range(low + 1, high)] or [_Node(layer=low + 1)]
    labelled = between[0 if source.layer <= target.layer else -1]
    labelled.lines, labelled.width = lines, _LABEL
    return [source, *(between if source.layer <= target.layer else reversed(between)), target]


def _rows(nodes: Iterable[_Node]) -> list[list[_Node]]:
    by_layer: dict[int, list[_Node]] = defaultdict(list)
    for node in nodes:
        by_layer[node.layer].append(node)
    return [by_layer[layer] for layer in sorted(by_layer)]


def _neighbours(routes: Sequence[Sequence[_Node]]) -> dict[_Node, list[_Node]]:
    found: dict[_Node, list[_Node]] = defaultdict(list)
    for route in routes:
        for one, other in pairwise(route):
            found[one].append(other)
            found[other].append(one)
    return found


def _ordered(rows: list[list[_Node]], neighbours: dict[_Node, list[_Node]]) -> list[list[_Node]]:
    """The rows in the order with the fewest crossings that sweeping down and up finds."""
    best, fewest = [list(row) for row in rows], _crossings(rows, neighbours)
    for sweep in range(_SWEEPS):
        steps = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for index in steps:
            beside = rows[index - 1 if sweep % 2 == 0 else index + 1]
            place = {node: position for position, node in enumerate(beside)}
            now = {node: position for position, node in enumerate(rows[index])}
            rows[index].sort(key=lambda node, place=place, now=now: _mean(node, neighbours, place, now[node]))
        crossings = _crossings(rows, neighbours)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _mean(node: _Node, neighbours: dict[_Node, list[_Node]], place: dict[_Node, int], otherwise: float) -> float:
    places = [place[other] for other in neighbours[node] if other in place]
    return sum(places) / len(places) if places else otherwise


def _crossings(rows: Sequence[Sequence[_Node]], neighbours: dict[_Node, list[_Node]]) -> int:
    crossings = 0
    for row, below in pairwise(rows):
        place = {node: position for position, node in enumerate(below)}
        ends = [
            place[other]
            for node in row
            for other in sorted(neighbours[node], key=lambda o: place.get(o, 0))
            if other in place
        ]
        crossings += sum(one > other for index, one in enumerate(ends) for other in ends[index + 1 :])
    return crossings


def _place(rows: Sequence[Sequence[_Node]], neighbours: dict[_Node, list[_Node]]) -> None:
    """Give each node its centre: each row under or above what it is joined to, as near as the widths allow."""
    top = 10.0
    for row in rows:
        height = max(node.height for node in row)
        x = 0.0
        for node in row:
            node.x, node.y, node.row_height = x + node.width / 2, top + height / 2, height
            x += node.width + _GAP
        top += height + _RISE
    for sweep in range(2 * _SWEEPS):
        for row in rows if sweep % 2 else reversed(rows):
            wanted = [_pulled_to(node, neighbours[node]) for node in row]
            offsets = [0.0]
            for one, other in pairwise(row):
                offsets.append(offsets[-1] + (one.width + other.width) / 2 + _GAP)
            placed = _not_falling([want - offset for want, offset in zip(wanted, offsets, strict=True)])
            for node, place, offset in zip(row, placed, offsets, strict=True):
                node.x = place + offset
    left = min(node.x - node.width / 2 for row in rows for node in row) - 10
    for row in rows:
        for node in row:
            node.x -= left


def _pulled_to(node: _Node, neighbours: Sequence[_Node]) -> float:
    """The mean place of what a node is joined to; arrows over several layers pull themselves straight."""
    weights = [1 if node.element or other.element else _STRAIGHT for other in neighbours]
    places = (other.x * weight for other, weight in zip(neighbours, weights, strict=True))
    return sum(places) / sum(weights) if weights else node.x


def _not_falling(values: Sequence[float]) -> list[float]:
    """The series nearest to `values` by least squares that never falls (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, m), (other, n) = pools[-2], pools.pop()
            pools[-1] = ((one * m + other * n) / (m + n), m + n)
    return [value for value, number in pools for _ in range(number)]


def _written(view: View, boxes: Sequence[_Node], routes: Sequence[Sequence[_Node]]) -> str:
    nodes = [node for route in routes for node in route] + list(boxes)
    width = max(node.x + node.width / 2 for node in nodes) + 10
    height = max(node.y + node.height / 2 for node in nodes) + 10
    inside = set(view.inside)
    parts = [
        f'<svg class="c4" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(view.title)}" xmlns="http://www.w3.org/2000/svg">',
        f'<defs><marker id="arrow-{view.key}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 10 5 0 10z"/></marker></defs>',
    ]
    parts += [f'<path class="c4-arrow" d="{_path(route)}" marker-end="url(#arrow-{view.key})"/>' for route in routes]
    for node in (node for route in routes for node in route[1:-1] if node.lines):
        parts.append(_text(node, ["c4-said"] * len(node.lines)))
    for node in boxes:
        assert node.element
        kind = "c4-person" if node.element.kind == "person" else "c4-in" if node.element in inside else "c4-out"
        round_ = 24 if node.element.kind == "person" else 4
        parts.append(
            f'<rect class="{kind}" x="{node.x - node.width / 2:.0f}" y="{node.y - node.height / 2:.0f}" '
            f'width="{node.width}" height="{node.height}" rx="{round_}"/>'
        )
        names = len(textwrap.wrap(node.element.name, 24))
        parts.append(_text(node, ["c4-name"] * names + ["c4-text"] * (len(node.lines) - names)))
    return "".join([*parts, "</svg>"])


def _path(route: Sequence[_Node]) -> str:
    """From edge to edge: upright through the rows, so that no line runs under a box, and bent between them."""
    step = 1 if route[0].y <= route[-1].y else -1
    spans = [(node, node.height if node.element else node.row_height) for node in route]
    tops = [(node.x, node.y - step * height / 2) for node, height in spans]
    ends = [(node.x, node.y + step * height / 2) for node, height in spans]
    written = f"M{ends[0][0]:.0f} {ends[0][1]:.0f}"
    for number, ((x, y), (to_x, to_y)) in enumerate(zip(ends, tops[1:], strict=False), 1):
        middle = (y + to_y) / 2
        written += f" C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
        if number < len(route) - 1:
            written += f" V{ends[number][1]:.0f}"
    return written


def _text(node: _Node, classes: Sequence[str]) -> str:
    first = node.y - (len(node.lines) - 1) * _LINE / 2 + 4
    lines = (
        f'<text class="{kind}" x="{node.x:.0f}" y="{first + number * _LINE:.0f}">{escape(line)}</text>'
        for number, (line, kind) in enumerate(zip(node.lines, classes, strict=True))
    )
    return "".join(lines)
