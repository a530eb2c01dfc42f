"""All that writes attendance. Every change is an event of the meeting, which is locked meanwhile (S18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting
from workflow.engine import clock, events
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.storing import store
from workflow.groups.models import Institution

from . import places
from .models import Attendance, Source, Way
from .places import Place

TOLD = ("came", "way", "rank", "role", "category", "institution", "arrived_at", "left_at", "replaces", "confirmed")
OWN = ("came", "way", "rank", "arrived_at", "left_at")  # what one says of oneself
MOST_STRANGERS = 1000  # who signed in by code and wait to be confirmed, at one meeting


# -- the chair and the secretariat write ------------------------------------------------------------------


@transaction.atomic
def record(
    meeting: Meeting,
    person: Any,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    seen: int | None = None,
    source: str = Source.KEEPER,
) -> Attendance:
    """Write down that somebody with an account came, or how; `seen` is how often the row had changed before them.

    Raises NotPermitted, Unmet, Conflict, or ValidationError on the fields.
    """
    places.check_runner(meeting, actor)
    with engine.change(meeting, "attendance_recorded", actor=actor) as change:
        places.check_listed(change.subject)
        row = _row_of(change.subject, person)
        _check_seen(change.subject, row, seen)
        return _put(change, row, dict(fields), source)


@transaction.atomic
def record_several(meeting: Meeting, people: Iterable[Any], *, actor: Any, way: str = Way.ROOM) -> int:
    """Tick off invited people who came; those who stand in the list already stay as they are. Returns how many."""
    places.check_runner(meeting, actor)
    with engine.change(meeting, "attendance_recorded", actor=actor) as change:
        places.check_listed(change.subject)
        there = set(Attendance.objects.filter(meeting=meeting).values_list("person", flat=True))
        added = [person for person in people if person.pk not in there]
        for person in added:
            put(_new(change.subject, person), {"way": way}, Source.KEEPER)
        if added:
            change.data["people"] = [person.pk for person in added]
    return len(added)


@transaction.atomic
def record_walk_in(
    meeting: Meeting, fields: Mapping[str, Any], *, actor: Any, row: Attendance | None = None, seen: int | None = None
) -> Attendance:
    """Write down somebody without an account, or change (and so confirm) the `row` of one."""
    places.check_runner(meeting, actor)
    with engine.change(meeting, "attendance_recorded", actor=actor) as change:
        places.check_listed(change.subject)
        fresh = Attendance.objects.get(pk=row.pk) if row else Attendance(meeting=change.subject)
        _check_seen(change.subject, fresh, seen)
        return _put(change, fresh, {**fields, "confirmed": True}, Source.KEEPER)


@transaction.atomic
def confirm(row: Attendance, *, actor: Any) -> None:
    """A stranger who signed in by code was there indeed."""
    places.check_runner(row.meeting, actor)
    with engine.change(row.meeting, "walk_in_confirmed", actor=actor) as change:
        places.check_listed(change.subject)
        _put(change, Attendance.objects.get(pk=row.pk), {"confirmed": True}, row.source)


@transaction.atomic
def strike(row: Attendance, *, actor: Any, note: str) -> None:
    """Somebody in the list was not there: the row stays, and the reason stands in the history."""
    places.check_runner(row.meeting, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(row.meeting, "attendance_struck", actor=actor, note=note) as change:
        places.check_listed(change.subject)
        told = {"came": False, "confirmed": True, "arrived_at": None, "left_at": None}
        _put(change, Attendance.objects.get(pk=row.pk), told, row.source)


# -- people say so themselves -----------------------------------------------------------------------------


@transaction.atomic
def sign_in(meeting: Meeting, *, actor: Any, way: str = Way.ROOM) -> Attendance:
    """Whoever is invited or has a seat signs in with one press; pressing again changes nothing. Takes no rights
    from the code: the view has asked for it."""
    place = places.place_of(meeting, actor)
    if place is None:
        raise NotPermitted(_("You are not invited to this meeting."))
    with engine.change(meeting, "signed_in", actor=actor) as change:
        places.check_doors(change.subject)
        row = _row_of(change.subject, actor, place)
        if row.pk and row.came:
            return row
        told = {"came": True, "way": way, "arrived_at": clock.moment(), "left_at": None}
        return _put(change, row, told, Source.CODE)


@dataclass(frozen=True)
class Stranger:
    """What somebody without an invitation says of themselves."""

    name: str
    institution: str
    rank: str = ""
    way: str = Way.ROOM


@transaction.atomic
def sign_in_stranger(meeting: Meeting, said: Stranger, *, actor: Any = None) -> Attendance:
    """A walk-in, which counts once the secretariat has confirmed it; sent twice, it is there once.

    Raises Unmet outside the meeting, ValidationError for what is missing.
    """
    with engine.change(meeting, "walk_in_signed_in", actor=actor) as change:
        locked: Meeting = change.subject
        places.check_doors(locked)
        match = places.directory_match(locked, said.institution)
        place = Place(match, "", said.rank, names={"en": said.institution.strip()} if said.institution.strip() else {})
        row = Attendance(meeting=locked, person=actor, name=said.name.strip(), **place.columns)
        row.way, row.arrived_at, row.source, row.confirmed = said.way, clock.moment(), Source.CODE, False
        if there := _same(row):
            if there.came:
                return there
            raise Unmet(_("The secretariat has struck you from the list: please speak to them."))
        if Attendance.objects.filter(meeting=locked, confirmed=False).count() >= MOST_STRANGERS:
            raise ValidationError(_("The list is full: ask the secretariat to write you down."))
        return _put(change, row, {}, Source.CODE)


def _same(row: Attendance) -> Attendance | None:
    if row.person_id:
        return Attendance.objects.filter(meeting=row.meeting, person=row.person_id).first()
    return Attendance.objects.filter(meeting=row.meeting, person=None, folded=row.fold()).first()


@transaction.atomic
def correct(meeting: Meeting, fields: Mapping[str, Any], *, actor: Any, seen: int | None = None) -> Attendance:
    """What somebody says of themselves: there or not, from when to when, in which rank (until the minutes stand)."""
    with engine.change(meeting, "attendance_corrected", actor=actor) as change:
        if not places.corrects(change.subject):
            places.check_listed(change.subject)
            raise NotPermitted(_("One corrects this once the meeting has begun."))
        row = _row_of(change.subject, actor)
        if row.pk is None and places.invitation_of(meeting, actor) is None:
            raise NotPermitted(_("You are not invited to this meeting."))
        _check_seen(change.subject, row, seen)
        told = {name: value for name, value in fields.items() if name in OWN}
        if not told.get("came", True):
            told |= {"arrived_at": None, "left_at": None}
        return _put(change, row, told, row.source if row.pk else Source.SELF)


# -- rows -------------------------------------------------------------------------------------------------


def _row_of(meeting: Meeting, person: Any, place: Place | None = None) -> Attendance:
    """The person's row at the meeting, or a new one that is not saved yet. The meeting is locked."""
    found = Attendance.objects.filter(meeting=meeting, person=person).first()
    return found or _new(meeting, person, place)


