"""A text cut into words, and how much two lines have in common."""

from __future__ import annotations

import re

# A number keeps its groups of three: half of it would be another number.
_WORD = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\w)|[\w\u0300-\u036f]+(?:[.,’'\-][\w\u0300-\u036f]+)*)"
WORD = re.compile(rf"{_WORD}|\s+|[^\w\s]")
# For merging, a word takes the space behind it along: two people who change neighbouring words do touch.
SPACED_WORD = re.compile(rf"(?:{_WORD}|[^\w\s])\s*|\s+")


def words(text: str) -> list[str]:
    """A text cut into words, spaces and signs; joined they are the text again."""
    return WORD.findall(text)


def bag(line: str) -> frozenset[str]:
    """The words of a line, in no order."""
    return frozenset(word.casefold() for word in words(line) if not word.isspace())


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two lines share, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
