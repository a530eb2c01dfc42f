"""Where the words that a comment is about stand in a text, now or after the text has changed. Pure functions (S13).

The same words are looked for first; where they stand several times, what stood before and after them decides. Else the
place is looked for where most of the words stand in their order, weighed with their surroundings. Else they are gone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workflow.documents.markdown import to_text
from workflow.documents.matching import blocks

MOST_QUOTED = 1000  # characters
CONTEXT = 80  # characters kept on each side
NEAR_WORDS = 10  # words of the context that are weighed on each side
SHORT = 4  # words: fewer stand in too many places to be known without what is around them
FEW = 60  # places of one word that are looked at; more say nothing of where a sentence stands
MOST_PLACES = 200
ENOUGH = 0.6  # the score from which a place is taken for the one that is looked for
ALIKE = 0.5  # of the words themselves
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Place:
    """A stretch of a text; `exact` when the very words stand there."""

    text: str
    start: int
    end: int
    exact: bool

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it, up to CONTEXT characters, from the beginning of a word."""
        told = self.text[max(self.start - CONTEXT, 0) : self.start]
        return told if self.start <= CONTEXT else told.partition(" ")[2]

    @property
    def after(self) -> str:
        """What stands after it, up to CONTEXT characters, to the end of a word."""
        told = self.text[self.end : self.end + CONTEXT]
        return told if self.end + CONTEXT >= len(self.text) else told.rpartition(" ")[0]


def smooth(text: str) -> str:
    """One kind of space and of letter, as words are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class Searched:
    """A plain text, made ready once to look for many quotes."""

    def __init__(self, plain: str) -> None:
        self.text = smooth(plain)
        self.spans = [match.span() for match in WORD.finditer(self.text)]
        self.words = [self.text[a:b].casefold() for a, b in self.spans]
        self._places: dict[str, list[int]] | None = None

    def locate(self, quote: str, before: str = "", after: str = "") -> Place | None:
        """Where the quote stands; None when its words are gone."""
        wanted = smooth(quote)
        if not wanted or not self.text:
            return None
        context = _words(before)[-NEAR_WORDS:], _words(after)[:NEAR_WORDS]
        return self._exact(wanted, *context) or self._near(_words(wanted), *context)

    # -- the very words

    def _exact(self, wanted: str, before: list[str], after: list[str]) -> Place | None:
        starts = list(self._starts(wanted))
        if not starts:
            return None
        weighed = [(self._around(start, start + len(wanted), before, after), -start) for start in starts]
        best, place = max(weighed)
        if _others(_words(wanted), best):
            return None
        return Place(self.text, -place, -place + len(wanted), exact=True)

    def _starts(self, wanted: str) -> Iterator[int]:
        at = self.text.find(wanted)
        for _turn in range(MOST_PLACES):
            if at < 0:
                return
            yield at
            at = self.text.find(wanted, at + 1)

    def _around(self, start: int, end: int, before: Sequence[str], after: Sequence[str]) -> float:
        """How much of the context stands around a stretch, from 0 to 1; 1 where no context is known."""
        sides = []
        if before:
            found = _words(self.text[max(start - 8 * CONTEXT, 0) : start])[-NEAR_WORDS:]
            sides.append(_share(before, found))
        if after:
            found = _words(self.text[end : end + 8 * CONTEXT])[:NEAR_WORDS]
            sides.append(_share(after, found))
        return max(sides) if sides else 1.0

    # -- most of them

    def _near(self, wanted: list[str], before: list[str], after: list[str]) -> Place | None:
        best: tuple[float, Place] | None = None
        for start in self._candidates(wanted):
            weighed = self._weigh(wanted, start, before, after)
            if weighed and (best is None or weighed[0] > best[0]):
                best = weighed
        return best[1] if best and best[0] >= ENOUGH else None

    def _candidates(self, wanted: list[str]) -> list[int]:
        """Word numbers at which the quote may begin: where most of its words agree."""
        if self._places is None:
            self._places = {}
            for at, word in enumerate(self.words):
                self._places.setdefault(word, []).append(at)
        votes: Counter[int] = Counter()
        for number, word in enumerate(wanted):
            places = self._places.get(word, [])
            for at in places if len(places) <= FEW else ():
                votes[at - number] += 1
        return [start for start, _count in votes.most_common(8)]

    def _weigh(self, wanted: list[str], start: int, before: list[str], after: list[str]) -> tuple[float, Place] | None:
        slack = 2 + len(wanted) // 3
        first, last = max(start - slack, 0), min(start + len(wanted) + slack, len(self.words))
        common = blocks(wanted, self.words[first:last])
        if not common:
            return None
        left, right = first + common[0][1], first + common[-1][1] + common[-1][2]
        alike = 2 * sum(n for _i, _j, n in common) / (len(wanted) + right - left)
        place = Place(self.text, self.spans[left][0], self.spans[right - 1][1], exact=False)
        if alike < ALIKE:
            return None
        around = self._around(place.start, place.end, before, after)
        if _others(wanted, around):
            return None
        return (0.7 * alike + 0.3 * around if before or after else alike), place


def _others(wanted: list[str], around: float) -> bool:
    """A word or two stand in many places: where nothing around them is the same, these are not the ones meant."""
    return len(wanted) < SHORT and around < 1 / 3


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(smooth(text))]


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    """How much of `wanted` stands in `found`, in order."""
    return sum(n for _i, _j, n in blocks(wanted, found)) / len(wanted)


def anchored(body: str, quote: str, before: str = "", after: str = "") -> dict[str, str]:
    """Quote, before and after as they stand in a text in Markdown. Raises ValidationError when they don't."""
    if len(quote) > MOST_QUOTED:
        message = _("Choose at most %(limit)d characters; these are %(count)d.")
        raise ValidationError({"quote": message % {"limit": MOST_QUOTED, "count": len(quote)}})
    searched = Searched(to_text(body))
    place = searched.locate(quote.replace("\x00", ""), before, after) or searched.locate(quote.replace("\x00", ""))
    if place is None or len(place.words) > MOST_QUOTED:
        raise ValidationError(
            {"quote": _("These words do not stand in this section: copy them from its text, or leave this empty.")}
        )
    return {"quote": place.words, "before": place.before, "after": place.after}
