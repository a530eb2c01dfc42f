"""A document to print: what its writers, Word and PDF, need to know, and nothing of where it comes from (S13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BookFigure:
    """A picture, PNG or JPEG, with where it comes from."""

    data: bytes
    caption: str
    source: str
    year: str
    alt: str


@dataclass(frozen=True)
class BookDrawing:
    """A drawing of Palabre's own, as SVG, no higher than a page. Word shows SVG only with a picture beside it, which
    nothing here makes: a Word file has the section's words alone."""

    svg: str
    alt: str


@dataclass(frozen=True)
class BookSection:
    """A section: its place in the template ("C.2"), its title, its text in Markdown, and what is drawn above it."""

    place: str
    title: str
    body: str
    drawings: Sequence[BookDrawing] = ()


@dataclass(frozen=True)
class BookPart:
    """A part with its letter ("C")."""

    letter: str
    title: str
    sections: Sequence[BookSection]

    @property
    def heading(self) -> str:
        """“C. Migration and development”."""
        return f"{self.letter}. {self.title}" if self.letter else self.title


@dataclass(frozen=True)
class Book:
    """A whole document in one language.

    `cover`: lines of (label, text) on the first page. `figure` finds a picture by its number, or None. `note` stands
    on the cover and in the head of every page ("Draft 2, for the March round"). `draft` marks every page as a draft.
    """

    title: str
    subtitle: str
    cover: Sequence[tuple[str, str]]
    language: str
    parts: Sequence[BookPart]
    figure: Callable[[int], BookFigure | None]
    note: str = ""
    draft: bool = False
