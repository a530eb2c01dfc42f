"""What the home page, the overview and the search read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from workflow.engine import shelves, together
from workflow.engine.shelves import Shelf
from workflow.groups import words
from workflow.profiles.durations import STAGE_DAYS
from workflow.profiles.models import TRACK
from workflow.profiles.selectors import Row, standing_editions

__all__ = ["by_stage", "days_by_stage", "search", "standing_editions"]

Text = str | Promise
MOST_WORDS = 100  # characters of a question; what is longer is cut
MOST_IN_A_GROUP = 10


@dataclass(frozen=True)
class StageCount:
    stage: str
    label: Text
    count: int
    late: int
    limit: int | None  # days after which an edition there is late; None where it has arrived


def by_stage(rows: Iterable[Row]) -> list[StageCount]:
    """How many editions stand at each stage, and how many of them for too long."""
    listed = list(rows)
    return [
        StageCount(
            stage.value,
            stage.label,
            sum(row.edition.stage == stage for row in listed),
            sum(row.edition.stage == stage and bool(row.late) for row in listed),
            STAGE_DAYS.get(stage),
        )
        for stage in TRACK
    ]


def days_by_stage(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Average days at each stage over the editions that have left it or stand at it (S40)."""
    listed = list(rows)
    bars = []
    for stage in TRACK[:-1]:
        totals = [t for row in listed if (t := row.standing.total(stage)) is not None]
        bars.append({"label": stage.label, "value": round(sum(totals) / len(totals)) if totals else None})
    return bars


@dataclass(frozen=True)
class Found:
    """One result: its name, its page, and a word about it."""

    title: str
    url: str
    detail: Text = ""


@dataclass(frozen=True)
class Group:
    label: Text
    results: list[Found]
    more: int


def search(question: str, person: Any) -> list[Group]:
    """All that the person may see whose name, in any language, holds every word of the question."""
    wanted = words.fold(question[:MOST_WORDS]).split()
    if not wanted:
        return []
    asked = {name: shelf.listing(person, wanted) for name, shelf in shelves.all_shelves().items()}
    found = together.read(**{name: listing for name, listing in asked.items() if listing is not None})
    groups = [_group(shelf, found[name], wanted) for name, shelf in shelves.all_shelves().items() if name in found]
    return [group for group in groups if group.results]


def _group(shelf: Shelf, subjects: Iterable[Any], wanted: list[str]) -> Group:
    """Names in several languages lie in JSON, which no database folds alike: some hundred are compared here."""
    matching = []
    for subject in subjects:
        page, key, detail, *texts = shelf.line(subject)
        # A code is searched too; a number of the database is not.
        text = words.fold(*texts, str(detail), key if isinstance(key, str) else "")
        if all(word in text for word in wanted):
            matching.append((subject, page, key, detail))
    shown = [Found(str(s), reverse(page, args=[key]), detail) for s, page, key, detail in matching[:MOST_IN_A_GROUP]]
    return Group(shelf.label, shown, len(matching) - len(shown))
