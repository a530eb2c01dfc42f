"""Differences between two texts, line by line and within a line word by word, and two texts made into one (S13)."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .matching import blocks
from .merging import Merge, merge, unsettled
from .words import alike, bag, words

__all__ = ["Line", "Merge", "Piece", "compare", "fold", "inline", "merge", "pieces", "sides", "unsettled", "words"]

Kind = Literal["same", "added", "removed"]
Piece = tuple[Kind, str]

ALIKE = 0.35  # two lines that share less than this are shown as one removed and one added
MOST_COMPARED = 400  # pairs of lines of one changed stretch that are weighed against each other
NEAR = 2  # unchanged lines kept around a change
WORTH_FOLDING = 3  # lines with words


@dataclass(frozen=True)
class Line:
    """One line of a comparison. `old` is None where it was added, `new` where it was removed.

    `kind`: same, changed (`pieces` tells how), added, removed, or skipped (`count` unchanged lines folded away).
    """

    kind: Literal["same", "changed", "added", "removed", "skipped"]
    old: str | None = None
    new: str | None = None
    pieces: tuple[Piece, ...] = ()
    count: int = 0


def pieces(old: str, new: str) -> list[Piece]:
    """The new text with what was added and what was removed, in whole words."""
    before, after = words(old), words(new)
    found: list[Piece] = []
    i = j = 0
    for a, b, n in [*blocks(before, after), (len(before), len(after), 0)]:
        _add(found, "removed", before[i:a])
        _add(found, "added", after[j:b])
        _add(found, "same", before[a : a + n])
        i, j = a + n, b + n
    return _calm(found)


def _add(found: list[Piece], kind: Kind, told: Sequence[str]) -> None:
    if told:
        found.append((kind, "".join(told)))


def _calm(found: list[Piece]) -> list[Piece]:
    """A space or a sign left alone between two changes belongs to both: one change reads better than confetti."""
    calm: list[Piece] = []
    removed, added = "", ""
    for at, (kind, text) in enumerate(found):
        last = at == len(found) - 1
        if kind == "same" and (last or not (removed or added) or any(map(str.isalnum, text))):
            calm += _change(removed, added)
            calm.append((kind, text))
            removed = added = ""
        elif kind == "same":
            removed, added = removed + text, added + text
        else:
            removed += text if kind == "removed" else ""
            added += text if kind == "added" else ""
    return calm + _change(removed, added)


def _change(removed: str, added: str) -> list[Piece]:
    """A removal and an addition, without what both end with."""
    end = 0
    for a, b in zip(reversed(words(removed)), reversed(words(added)), strict=False):
        if a != b:
            break
        end += len(a)
    cut_old, cut_new, tail = removed[: len(removed) - end], added[: len(added) - end], added[len(added) - end :]
    told: list[Piece] = [("removed", cut_old), ("added", cut_new), ("same", tail)]
    return [piece for piece in told if piece[1]]


# -- line by line -----------------------------------------------------------------------------------------


def compare(old: str, new: str) -> list[Line]:
    """The lines of both texts in order: the old ones joined are the old text, the new ones the new."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[Line] = []
    i = j = 0
    for a, b, n in [*blocks(before, after), (len(before), len(after), 0)]:
        lines += _changed(before[i:a], after[j:b])
        lines += [Line("same", line, line) for line in before[a : a + n]]
        i, j = a + n, b + n
    return lines


def _changed(old: list[str], new: list[str]) -> list[Line]:
    """A stretch that differs: lines much alike are laid beside each other, the rest was removed or added."""
    lines: list[Line] = []
    i = j = 0
    for a, b in [*_partners(old, new), (len(old), len(new))]:
        lines += [Line("removed", old=line) for line in old[i:a]]
        lines += [Line("added", new=line) for line in new[j:b]]
        if a < len(old):
            lines.append(Line("changed", old[a], new[b], tuple(pieces(old[a], new[b]))))
        i, j = a + 1, b + 1
    return lines


