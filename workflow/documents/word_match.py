"""Which section a heading names: by its place in the template, or by a title much like it in any language (S13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .word_styles import folded

ALIKE = 0.7  # shared pieces of three letters, from 0 to 1
PLACE = re.compile(r"[a-z](?:\.\d{1,2}){0,3}\Z")
NUMBERING = re.compile(
    r"(?:(?:part|partie|parte|section|seccao|secao|chapter|chapitre|capitulo|annex|annexe|anexo)\s+)?"
    r"([a-z]|[ivx]{1,5}|\d{1,2})((?:\.\d{1,2}){0,4})(\s*[.):–—-]+\s*|\s+|\Z)"
)
SIGNS = re.compile(r"[^\w\s]+|_")


class Titled(Protocol):
    """What has a heading."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class _Name:
    place: str
    words: str
    pieces: frozenset[str]


def match(blocks: Sequence[Titled], titles: Sequence[Sequence[str]]) -> list[int | None]:
    """For each block the section that its heading names, or None. `titles`: a section's place and its titles.

    A title written exactly so counts more than a place, a place more than a title much alike. Of two equally good
    sections the next one after the last match is meant: titles such as “Sources” come again in every part.
    """
    sections = [_Section(names) for names in titles]
    found: list[int | None] = []
    last = -1
    for block in blocks:
        best = _best(_name(block.title), sections, last)
        last = best if best is not None else last
        found.append(best)
    return found


class _Section:
    def __init__(self, names: Sequence[str]) -> None:
        texts = [folded(name) for name in names if name]
        self.places = {text for text in texts if PLACE.match(text)}
        self.names = [_name(text) for text in texts if not PLACE.match(text)]

    def score(self, heading: _Name) -> float:
        """From 0, no likeness, to 1 and a little more when the place agrees too."""
        placed = heading.place in self.places
        alike = max((_alike(heading, name) for name in self.names), default=0.0)
        if heading.words and any(heading.words == name.words for name in self.names):
            return 1.05 if placed else 1.0
        if placed:
            return 0.9 + alike / 20
        return alike * 0.85 if alike >= ALIKE else 0.0


def _best(heading: _Name, sections: list[_Section], last: int) -> int | None:
    if not heading.words and not heading.place:
        return None
    scores = [(section.score(heading), at) for at, section in enumerate(sections)]
    told = [(score, -((at - last - 1) % len(sections)), at) for score, at in scores if score > 0]
    return max(told)[2] if told else None


def _name(title: str) -> _Name:
    text = folded(title)
    found = NUMBERING.match(text)
    # “A propos” and “a migração” begin with a word, “A. Propos” and “Part A” with a place.
    place = ""
    if found and (found[2] or found[3].strip() or not found[3] or found.start(1) > 0):
        place = found[1] + found[2]
        text = text[found.end() :]
    words = " ".join(SIGNS.sub(" ", text).split())
    return _Name(place, words, _pieces(words))


def _pieces(words: str) -> frozenset[str]:
    padded = f" {words} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2)) if words else frozenset()


def _alike(one: _Name, other: _Name) -> float:
    both = len(one.pieces) + len(other.pieces)
    return 2 * len(one.pieces & other.pieces) / both if both else 0.0
