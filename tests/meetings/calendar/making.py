"""Events to send, and two readers of what leaves: `icalendar` and `vobject`, which know nothing of each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import icalendar
import vobject
from hypothesis import strategies as st

from meetings.calendar.event import Attendee, CalendarEvent, Organizer

STAMP = datetime(2009, 3, 1, 8, tzinfo=UTC)
AMA = Attendee("ama@interior.example", "Mensah, Ama: director")
KOFI = Attendee("kofi@labour.example", "Kofi", role="OPT-PARTICIPANT")
SECRETARIAT = Organizer("secretariat@twg.example", "The secretariat")
_numbers = itertools.count()

# Whatever anybody could type or paste: every character, halves of characters too, and what looks like a line.
SNIPPETS = st.sampled_from([
    "\r\nBEGIN:VEVENT", "\nATTENDEE:mailto:evil@example.org", "END:VCALENDAR", "\\n", "\\", '"', ";X=1:", "^n", "^'",
    ",", ";", ":", "%2C", "\u2028", "\x85", "\x00", "\ud800", "é", "😀", "المجموعة", "  ", "\t", "=\n", "\ufeff",
])  # fmt: skip
HOSTILE = st.lists(SNIPPETS | st.text(st.characters(), max_size=60), max_size=8).map("".join)


def event(**fields: Any) -> CalendarEvent:
    """The smallest one that can be sent to somebody; `starts` alone moves its end too."""
    starts = fields.pop("starts", datetime(2009, 4, 15, 9, tzinfo=UTC))
    usual: dict[str, Any] = {
        "uid": "1@palabre", "sequence": 2, "stamp": STAMP, "starts": starts, "ends": starts + timedelta(hours=3),
        "zone": "Africa/Accra", "summary": "Third meeting", "organizer": SECRETARIAT, "attendees": (AMA, KOFI),
    }  # fmt: skip
    return CalendarEvent(**usual | fields)


def lines(raw: bytes) -> list[str]:
    """Content lines, unfolded; the file must end with a line's end."""
    told = raw.decode().replace("\r\n ", "")
    assert told.endswith("\r\n")
    return told.split("\r\n")[:-1]


def by_icalendar(raw: bytes) -> Any:
    """The whole calendar, without a mistake that this parser knows of."""
    found = icalendar.Calendar.from_ical(raw)
    assert [one.errors for one in found.walk()] == [[] for _one in found.walk()]
    return found


def by_vobject(raw: bytes) -> Any:
    """The whole calendar; validated against vobject's own tables of what must and may be there."""
    [found] = vobject.readComponents(raw.decode(), validate=True)
    assert found.validate()
    return found


def entry(raw: bytes) -> tuple[Any, Any]:
    """The only event, as either parser sees it."""
    [first] = by_icalendar(raw).walk("VEVENT")
    [second] = by_vobject(raw).vevent_list
    return first, second


def by_its_own_table(raw: bytes, zone: str) -> bytes:
    """With a zone that nobody knows by its name: parsers look well-known zones up, and remember others."""
    name = f"Unknown-{next(_numbers)}"
    return b"".join(
        line.replace(f"TZID:{zone}".encode(), f"TZID:{name}".encode()).replace(
            f"TZID={zone}:".encode(), f"TZID={name}:".encode()
        )
        for line in raw.splitlines(keepends=True)
    )


def instants(raw: bytes, zone: str) -> set[tuple[datetime, datetime]]:
    """Begin and end in UTC, as either parser finds them through the table in the file.

    Of vobject its reading of the table is asked: by itself it takes every zone that is like UTC for none at all.
    """
    raw = by_its_own_table(raw, zone)
    first, whole = entry(raw)[0], by_vobject(raw)
    table = whole.vtimezone.tzinfo if "vtimezone" in whole.contents else UTC
    told = (whole.vevent.dtstart.value, whole.vevent.dtend.value)
    begin, end = (moment.replace(tzinfo=table).astimezone(UTC) for moment in told)
    return {(first["DTSTART"].dt.astimezone(UTC), first["DTEND"].dt.astimezone(UTC)), (begin, end)}


@contextmanager
def within_a_second() -> Iterator[None]:
    """Of this process's own time: other processes on the machine are not counted."""
    before = process_time()
    yield
    assert process_time() - before < 1
