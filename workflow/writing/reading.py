"""A draft as it is read and compared: a page holds as many sections as a slow line carries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .models import Draft, DraftSection, Revision

WORDS_ON_A_PAGE = 1800
SECTIONS_ON_A_PAGE = 30


@dataclass(frozen=True)
class Entry:
    """A section in the contents, with the page that it is on."""

    line: DraftSection
    page: int

    @property
    def words(self) -> int:
        return self.line.revision.word_count if self.line.revision else 0


@dataclass(frozen=True)
class PartEntry:
    """A part in the contents."""

    letter: str
    title: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(entry.words for entry in self.entries)

    @property
    def page(self) -> int:
        return self.entries[0].page


@dataclass(frozen=True)
class Page:
    """Some sections of several, by number; `lines` bring their texts."""

    number: int
    count: int
    lines: list[Any]

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1 if self.number < self.count else 0


def lines_of(draft: Draft) -> list[DraftSection]:
    """A draft's sections in order, without their texts."""
    found = DraftSection.objects.filter(draft=draft).select_related("revision").defer("revision__body")
    return list(found.order_by("position"))


def contents(lines: Iterable[DraftSection]) -> list[PartEntry]:
    """The sections by part, each with its page."""
    parts: dict[str, PartEntry] = {}
    for number, group in enumerate(pages(list(lines)), start=1):
        for line in group:
            part = parts.setdefault(line.part, PartEntry(line.part, line.part_title))
            part.entries.append(Entry(line, number))
    return list(parts.values())


def pages(lines: Sequence[DraftSection]) -> list[list[DraftSection]]:
    """Sections in order, as many to a page as it carries; one that is longer has a page of its own."""
    found: list[list[DraftSection]] = []
    words = 0
    for line in lines:
        own = line.revision.word_count if line.revision else 0
        if not found or words + own > WORDS_ON_A_PAGE or len(found[-1]) >= SECTIONS_ON_A_PAGE:
            found.append([])
            words = 0
        found[-1].append(line)
        words += own
    return found


def page_of(lines: Sequence[DraftSection], wanted: str | None) -> Page:
    """The page that was asked for, the first or the last one where there is no such page."""
    found = pages(lines) or [[]]
    number = min(max(int(wanted), 1), len(found)) if wanted and wanted.isdecimal() and len(wanted) < 6 else 1
    return Page(number, len(found), found[number - 1])


def bodies(lines: Iterable[DraftSection | None]) -> dict[int, str]:
    """The texts of these sections, by the revision's id: one query."""
    wanted = {line.revision_id for line in lines if line and line.revision_id}
    return dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "body"))
