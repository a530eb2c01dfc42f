"""Bringing a list in: what the secretariat has chosen for each person in it, all or nothing (S18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting
from workflow.engine import services as engine
from workflow.groups.models import Person

from . import places
from .lists import Entry
from .matching import Match
from .models import Attendance, Source, Way
from .places import Place
from .services import put

WALK_IN, SKIP = "walk-in", "skip"


@transaction.atomic
def bring_in(
    meeting: Meeting, matches: Sequence[Match], chosen: Mapping[int, str], *, actor: Any, way: str = Way.ROOM
) -> int:
    """Write every line as it was chosen: a person's key, `walk-in` or `skip`, by the line's place in the list.

    Who stands in the list already keeps what was written of them, and gets what was missing. Returns how many lines
    were written. Raises ValidationError on the lines (`row-0`), and then nothing is written.
    """
    places.check_runner(meeting, actor)
    asked = {at: choice for at, choice in chosen.items() if choice != SKIP}
    _check_once(asked)
    with engine.change(meeting, "attendance_imported", actor=actor) as change:
        places.check_listed(change.subject)
        people = Person.objects.in_bulk([int(c) for c in asked.values() if c != WALK_IN])
        rows = {row.person_id or row.folded: row for row in Attendance.objects.filter(meeting=meeting)}
        written = 0
        for at, choice in sorted(asked.items()):
            try:
                written += _write(change.subject, matches[at].entry, people.get(_key(choice)), rows, way)
            except ValidationError as error:
                raise ValidationError({f"row-{at}": error.messages}) from error
        if written:
            change.data["imported_rows"] = written
    return written


def _key(choice: str) -> int:
    return int(choice) if choice != WALK_IN else 0


def _check_once(chosen: Mapping[int, str]) -> None:
    counted = Counter(choice for choice in chosen.values() if choice != WALK_IN)
    twice = {f"row-{at}": _("Two lines can't be the same person.") for at, c in chosen.items() if counted[c] > 1}
    if twice:
        raise ValidationError({name: [text] for name, text in twice.items()})


def _write(meeting: Meeting, entry: Entry, person: Any, rows: dict[Any, Attendance], way: str) -> bool:
    """Write one line; False when the list says all of it already."""
    row = _row(meeting, entry, person)
    existing = rows.get(person.pk if person else row.fold())
    if existing is None:
        put(row, {"way": way, "rank": entry.rank or row.rank, **_times(entry)}, Source.LIST)
        rows[row.person_id or row.folded] = row
        return True
    told: dict[str, Any] = {"came": True, "confirmed": True}
    if not existing.came:
        told["way"] = way
    brought = {"rank": entry.rank, **_times(entry)}
    told |= {name: value for name, value in brought.items() if value and not getattr(existing, name)}
    return put(existing, told, existing.source) is not None


def _times(entry: Entry) -> dict[str, Any]:
    return {"arrived_at": entry.arrived, "left_at": entry.left}


def _row(meeting: Meeting, entry: Entry, person: Any) -> Attendance:
    """A line that is not written yet."""
    if person is not None:
        place = places.place_of(meeting, person) or Place()
        return Attendance(meeting=meeting, person=person, name=str(person), **place.columns)
    institution = places.directory_match(meeting, entry.institution) if entry.institution else None
    place = Place(institution, "", entry.rank, names={"en": entry.institution} if entry.institution else {})
    return Attendance(meeting=meeting, name=entry.name, **place.columns)