def _partners(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which old line became which new one: the pairs, in order, that have most in common."""
    if len(old) * len(new) > MOST_COMPARED:
        pairs = [(at, at) for at in range(min(len(old), len(new)))]
        return [(i, j) for i, j in pairs if alike(bag(old[i]), bag(new[j])) >= ALIKE]
    bags = [bag(line) for line in old], [bag(line) for line in new]
    best: list[list[tuple[float, tuple[int, int] | None]]]
    best = [[(0.0, None)] * (len(new) + 1) for _line in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            shared = alike(bags[0][i], bags[1][j])
            paired = (best[i + 1][j + 1][0] + shared, (i, j)) if shared >= ALIKE else (0.0, None)
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1], key=lambda told: told[0])
    return _followed(best)


def _followed(best: list[list[tuple[float, tuple[int, int] | None]]]) -> list[tuple[int, int]]:
    pairs = []
    step = best[0][0][1]
    while step is not None:
        pairs.append(step)
        step = best[step[0] + 1][step[1] + 1][1]
    return pairs


def fold(lines: list[Line], near: int = NEAR) -> list[Line]:
    """The same without the long stretches in which nothing changed."""
    folded: list[Line] = []
    runs = [(kind, list(run)) for kind, run in groupby(lines, key=lambda line: line.kind == "same")]
    for at, (same, run) in enumerate(runs):
        before = near if at else 0
        after = near if at < len(runs) - 1 else 0
        hidden = sum(bool(line.new and line.new.strip()) for line in run[before : len(run) - after])
        if not same or hidden < WORTH_FOLDING:
            folded += run
            continue
        folded += run[:before]
        folded.append(Line("skipped", count=hidden))
        folded += run[len(run) - after :]
    return folded


# -- as pages show it -------------------------------------------------------------------------------------


def inline(lines: Iterable[Line]) -> SafeString:
    """One running text: what was removed struck out, what was added underlined, both said to a screen reader."""
    tags = _tags()
    shown = (_shown(line, _pieces(line), tags) for line in _telling(lines))
    return mark_safe("\n".join(f"<p>{text}</p>" for text in shown if text))  # noqa: S308


def sides(lines: Iterable[Line]) -> list[tuple[SafeString, SafeString]]:
    """Rows of two cells: before and after."""
    tags = _tags()
    rows = []
    for line in _telling(lines):
        told = _pieces(line)
        left = _shown(line, [piece for piece in told if piece[0] != "added"], tags)
        right = _shown(line, [piece for piece in told if piece[0] != "removed"], tags)
        rows.append((left, right))
    return rows


def _telling(lines: Iterable[Line]) -> list[Line]:
    """Empty lines are told only where nothing else changed around them."""
    told: list[Line] = []
    for changed, run in groupby(lines, key=lambda line: line.kind in ("added", "removed", "changed")):
        some = list(run)
        full = [line for line in some if line.kind == "skipped" or (line.old or line.new or "").strip()]
        told += full if full or not changed else some
    return told


def _pieces(line: Line) -> Sequence[Piece]:
    if line.kind == "changed" or line.kind == "skipped":
        return line.pieces
    text = line.new if line.new is not None else line.old or ""
    return [(line.kind, text or "¶")]


Tags = dict[Kind, tuple[str, str]]


def _tags() -> Tags:
    """What stands before and after a piece; looked up once a page, since a page may have thousands."""
    return {
        "same": ("", ""),
        "removed": (format_html('<del><span class="hidden">{} </span>', _("removed:")), "</del>"),
        "added": (format_html('<ins><span class="hidden">{} </span>', _("added:")), "</ins>"),
    }


def _shown(line: Line, told: Iterable[Piece], tags: Tags) -> SafeString:
    if line.kind == "skipped":
        words_for_it = ngettext("%(count)d line unchanged", "%(count)d lines unchanged", line.count)
        return format_html('<span class="quiet small">… {} …</span>', words_for_it % {"count": line.count})
    shown = (f"{tags[kind][0]}{html.escape(text)}{tags[kind][1]}" for kind, text in told)
    return mark_safe("".join(shown))  # noqa: S308
