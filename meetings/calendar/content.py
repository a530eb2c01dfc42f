"""Invitations, cancellations, replies and feeds as iCalendar (RFC 5545, 5546, 7986).

`ics` makes the content of an entry. It knows nothing of DTSTAMP, SEQUENCE, the time zones of its entries, or parameters
that need quoting, writes addresses of the web as if they were texts, folds no lines, and puts METHOD last. The lines
that this concerns are handed to it ready, and the calendar around the entries is put together here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ics
from ics.grammar.parse import Container

from . import zones
from .addresses import mailto
from .event import Attendee, CalendarEvent, Organizer
from .lines import clean, duration, folded, line, one_line, text, uri, utc

PRODUCT = "-//Palabre//Meetings//EN"
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT", "Universal", "Etc/Universal"})


def request(event: CalendarEvent) -> bytes:
    """An invitation, or the update of one sent before: the same UID, a higher SEQUENCE (RFC 5546, 3.2.2).

    Raises ValueError without an organizer, to whom the answers go, and for a cancelled event, which invites nobody.
    """
    if event.status == "CANCELLED":
        raise ValueError(f"{event.uid}: nobody is invited to what is cancelled")
    return _scheduling("REQUEST", event)


def cancel(event: CalendarEvent, attendees: Sequence[Attendee] | None = None) -> bytes:
    """The meeting is cancelled for all; or, of a meeting that takes place, `attendees` are taken off the list.

    For these the entry has no STATUS: CANCELLED would say it of the whole meeting (RFC 5546, 3.2.5). No bell rings.
    """
    if attendees is None:
        return _scheduling("CANCEL", replace(event, status="CANCELLED", alarms=()))
    return _scheduling("CANCEL", replace(event, status="", attendees=tuple(attendees), alarms=()))


def reply(event: CalendarEvent, attendee: Attendee, comment: str = "") -> bytes:
    """What `attendee` answers to the organizer, their PARTSTAT being the answer (RFC 5546, 3.2.3)."""
    told = replace(event, attendees=(attendee,), alarms=())
    extra = [line("REQUEST-STATUS", "2.0;Success")]
    return _scheduling("REPLY", told, [*extra, line("COMMENT", text(comment))] if comment else extra)


def publish(events: Sequence[CalendarEvent]) -> bytes:
    """Entries to be taken over by hand. Who is invited is not told (RFC 5546, 3.2.1)."""
    return _calendar("PUBLISH", [replace(event, attendees=()) for event in events])


def feed(name: str, events: Sequence[CalendarEvent], refresh: timedelta, description: str = "") -> bytes:
    """A calendar that others subscribe to and read again after `refresh` (RFC 7986, 5). Who is invited is not told."""
    about = [
        line("NAME", text(one_line(name))), line("X-WR-CALNAME", text(one_line(name))),
        line("REFRESH-INTERVAL", duration(refresh), {"VALUE": "DURATION"}),
        line("X-PUBLISHED-TTL", duration(refresh)),
    ]  # fmt: skip
    if description:
        about += [line("DESCRIPTION", text(description)), line("X-WR-CALDESC", text(description))]
    return _calendar("PUBLISH", [replace(event, attendees=()) for event in events], about)


# -- the calendar around the entries -----------------------------------------------------------------------


def _scheduling(method: str, event: CalendarEvent, extra: Iterable[Any] = ()) -> bytes:
    if event.organizer is None:
        raise ValueError(f"{event.uid}: {method} needs an organizer, to whom the answers go")
    return _calendar(method, [event], extra=extra)


def _calendar(
    method: str, events: Sequence[CalendarEvent], about: Iterable[Any] = (), extra: Iterable[Any] = ()
) -> bytes:
    """`about` are lines of the calendar, `extra` ones of its only entry."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"METHOD:{method}", "CALSCALE:GREGORIAN",
        *map(str, about),
    ]  # fmt: skip
    tables = _tables(events)
    for table in tables.values():
        lines += table
    for event in events:
        lines += _entry(event, [*_facts(event), *_times(event, tables), *_scheduled(event, method), *extra])
    return folded([*lines, "END:VCALENDAR"])


def _tables(events: Iterable[CalendarEvent]) -> dict[str, list[str]]:
    """The VTIMEZONE of each zone that has one, once, for all events in it."""
    lasting: dict[str, list[datetime]] = {}
    for event in events:
        if event.zone not in UTC_NAMES and not event.all_day and not _comes_twice(event):
            lasting.setdefault(event.zone, []).extend((event.starts, event.ends))
    made = {zone: zones.block(zone, min(moments), max(moments)) for zone, moments in lasting.items()}
    return {zone: table for zone, table in made.items() if table}


def _comes_twice(event: CalendarEvent) -> bool:
    """Whether an end of it is told twice by the clock that night: local time would not say which (RFC 5545, 3.3.5)."""
    there = [moment.astimezone(ZoneInfo(event.zone)) for moment in (event.starts, event.ends)]
    return any(one.replace(fold=0).utcoffset() != one.replace(fold=1).utcoffset() for one in there)


