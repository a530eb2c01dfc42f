"""How far a text is: its parts and sections, with what other rooms count of each (S13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from workflow.engine.together import Found, Listing, Tally, Wanted

from . import selectors
from .models import Text, TextSection

Words = str | Promise


@dataclass(frozen=True)
class SectionLine:
    """A section of a text as a list shows it. `counts` are what other rooms count: (label, number)."""

    section: TextSection
    missing_sources: int  # tables and figures that name none
    counts: list[tuple[Words, int]]
    at_work: list[str]


@dataclass(frozen=True)
class PartProgress:
    """A part of a text with its sections and how far they are (S13)."""

    letter: str
    title: str
    lines: list[SectionLine] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(line.section.word_count for line in self.lines)

    @property
    def missing_sources(self) -> int:
        return sum(line.missing_sources for line in self.lines)

    @property
    def written(self) -> int:
        return sum(1 for line in self.lines if line.section.number)

    @property
    def counts(self) -> list[tuple[Words, int]]:
        """What other rooms count, over all its sections."""
        sums: dict[str, tuple[Words, int]] = {}
        for label, count in (c for line in self.lines for c in line.counts):
            sums[str(label)] = (label, sums.get(str(label), (label, 0))[1] + count)
        return list(sums.values())

    @property
    def at_work(self) -> list[str]:
        return list(dict.fromkeys(name for line in self.lines for name in line.at_work))


Counter = Callable[[Text, Any], Tally | None]
_counters: dict[str, tuple[Words, Counter]] = {}


def register_counter(name: str, label: Words, counter: Counter) -> None:
    """Another room counts something by section (open comments): `counter(text, person)` by the section's id."""
    _counters[name] = (label, counter)


# What a line about a section shows of it.
LINE = ("place", "part", "part_titles", "titles", "number", "word_count", "unsourced_tables", "figures")


def progress(text: Text, person: Any, *, now: bool = True) -> Wanted[list[PartProgress]]:
    """The text's parts with their sections, what is counted of each, and who else is at work on it (with `now`)."""
    tallies = {f"count {name}": counter(text, person) for name, (_label, counter) in _counters.items()}
    listings: dict[str, Listing] = {name: tally for name, tally in tallies.items() if tally is not None}
    listings["sections"] = Listing(text.sections.standing().order_by("position"), *LINE)
    busy = selectors.at_work(person, text=text) if now else None
    listings |= busy.listings if busy else {}
    return Wanted(listings, lambda found: _parts(text, found, busy.made(found) if busy else {}))


def _parts(text: Text, found: Found, busy: dict[int, list[str]]) -> list[PartProgress]:
    sourced = set(text.sourced_figures)
    counted = [(label, dict(found.get(f"count {name}", ()))) for name, (label, _counter) in _counters.items()]
    parts: dict[str, PartProgress] = {}
    for section in found["sections"]:
        part = parts.setdefault(section.part, PartProgress(section.part, section.part_title))
        counts = [(label, numbers[section.pk]) for label, numbers in counted if numbers.get(section.pk)]
        missing = section.unsourced_tables + sum(1 for number in section.figures if number not in sourced)
        part.lines.append(SectionLine(section, missing, counts, busy.get(section.pk, [])))
    return list(parts.values())


@dataclass(frozen=True)
class Unwritten:
    """How many sections of a text are still empty, by part."""

    text: int
    parts: dict[str, int] = field(default_factory=dict)


def sections_of(kind: str, subjects: Iterable[int]) -> Listing:
    """The sections of these subjects' texts, for `unwritten`."""
    sections = TextSection.objects.standing().filter(text__subject_kind=kind, text__subject_id__in=list(subjects))
    return Listing(sections.order_by("position"), "part", "number", "text__subject_id")


def unwritten(sections: Iterable[TextSection]) -> dict[int, Unwritten]:
    """What is left to write of each text, by its subject; those whose text is not begun are not in it."""
    found: dict[int, Unwritten] = {}
    for section in sections:
        left = found.setdefault(section.text.subject_id, Unwritten(section.text_id))
        if section.number == 0:
            left.parts[section.part] = left.parts.get(section.part, 0) + 1
    return found