def _new(meeting: Meeting, person: Any, place: Place | None = None) -> Attendance:
    place = place or places.place_of(meeting, person) or Place()
    return Attendance(meeting=meeting, person=person, name=str(person), **place.columns)


def _check_seen(meeting: Meeting, row: Attendance, seen: int | None) -> None:
    if seen is not None and seen != row.changes:
        raise Conflict(meeting, engine.events_since(meeting, None), _("This line of the list has changed meanwhile."))


def put(row: Attendance, fields: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """Change a row and save it. Returns what differs, as the history tells it; None when nothing does."""
    before = _columns(row) if row.pk else {}
    for name, value in fields.items():
        setattr(row, name, value)
    institution = fields.get("institution")
    if isinstance(institution, Institution) and before.get("institution") != institution.pk:
        row.institution_names, row.category = dict(institution.names), institution.category
    after = _columns(row)
    if before == after:
        return None
    if not before:
        row.source = source
    row.changes += 1
    store(row)
    told = {n: [before.get(n), after[n]] for n in TOLD if before.get(n) != after[n] and (before or after[n])}
    if "rank" in told:
        # Whether one was known, not which: the meeting's history has more readers than the ranks have (S30).
        told["rank"] = [bool(value) for value in told["rank"]]
    return told


def _columns(row: Attendance) -> dict[str, Any]:
    return {name: events.plain(getattr(row, name)) for name in (*TOLD, "name", "institution_names")}


def _put(change: engine.Change, row: Attendance, fields: Mapping[str, Any], source: str) -> Attendance:
    """`put`, told: whose row, and what differs. Of a walk-in no name is told: that stands in the row."""
    differing = put(row, fields, source)
    if differing is not None:
        change.always = True
        change.data["attendance"] = row.pk
        if row.person_id:
            change.data["person"] = row.person_id
        change.data["attended"] = differing
    return row