# -- one entry ---------------------------------------------------------------------------------------------


def _entry(event: CalendarEvent, ready: Iterable[Any]) -> list[str]:
    """The entry as `ics` writes it, with the lines that it is given ready, and alarms after all lines (3.6.1)."""
    made = ics.Event(
        uid=text(event.uid), name=one_line(event.summary), description=_description(event),
        location="" if event.map_url else one_line(event.location), status=event.status or None,
        transparent=event.transparent, classification="PRIVATE" if event.private else "PUBLIC",
    )  # fmt: skip
    made.extra = Container("VEVENT", *ready)
    *written, end = made.serialize().split("\r\n")
    alarms = [written_line for alarm in event.alarms for written_line in str(_alarm(event, alarm.before)).split("\r\n")]
    return [*written, *alarms, end]


def _description(event: CalendarEvent) -> str:
    """With the way into the video call: most programs do not know CONFERENCE and show the text alone."""
    told = clean(event.description).strip()
    if not event.video_url or event.video_url in event.description or event.video_url in event.location:
        return told
    return f"{told}\n\n{clean(event.video_url)}".strip()


def _times(event: CalendarEvent, tables: Mapping[str, Any]) -> list[Any]:
    """In the zone in which it takes place, so that a calendar shows both that time and the reader's own."""
    place = ZoneInfo(event.zone)
    if event.all_day:
        first, last = event.starts.astimezone(place), event.ends.astimezone(place)
        # DTEND is the day after; what ends at midnight does not touch the day that begins then.
        after = last.date() + timedelta(days=1) if last.time() != datetime.min.time() or last <= first else last.date()
        days = {"VALUE": "DATE"}
        return [line("DTSTART", f"{first:%Y%m%d}", days), line("DTEND", f"{after:%Y%m%d}", days)]
    moments = [("DTSTART", event.starts)]
    if event.ends > event.starts:  # DTEND must be later than DTSTART (3.8.2.2); a moment has none
        moments.append(("DTEND", event.ends))
    if event.zone not in tables or _comes_twice(event):
        return [line(name, utc(moment)) for name, moment in moments]
    return [line(name, f"{moment.astimezone(place):%Y%m%dT%H%M%S}", {"TZID": event.zone}) for name, moment in moments]


def _facts(event: CalendarEvent) -> list[Any]:
    lines = [line("DTSTAMP", utc(event.stamp)), line("SEQUENCE", str(event.sequence))]
    if event.created:
        lines.append(line("CREATED", utc(event.created)))
    if event.modified:
        lines.append(line("LAST-MODIFIED", utc(event.modified)))
    if event.map_url:
        lines.append(line("LOCATION", text(one_line(event.location)), {"ALTREP": uri(event.map_url)}))
    if event.url:
        lines.append(line("URL", uri(event.url)))
    if event.video_url:
        lines.append(line("CONFERENCE", uri(event.video_url), {"VALUE": "URI", "FEATURE": "VIDEO"}))
    if event.categories:
        lines.append(line("CATEGORIES", ",".join(text(one_line(one)) for one in event.categories)))
    return [*lines, line("X-MICROSOFT-CDO-BUSYSTATUS", _busy(event))]


def _busy(event: CalendarEvent) -> str:
    """What Outlook shows of the hour, for which it reads neither STATUS nor TRANSP."""
    if event.transparent or event.status == "CANCELLED":
        return "FREE"
    return "TENTATIVE" if event.status == "TENTATIVE" else "BUSY"


def _alarm(event: CalendarEvent, before: timedelta) -> Any:
    return Container(
        "VALARM", line("ACTION", "DISPLAY"), line("TRIGGER", duration(-before)),
        line("DESCRIPTION", text(one_line(event.summary)) or "-"),
    )  # fmt: skip


# -- people ------------------------------------------------------------------------------------------------


def _scheduled(event: CalendarEvent, method: str) -> list[Any]:
    asked = method == "REQUEST"
    return [
        *([_organizer(event.organizer)] if event.organizer else []),
        *(_attendee(one, asked=asked) for one in event.attendees),
    ]


def _organizer(one: Organizer) -> Any:
    return line("ORGANIZER", mailto(one.email), {"CN": one.name})


def _attendee(one: Attendee, *, asked: bool) -> Any:
    told = {"CUTYPE": "INDIVIDUAL", "ROLE": one.role, "PARTSTAT": one.partstat}
    if asked:  # whoever is told of a cancellation, or answers, is asked for nothing
        told["RSVP"] = "TRUE" if one.rsvp else "FALSE"
    if one.delegated_to:
        told["DELEGATED-TO"] = mailto(one.delegated_to)
    if one.delegated_from:
        told["DELEGATED-FROM"] = mailto(one.delegated_from)
    return line("ATTENDEE", mailto(one.email), told | {"CN": one_line(one.name) or one.email})
