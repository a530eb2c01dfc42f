"""What the pages of templates, profiles and editions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.engine import edtf, spans
from workflow.engine.drawing import Drawing, draw
from workflow.engine.models import Event
from workflow.engine.together import Listing, Wanted
from workflow.groups import words
from workflow.groups.models import Role, Twg
from workflow.groups.seated import holders, seats_in, speaking_for

from .durations import Standing, Visit, by_edition, moves_of
from .flow import EditionFlow, with_surroundings
from .models import TRACK, Edition, EditionQuerySet, Profile, Stage

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One stage of an edition's track."""

    value: str
    label: Text
    status: str
    since: datetime | None
    told: str
    days: int | None
    note: str


def handed_to(twg: Twg) -> int | None:
    """Who keeps the TWG's profiles up to date once all were handed over, as `Seat.handed_to` says (S02)."""
    keeping = set(
        Profile.objects.filter(twg__in=[twg.pk, twg.linked_to_id or twg.pk]).values_list("updated_by", flat=True)
    )
    return None if None in keeping else max(keeping, default=None)


def drafters(twg: Twg, institution: int | None = None) -> Any:
    """The people who draft for the TWG, or for whom a text was handed to, as `access.drafter` has it."""
    if institution := institution or handed_to(twg):
        return speaking_for(institution, twg)
    return holders(seats_in(twg, (Role.CONSULTANT,)))


def track(edition: Edition, standing: Standing) -> list[Step]:
    """The stages from template to publication, each with when it was reached and how long it lasted."""
    here = list(TRACK).index(Stage(edition.stage)) if edition.stage in TRACK else _last_reached(standing)
    return [
        _step(edition, standing, stage, _status(edition, place, here), standing.last(stage) if place <= here else None)
        for place, stage in enumerate(TRACK)
    ]


def _step(edition: Edition, standing: Standing, stage: Stage, status: str, visit: Visit | None) -> Step:
    days = standing.total(stage) if visit and stage != Stage.PUBLISHED else None
    about = days if days is not None and standing.approximate(stage) else None
    return Step(
        value=stage.value,
        label=stage.label,
        status=status,
        since=visit.since if visit else None,
        told=_told(edition, visit),
        days=None if about is not None else days,
        note="" if about is None else _("about %(time)s") % {"time": spans.words(about)},
    )


def _told(edition: Edition, visit: Visit | None) -> str:
    """When a stage began, as far as it is known; the publication bears its own date."""
    if visit is None:
        return ""
    return edition.published_on if visit.stage == Stage.PUBLISHED and edition.published_on else visit.told


def _last_reached(standing: Standing) -> int:
    """Where a withdrawn edition stood before."""
    stages = [v.stage for v in standing.visits if v.stage in TRACK]
    return list(TRACK).index(Stage(stages[-1])) if stages else 0


def _status(edition: Edition, place: int, here: int) -> str:
    if edition.stage == Stage.WITHDRAWN:
        return "done" if place <= here else "off"
    if place < here or edition.stage == Stage.PUBLISHED:
        return "done"
    return "current" if place == here else "todo"


def machine(edition: Edition, standing: Standing) -> Drawing:
    """The edition's state machine, with where it stands."""
    status = {step.value: step.status for step in track(edition, standing)}
    status[Stage.WITHDRAWN] = "current" if edition.stage == Stage.WITHDRAWN else "off"
    return draw(
        EditionFlow, main=[s.value for s in TRACK], status=status, name="life", title=_("The life of an edition")
    )


def editions() -> EditionQuerySet:
    """Editions with all that a line about them shows."""
    return Edition.objects.all().select_related(
        "profile__twg__region", "profile__twg__project", "profile__owner", "template", "update_institution", "follows"
    )


@dataclass(frozen=True)
class Row:
    """One edition in a list: where it stands, for how long, whether it is late."""

    edition: Edition
    standing: Standing
    track: list[Step]
    days: int | None
    approximate: bool
    late: int

    @property
    def state_kind(self) -> str:
        return {"published": "done", "withdrawn": "off"}.get(self.edition.stage, "current")


def rows(found: Iterable[Edition]) -> list[Row]:
    """Each edition with its standing; one query for all of them."""
    listed = list(found)
    return rows_with(listed, moves_of([edition.pk for edition in listed]))


