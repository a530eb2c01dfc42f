"""An entry in people's calendars, as plain values (RFC 5545, 3.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Organizer:
    """Who invites, and to whom the answers go (RFC 5545, 3.8.4.3)."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class Attendee:
    """A person who is invited: `partstat` and `role` are RFC 5545's words (3.2.12, 3.2.16).

    `delegated_to` and `delegated_from` are addresses: of who comes instead, and of whom they come instead of.
    """

    email: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    role: str = "REQ-PARTICIPANT"
    rsvp: bool = True
    delegated_to: str = ""
    delegated_from: str = ""


@dataclass(frozen=True)
class Alarm:
    """A reminder, `before` the beginning (RFC 5545, 3.6.6)."""

    before: timedelta


@dataclass(frozen=True)
class CalendarEvent:
    """What a calendar is told of one meeting or deadline. Raises ValueError for times that are none.

    `stamp` (DTSTAMP), `starts`, `ends`, `modified` and `created` are aware; `zone` is the IANA name of the zone in
    which it takes place. An event that ends as it starts is a moment, such as a deadline. One that lasts `all_day`
    takes up every day of that zone that it touches. `map_url` shows the place, `video_url` opens the video call.
    """

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
    created: datetime | None = None
    map_url: str = ""

    def __post_init__(self) -> None:
        moments = [self.stamp, self.starts, self.ends, self.modified, self.created]
        if any(moment is not None and moment.utcoffset() is None for moment in moments):
            raise ValueError(f"{self.uid}: a time without its zone means another moment in every country")
        if self.ends < self.starts:
            raise ValueError(f"{self.uid}: it ends before it begins")
        if not 1900 <= self.starts.year <= self.ends.year <= 9000:
            raise ValueError(f"{self.uid}: nobody meets in {self.starts.year} or {self.ends.year}")
