"""The gap matrix of one TWG: section by source, with what is missing where (S39)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from . import places
from .models import DataGap, DataSource
from .outlines import Outline


@dataclass(frozen=True)
class Cell:
    """Where a section meets a source: whether this covers it, itself or through its part, and what is missing."""

    source: DataSource
    covers: bool
    gaps: Sequence[DataGap]

    def __bool__(self) -> bool:
        return self.covers or bool(self.gaps)


@dataclass(frozen=True)
class Line:
    """One section, or a part that is not divided: its sources, its gaps in them, and its gaps in none of them."""

    place: str
    title: str
    cells: list[Cell]
    elsewhere: list[DataGap] = field(default_factory=list)  # gaps of no source, or of one that is not shown

    @property
    def label(self) -> str:
        """Its place as it is written before a title: "A." for a part, "C.2" for a section."""
        return self.place if "." in self.place else f"{self.place}."

    @property
    def covered(self) -> int:
        return sum(cell.covers for cell in self.cells)


@dataclass(frozen=True)
class Part:
    """A part's lines; `title` is empty where its only line says it already."""

    letter: str
    title: str
    lines: list[Line]


def matrix(outline: Outline, sources: Sequence[DataSource], gaps: Iterable[DataGap]) -> list[Part]:
    """Every place of the template, whether something is known of it or not, then what the template lacks."""
    covering = {source.pk: {outline.own(place) for place in source.sections} for source in sources}
    missing: dict[str, list[DataGap]] = {}
    for gap in gaps:
        missing.setdefault(outline.own(gap.section), []).append(gap)
    known = {place for found in covering.values() for place in found} | set(missing)
    shown = places.in_order([*_shown(outline, known), *(known - set(outline.titles))])
    parts: dict[str, list[Line]] = {}
    for place in shown:
        line = _line(place, outline.titles.get(place, ""), sources, covering, missing.get(place, []))
        parts.setdefault(places.part_of(place), []).append(line)
    return [Part(letter, _title(outline, letter, lines), lines) for letter, lines in parts.items()]


def _shown(outline: Outline, known: set[str]) -> list[str]:
    """A divided part is a line of its own only where something is said of it as a whole."""
    return [place for place in outline.titles if "." in place or outline.undivided(place) or place in known]


def _line(
    place: str, title: str, sources: Sequence[DataSource], covering: dict[int, set[str]], gaps: list[DataGap]
) -> Line:
    own = {place, places.part_of(place)}
    found: dict[int | None, list[DataGap]] = {}
    shown = {source.pk for source in sources}
    for gap in gaps:
        found.setdefault(gap.data_source_id if gap.data_source_id in shown else None, []).append(gap)
    cells = [Cell(source, bool(own & covering[source.pk]), found.get(source.pk, [])) for source in sources]
    return Line(place, title, cells, found.get(None, []))


def _title(outline: Outline, letter: str, lines: list[Line]) -> str:
    return "" if [line.place for line in lines] == [letter] else outline.titles.get(letter, "")
