"""A life cycle drawn from its flow: what the page shows can't differ from what the engine does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .flow import Flow

Text = str | Promise
WIDTH, HEIGHT, GAP, MARGIN = 112, 38, 34, 12  # units of the drawing


@dataclass(frozen=True)
class Node:
    value: str
    label: Text
    x: float
    y: float
    w: float
    h: float
    status: str


@dataclass(frozen=True)
class Edge:
    path: str
    label: Text
    kind: str
    x: float | None = None
    y: float | None = None


@dataclass
class Drawing:
    name: str
    title: str
    desc: str
    width: float
    height: float
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


def draw(flow: type[Flow], *, main: Sequence[str], status: dict[str, str], name: str, title: str) -> Drawing:
    """Lay a flow out: `main` states in a row, all others beneath; `status` says how each state is shown.

    Forward edges go straight, edges back bend over the row, edges out go down.
    """
    choices = flow.states()
    others = [value for value in choices.values if value not in main]
    top = MARGIN + 26 * _depth(flow, main)
    nodes = {
        value: Node(value, choices(value).label, MARGIN + place * (WIDTH + GAP), top, WIDTH, HEIGHT, status[value])
        for place, value in enumerate(main)
    }
    width = MARGIN * 2 + len(main) * (WIDTH + GAP) - GAP
    for place, value in enumerate(others):
        x = width / 2 - WIDTH / 2 + place * (WIDTH + GAP)
        nodes[value] = Node(value, choices(value).label, x, top + HEIGHT + 64, WIDTH, HEIGHT, status[value])
    edges = _edges(flow, nodes, main)
    height = top + HEIGHT + (64 + HEIGHT if others else 0) + MARGIN
    return Drawing(name, title, _told(flow), width, height, list(nodes.values()), edges)


def _depth(flow: type[Flow], main: Sequence[str]) -> int:
    """How many rows of arcs the edges back need."""
    return len({str(t.source) for t in flow.transitions() if _back(str(t.source), str(t.target), main)})


def _back(source: str, target: str, main: Sequence[str]) -> bool:
    return source in main and target in main and main.index(target) < main.index(source)


def _edges(flow: type[Flow], nodes: dict[str, Node], main: Sequence[str]) -> list[Edge]:
    edges, rows = [], 0
    for transition in flow.transitions():
        a, b = nodes[str(transition.source)], nodes[str(transition.target)]
        if a.value in main and b.value in main and not _back(a.value, b.value, main):
            middle = a.y + a.h / 2
            edges.append(Edge(f"M{a.x + a.w} {middle}H{b.x - 2}", transition.label, "forward"))
        elif _back(a.value, b.value, main):
            rows += 1
            lift = a.y - 22 * rows
            start, end = a.x + a.w / 2, b.x + b.w / 2 + 8 * (rows - 2)
            edges.append(Edge(f"M{start} {a.y}V{lift}H{end}V{b.y - 2}", transition.label, "back"))
        else:
            start, end = a.x + a.w / 2, b.x + b.w / 2
            edges.append(Edge(f"M{start} {a.y + a.h}V{a.y + a.h + 30}H{end}V{b.y - 2}", transition.label, "out"))
    return edges


def _told(flow: type[Flow]) -> str:
    """The drawing in words, for those who don't see it."""
    choices = flow.states()
    return " ".join(
        _("%(action)s: from %(source)s to %(target)s.")
        % {"action": t.label, "source": choices(t.source).label, "target": choices(t.target).label}
        for t in flow.transitions()
    )