# What a line about an edition shows.
LINE = (
    "label", "stage", "published_on", "profile__code", "profile__names",
    *(f"profile__twg__{column}" for column in ("code", "names", "country", "region__names", "region__acronym")),
)  # fmt: skip
MOVE = ("subject_id", "sequence", "to_state", "at", "occurred")


def row_listings(found: QuerySet[Edition]) -> dict[str, Listing]:
    """Editions with their changes of stage, for `rows_with`."""
    moves = moves_of(found.order_by().values("pk"))
    return {
        "editions": Listing(found, *LINE),
        "moves": Listing(moves, *MOVE),
    }


def moves_wanted(edition: Edition) -> Wanted[list[Event]]:
    """One edition's changes of stage, for `durations.standing`."""
    return Wanted({"moves": Listing(moves_of([edition.pk]), *MOVE)}, lambda found: found["moves"])


def of_twg(twg: Twg, person: Any) -> dict[str, Listing]:
    """A TWG's editions, and its profiles that have none."""
    found = Edition.objects.all().visible_to(person).filter(profile__twg=twg).order_by("profile__code", "-pk")
    empty = Profile.objects.filter(twg=twg, editions=None)
    return row_listings(found) | {"without_edition": Listing(empty, "code", "names")}


def rows_with(editions: Iterable[Edition], moves: Iterable[Event]) -> list[Row]:
    """Each edition with its standing, from changes of stage that are at hand."""
    listed = list(editions)
    known = by_edition(listed, moves)
    return [row_of(edition, known[edition.pk]) for edition in listed]


def row_of(edition: Edition, standing: Standing) -> Row:
    now = standing.current
    return Row(
        edition=edition,
        standing=standing,
        track=track(edition, standing),
        days=now.days if now else None,
        approximate=bool(now and now.approximate),
        late=standing.days_late,
    )


# What one page has read already; only inside `read_once`.
_read: ContextVar[dict[int | None, list[Row]] | None] = ContextVar("standing editions of one page", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """The home page asks three times where things stand: inside this, the database is asked once."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def standing_editions(person: Any) -> list[Row]:
    """Where each profile stands, of all that the person sees, with what a line about it shows."""
    kept = _read.get()
    if kept is not None and person.pk in kept:
        return kept[person.pk]
    found = standing_among(Edition.objects.select_related("profile__twg__region").visible_to(person))
    if kept is not None:
        kept[person.pk] = found
    return found


def standing_among(found: EditionQuerySet) -> list[Row]:
    """Where each profile stands: its open edition, else the last published one."""
    latest: dict[int, Edition] = {}
    for edition in with_surroundings(found.exclude(stage=Stage.WITHDRAWN)).order_by("profile__code", "-pk"):
        kept = latest.get(edition.profile_id)
        if kept is None or (edition.is_open and not kept.is_open):
            latest[edition.profile_id] = edition
    return sorted(rows(latest.values()), key=lambda row: words.fold(row.edition.twg.place))


@dataclass(frozen=True)
class Freshness:
    """How old a profile's last edition is and when the next is due (S02)."""

    published: str
    age_days: int | None
    due: date | None
    overdue_days: int


def freshness(profile: Profile, published: Edition | None) -> Freshness:
    """The age counts from the first day that the publication can be, the next date from the last one.

    From the last published edition, the day set at the hand-over and the profile's rhythm; open where these are."""
    if published is None or not published.published_on:
        return Freshness("", None, None, 0)
    moment = edtf.parse(published.published_on)
    today = timezone.localdate()
    if moment.first is None or moment.last is None:
        return Freshness(published.published_on, None, None, 0)
    due = next_due(profile, moment.last)
    late = (today - due).days if due and due < today else 0
    return Freshness(published.published_on, (today - moment.first).days, due, late)


def next_due(profile: Profile, published: date) -> date | None:
    """When the next edition is due: on the day set at the hand-over, else by the profile's rhythm; None if open."""
    if profile.next_due and profile.next_due > published:
        return profile.next_due
    return months_after(published, profile.update_months) if profile.update_months else None


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(day.year + years, month + 1, min(day.day, last))
