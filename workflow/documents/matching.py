"""What two sequences have in common: quick on any input, and chosen as a reader would.

Elements that occur once on both sides hold the rest in place ("patience"); what lies between them is searched again,
and only short stretches are searched exhaustively. Hostile input costs a coarser answer, not time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

Block = tuple[int, int, int]  # a[i:i+n] == b[j:j+n]
Span = tuple[int, int, int, int]  # a from, a to, b from, b to

MOST_PAIRS = 8  # pairs of equal elements for each element up to which a stretch is searched exhaustively
ALWAYS = 400  # pairs that are searched in any case
MOST_ROUNDS = 12


def blocks(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    """The matching blocks of two sequences, in order, without the empty one that difflib adds at the end."""
    pairs: list[Block] = []
    spans: list[Span] = [(0, len(a), 0, len(b))]
    for turn in range(MOST_ROUNDS):
        following: list[Span] = []
        for span in spans:
            inner = _trim(a, b, span, pairs)
            if inner[0] == inner[1] or inner[2] == inner[3]:
                continue
            anchors = _anchors(a, b, inner) if turn < MOST_ROUNDS - 1 else []
            if anchors:
                following += _between(inner, anchors, pairs)
            else:
                _search(a, b, inner, pairs)
        spans = following
    return _joined(sorted(pairs))


def _trim(a: Sequence[Hashable], b: Sequence[Hashable], span: Span, pairs: list[Block]) -> Span:
    """Take off what both begin with and what both end with."""
    a1, a2, b1, b2 = span
    start = 0
    most = min(a2 - a1, b2 - b1)
    while start < most and a[a1 + start] == b[b1 + start]:
        start += 1
    end = 0
    while end < most - start and a[a2 - end - 1] == b[b2 - end - 1]:
        end += 1
    if start:
        pairs.append((a1, b1, start))
    if end:
        pairs.append((a2 - end, b2 - end, end))
    return a1 + start, a2 - end, b1 + start, b2 - end


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable], span: Span) -> list[tuple[int, int]]:
    """Elements that stand once on each side, as many as keep their order on both."""
    a1, a2, b1, b2 = span
    once_b = _once(b, b1, b2)
    places = [(i, once_b[element]) for element, i in _once(a, a1, a2).items() if element in once_b]
    return _longest_rising(places)


def _once(sequence: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    count = Counter(sequence[start:end])
    return {element: at for at, element in enumerate(sequence[start:end], start) if count[element] == 1}


def _longest_rising(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which the second rises too (the first does already)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(places):
        at = bisect_left(tops, j)
        tops[at : at + 1] = [j]
        ends[at : at + 1] = [index]
        before.append(ends[at - 1] if at else -1)
    chosen = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(places[index])
        index = before[index]
    return chosen[::-1]


def _between(span: Span, anchors: list[tuple[int, int]], pairs: list[Block]) -> list[Span]:
    a1, a2, b1, b2 = span
    found = []
    for i, j in anchors:
        pairs.append((i, j, 1))
        found.append((a1, i, b1, j))
        a1, b1 = i + 1, j + 1
    return [*found, (a1, a2, b1, b2)]


def _search(a: Sequence[Hashable], b: Sequence[Hashable], span: Span, pairs: list[Block]) -> None:
    """A stretch without a landmark: every pair is weighed if they are few, else it counts as different."""
    a1, a2, b1, b2 = span
    left, right = Counter(a[a1:a2]), Counter(b[b1:b2])
    pairs_here = sum(count * right[element] for element, count in left.items())
    if pairs_here > max(ALWAYS, MOST_PAIRS * (a2 - a1 + b2 - b1)):
        return
    matcher = SequenceMatcher(None, a[a1:a2], b[b1:b2], autojunk=False)
    pairs += [(a1 + i, b1 + j, n) for i, j, n in matcher.get_matching_blocks() if n]


def _joined(pairs: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for i, j, n in pairs:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + n)
        else:
            joined.append((i, j, n))
    return joined


class Matcher:
    """The same under difflib's interface, for what was written for it."""

    def __init__(
        self,
        isjunk: Callable[[str], bool] | None = None,
        a: Sequence[str] = "",
        b: Sequence[str] = "",
        autojunk: bool = True,
    ) -> None:
        self._a, self._b = a, b

    def get_matching_blocks(self) -> list[Block]:
        return [*blocks(self._a, self._b), (len(self._a), len(self._b), 0)]
