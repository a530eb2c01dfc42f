"""An entry in people's calendars, as plain values (RFC 5545, 3.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Organizer:
    email: str
    name: str = ""


@dataclass(frozen=True)
class Attendee:
    """A person who is invited: `partstat` and `role` are RFC 5545's (3.2.12, 3.2.16)."""

    email: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    role: str = "REQ-PARTICIPANT"
    rsvp: bool = True
    delegated_to: str = ""
    delegated_from: str = ""


@dataclass(frozen=True)
class Alarm:
    before: timedelta


@dataclass(frozen=True)
class CalendarEvent:
    """`stamp`, `starts` and `ends` are aware; `zone` is the IANA name of the zone in which it takes place."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    zone: str
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    video_url: str = ""
    categories: tuple[str, ...] = ()
    status: str = "CONFIRMED"
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    modified: datetime | None = None
    all_day: bool = False
    private: bool = False
    transparent: bool = False
