"""Ranked choice with several winners: the research themes that a TWG chooses (S34).

The modified Borda count: whoever ranks k themes gives their first k points, their second k-1, their last one. It
rewards a full ranking over a single name and is counted on paper in a meeting. Source: P. Emerson, "The original
Borda count and partial voting", Social Choice and Welfare 40 (2013), 353-358, after J.-C. de Borda, "Mémoire sur les
élections au scrutin", Paris 1784.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

METHOD = _("modified Borda count")
SOURCE = (
    "P. Emerson, “The original Borda count and partial voting”, Social Choice and Welfare 40 (2013), 353–358; "
    "J.-C. de Borda, “Mémoire sur les élections au scrutin”, Paris 1784"
)
POINTS = _("Whoever ranks k options gives k points to the first and 1 to the last.")
TIES = _(
    "Of options with equal points the one with more first places comes first, then the one with more second places, "
    "and so on; then the one that was proposed first."
)


@dataclass(frozen=True)
class Place:
    """One option's place in the result. `places[n]` says how many ranked it n+1st."""

    option: int
    points: int
    places: tuple[int, ...]
    chosen: bool


def rank(options: Sequence[int], rankings: Iterable[Sequence[int]], winners: int) -> list[Place]:
    """Every option in its order, the first `winners` of those with any point chosen.

    `options` are in the order in which they were proposed. A tie goes to the option with more first places, then more
    second places, and so on; then to the one that was proposed first. Raises ValueError for a ranking that names
    an option twice or one that is not asked about.
    """
    known = {option: number for number, option in enumerate(options)}
    points = dict.fromkeys(options, 0)
    places = {option: [0] * len(options) for option in options}
    for ranking in rankings:
        check(options, ranking)
        for place, option in enumerate(ranking):
            points[option] += len(ranking) - place
            places[option][place] += 1
    order = sorted(options, key=lambda o: (-points[o], [-n for n in places[o]], known[o]))
    return [
        Place(option, points[option], tuple(places[option]), chosen=number < winners and points[option] > 0)
        for number, option in enumerate(order)
    ]


def check(options: Iterable[int], ranking: Sequence[int]) -> None:
    """Raises ValueError unless the ranking names at least one option, none twice, and none that is not asked about."""
    if not ranking or len(set(ranking)) != len(ranking) or not set(ranking) <= set(options):
        raise ValueError("a ranking names each option at most once, and only those that are asked about")


def tied(result: Sequence[Place]) -> Mapping[int, list[int]]:
    """Options with equal points, by points: where the rule for ties was needed."""
    groups: dict[int, list[int]] = {}
    for place in result:
        groups.setdefault(place.points, []).append(place.option)
    return {points: options for points, options in groups.items() if points and len(options) > 1}


def decided_by_ties(result: Sequence[Place]) -> list[list[int]]:
    """Options with equal points of which some are chosen and others are not: there the rule for ties decided."""
    chosen = {place.option: place.chosen for place in result}
    return [group for group in tied(result).values() if len({chosen[option] for option in group}) > 1]
