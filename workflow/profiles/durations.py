"""How long an edition stood at each stage, computed from its events (S40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from workflow.engine import edtf
from workflow.engine.models import Event

from .models import CLOSED, Edition, Stage

# After how many days at a stage an edition counts as late. The note gives no such limits, only that meetings come every
# two to three months (S17) and that endorsement is quick (S40): a stage that outlasts an interval is worth a look.
STAGE_DAYS: dict[str, int] = {
    Stage.TEMPLATE: 90,
    Stage.DRAFTING: 180,
    Stage.COMMENT: 90,
    Stage.ENDORSEMENT: 60,
    Stage.WORKSHOP: 90,
    Stage.HANDOVER: 180,
}


@dataclass(frozen=True)
class Visit:
    """One stay at a stage. `days` is None where a boundary is unknown; `approximate` where one is known only in part.

    `told` is the date of its beginning as it is known (EDTF, or `open`), empty where it is the instant `since`.
    """

    stage: str
    told: str
    since: datetime | None
    until: datetime | None
    days: int | None
    approximate: bool


@dataclass(frozen=True)
class Standing:
    """Where an edition stands now, and for how long."""

    visits: tuple[Visit, ...]

    @property
    def current(self) -> Visit | None:
        return self.visits[-1] if self.visits else None

    def total(self, stage: str) -> int | None:
        """Days at a stage over all visits; None when one of them is unknown or there was none."""
        days = [v.days for v in self.visits if v.stage == stage]
        return sum(d for d in days if d is not None) if days and None not in days else None

    def approximate(self, stage: str) -> bool:
        """Whether a date that the total rests on is known only in part."""
        return any(v.approximate for v in self.visits if v.stage == stage)

    def last(self, stage: str) -> Visit | None:
        return next((v for v in reversed(self.visits) if v.stage == stage), None)

    @property
    def returns(self) -> int:
        """How often the edition went back to drafting."""
        return max(0, sum(v.stage == Stage.DRAFTING for v in self.visits) - 1)

    @property
    def days_late(self) -> int:
        """Days beyond the stage's limit; 0 when in time, unknown or closed."""
        now = self.current
        if now is None or now.days is None or now.stage in CLOSED:
            return 0
        return max(0, now.days - STAGE_DAYS[now.stage])


def standing(events: Iterable[Event], *, now: datetime | None = None) -> Standing:
    """The visits that a subject's events tell of, in their order."""
    moves = [event for event in events if event.to_state]
    now = now or timezone.now()
    visits = []
    for number, event in enumerate(moves):
        following = moves[number + 1] if number + 1 < len(moves) else None
        visits.append(_visit(event, following, now))
    return Standing(tuple(visits))


def _visit(event: Event, following: Event | None, now: datetime) -> Visit:
    since, exact_since = boundary(event)
    until, exact_until = boundary(following) if following else (None, True)
    closed = following is None and event.to_state in CLOSED
    end = until if following else now
    days = None if closed or since is None or end is None else max(0, (end - since).days)
    return Visit(event.to_state, event.occurred, since, until, days, not (exact_since and exact_until))


def boundary(event: Event) -> tuple[datetime | None, bool]:
    """When an event happened: its instant and whether that is exact; None where nobody knows."""
    if not event.occurred:
        return event.at, True
    if event.occurred == "open":
        return None, False
    moment = edtf.parse(event.occurred)
    if moment.first is None:
        return None, False
    return datetime(moment.first.year, moment.first.month, moment.first.day, tzinfo=UTC), moment.precision == "day"


def moves_of(editions: Any) -> QuerySet[Event]:
    """The changes of stage of all these editions, each edition's in their order."""
    events = Event.objects.filter(subject_kind="edition", subject_id__in=editions)
    moves = events.exclude(to_state="").order_by("subject_id", "sequence")
    return moves.only("subject_id", "sequence", "to_state", "at", "occurred")


def by_edition(editions: Iterable[Edition], moves: Iterable[Event]) -> dict[int, Standing]:
    """The standing of each edition, by its id."""
    found: dict[int, list[Event]] = {edition.pk: [] for edition in editions}
    for event in moves:
        found[event.subject_id].append(event)
    now = timezone.now()
    return {pk: standing(events, now=now) for pk, events in found.items()}


def standings(editions: Iterable[Edition]) -> dict[int, Standing]:
    """The same, read from the database; one query for all."""
    listed = list(editions)
    return by_edition(listed, moves_of([edition.pk for edition in listed]))
