"""Invitations, cancellations and feeds as iCalendar (RFC 5545, 5546, 7986).

`ics` makes an event's plain content; it folds no lines and writes neither DTSTAMP, SEQUENCE, METHOD in its place, nor
VTIMEZONE, so that all lines are set here, in the order that other programs expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from . import zones
from .event import Attendee, CalendarEvent
from .lines import duration, folded, line, one_line, text, uri, utc

PRODUCT = "-//Palabre//Meetings//EN"
UTC_NAMES = ("UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT", "Universal", "Etc/Universal")


def request(event: CalendarEvent) -> bytes:
    """An invitation, or the update of one that was sent before: the same UID, a higher SEQUENCE (RFC 5546, 3.2.2)."""
    return _calendar("REQUEST", [event])


def cancel(event: CalendarEvent) -> bytes:
    """The meeting is cancelled for the attendees named (RFC 5546, 3.2.5)."""
    return _calendar("CANCEL", [replace(event, status="CANCELLED", alarms=())])


def publish(events: Sequence[CalendarEvent]) -> bytes:
    """Entries to be taken over by hand (RFC 5546, 3.2.1)."""
    return _calendar("PUBLISH", events)


def feed(name: str, events: Sequence[CalendarEvent], *, refresh: timedelta, description: str = "") -> bytes:
    """A calendar that others subscribe to (RFC 7986, 5)."""
    about = [
        line("NAME", text(one_line(name))), line("X-WR-CALNAME", text(one_line(name))),
        line("REFRESH-INTERVAL", duration(refresh), {"VALUE": "DURATION"}),
        line("X-PUBLISHED-TTL", duration(refresh)),
    ]  # fmt: skip
    if description:
        about += [line("DESCRIPTION", text(description)), line("X-WR-CALDESC", text(description))]
    return _calendar("PUBLISH", events, about)


def _calendar(method: str, events: Sequence[CalendarEvent], about: Iterable[str] = ()) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}", *about]
    for zone, years in _zones(events).items():
        lines += zones.block(zone, years)
    for event in events:
        lines += _event(event)
    return folded([*lines, "END:VCALENDAR"])


def _zones(events: Iterable[CalendarEvent]) -> dict[str, set[int]]:
    """Each zone once, with the years that its events are about."""
    found: dict[str, set[int]] = {}
    for event in events:
        if event.zone not in UTC_NAMES and not event.all_day:
            place = ZoneInfo(event.zone)
            years = {event.starts.astimezone(place).year, event.ends.astimezone(place).year}
            found.setdefault(event.zone, set()).update(years)
    return found


def _event(event: CalendarEvent) -> list[str]:
    lines = [
        "BEGIN:VEVENT", line("UID", text(event.uid)), f"DTSTAMP:{utc(event.stamp)}", f"SEQUENCE:{event.sequence}",
        *_times(event), line("SUMMARY", text(one_line(event.summary))), f"STATUS:{event.status}",
        f"TRANSP:{'TRANSPARENT' if event.transparent else 'OPAQUE'}",
        f"CLASS:{'PRIVATE' if event.private else 'PUBLIC'}",
    ]  # fmt: skip
    if event.modified:
        lines.append(f"LAST-MODIFIED:{utc(event.modified)}")
    lines += _words(event)
    if event.organizer:
        lines.append(line("ORGANIZER", _mailto(event.organizer.email), {"CN": event.organizer.name}))
    lines += [_attendee(one) for one in event.attendees]
    for alarm in event.alarms:
        lines += [
            "BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{duration(-alarm.before)}",
            line("DESCRIPTION", text(one_line(event.summary))), "END:VALARM",
        ]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _words(event: CalendarEvent) -> list[str]:
    lines = []
    if event.description:
        lines.append(line("DESCRIPTION", text(event.description)))
    if event.location:
        lines.append(line("LOCATION", text(one_line(event.location))))
    if event.url:
        lines.append(line("URL", uri(event.url)))
    if event.video_url:
        lines.append(line("CONFERENCE", uri(event.video_url), {"VALUE": "URI", "FEATURE": "VIDEO"}))
    if event.categories:
        lines.append(line("CATEGORIES", ",".join(text(one_line(one)) for one in event.categories)))
    return lines


def _times(event: CalendarEvent) -> list[str]:
    """In the zone in which it takes place, so that a calendar shows both that time and the reader's own."""
    if event.all_day:
        place = ZoneInfo(event.zone)
        days = (event.starts.astimezone(place).date(), event.ends.astimezone(place).date() + timedelta(days=1))
        return [f"DTSTART;VALUE=DATE:{days[0]:%Y%m%d}", f"DTEND;VALUE=DATE:{days[1]:%Y%m%d}"]
    if event.zone in UTC_NAMES or _is_twice(event):
        return [f"DTSTART:{utc(event.starts)}", f"DTEND:{utc(event.ends)}"]
    place = ZoneInfo(event.zone)
    return [
        line(name, f"{moment.astimezone(place):%Y%m%dT%H%M%S}", {"TZID": event.zone})
        for name, moment in (("DTSTART", event.starts), ("DTEND", event.ends))
    ]


def _is_twice(event: CalendarEvent) -> bool:
    """Whether the hour comes twice on that night: local time would not say which is meant (3.3.5)."""
    place = ZoneInfo(event.zone)
    for moment in (event.starts, event.ends):
        there = moment.astimezone(place)
        if there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset():
            return True
    return False


def _attendee(one: Attendee) -> str:
    told = {
        "CUTYPE": "INDIVIDUAL", "ROLE": one.role, "PARTSTAT": one.partstat, "RSVP": "TRUE" if one.rsvp else "FALSE",
        "CN": one.name or one.email,
    }  # fmt: skip
    if one.delegated_to:
        told["DELEGATED-TO"] = _mailto(one.delegated_to)
    if one.delegated_from:
        told["DELEGATED-FROM"] = _mailto(one.delegated_from)
    return line("ATTENDEE", _mailto(one.email), told)


def _mailto(email: str) -> str:
    return f"mailto:{uri(email)}"
