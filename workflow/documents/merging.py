"""Two texts that grew from one, made one again (S13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from merge3 import Merge3

from .matching import Matcher
from .words import SPACED_WORD, alike, bag

REWRITTEN = 0.6  # who keeps less than this of a stretch has written it anew: joining words would make nonsense


@dataclass(frozen=True)
class Merge:
    """One text from two. `conflicts`: how many places show both wordings, to be settled by a person."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str, *, mine_label: str, theirs_label: str) -> Merge:
    """Both people's changes to `base` in one text; where they wrote the same lines differently, both wordings stand.

    Changes to the same lines in different words are joined; whatever can't be is kept twice, under `mine_label` and
    `theirs_label`.
    """
    regions = _regions(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    merged: list[str] = []
    conflicts = 0
    for region in regions:
        joined = _by_words(*region[1:]) if region[0] == "conflict" else region[1]
        if joined is not None:
            set_off = merged[-2:] == [_end(), ""] and not "".join(joined[:1]).strip()
            merged += joined[1:] if set_off else joined
            continue
        conflicts += 1
        merged += [""] if merged and merged[-1] else []
        merged += _both(region[2], region[3], mine_label, theirs_label)
    return Merge("\n".join(merged), conflicts)


def unsettled(text: str) -> int:
    """How many places of a text still show both wordings."""
    return text.replace("\r\n", "\n").split("\n").count(_end())


def _regions(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Any]:
    return Merge3(base, mine, theirs, sequence_matcher=Matcher).merge_groups()


def _by_words(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """The three stretches merged word by word, or None where two words stand against each other."""
    before = bag("\n".join(base))
    if min(alike(before, bag("\n".join(lines))) for lines in (mine, theirs)) < REWRITTEN:
        return None
    told: list[list[str]] = [SPACED_WORD.findall("\n".join(lines)) for lines in (base, mine, theirs)]
    regions = list(_regions(*told))
    if any(region[0] == "conflict" for region in regions):
        return None
    return "".join(word for region in regions for word in region[1]).split("\n")


def _both(mine: Sequence[str], theirs: Sequence[str], mine_label: str, theirs_label: str) -> list[str]:
    """Both wordings, each under a line that says whose it is; set off so that neither runs into its neighbours."""
    told = [_mark(mine_label), "", *(mine or [_("(removed)")])]
    told += ["", _mark(theirs_label), "", *(theirs or [_("(removed)")])]
    return [*told, "", _end(), ""]


def _end() -> str:
    return _mark(_("end of the two wordings"))


def _mark(label: str) -> str:
    return f"=== {' '.join(label.split())} ==="
