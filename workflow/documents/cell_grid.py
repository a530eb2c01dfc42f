"""A table of HTML with merged cells, laid out as the plain grid that Markdown knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from . import word_losses
from .html_tree import Node

MOST_COLUMNS = 60
MOST_CELLS = 50_000

Grid = list[list[str]]


def grid(rows: list[Node], text_of: Callable[[Node], str], lost: Counter[str]) -> Grid:
    """Rows of one width. A merged cell has its text in its first place; what the grid can't hold is counted."""
    made: Grid = []
    below: dict[int, int] = {}  # columns that a cell above still fills, and for how many rows
    cells = 0
    for row in rows:
        line: list[str] = []
        for cell in row.elements:
            _fill_from_above(line, below)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            wide = min(wide, MOST_COLUMNS - len(line))
            cells += max(wide, 1)
            if wide < 1 or cells > MOST_CELLS:
                lost[word_losses.TOO_WIDE] += 1
                continue
            lost[word_losses.MERGED] += wide > 1 or high > 1
            if high > 1:
                below |= dict.fromkeys(range(len(line), len(line) + wide), high - 1)
            line += [text_of(cell)] + [""] * (wide - 1)
        _fill_from_above(line, below)
        if line:
            made.append(line)
    width = max(map(len, made), default=0)
    return [line + [""] * (width - len(line)) for line in made]


def _fill_from_above(line: list[str], below: dict[int, int]) -> None:
    while below.get(len(line), 0):
        below[len(line)] -= 1
        line.append("")


def _span(cell: Node, name: str) -> int:
    told = cell.attributes.get(name, "1")
    return max(int(told), 1) if told.isdecimal() and len(told) < 6 else 1


def written(rows: Grid) -> str:
    """The grid in Markdown: its first row heads it."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])
