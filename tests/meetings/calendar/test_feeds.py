"""A calendar that others subscribe to: a name, a rhythm, each zone once, and nobody's address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time

import icalendar
import pytest

from meetings.calendar import content

from . import making as m

SIX_HOURS = timedelta(hours=6)


def test_a_feed_has_a_name_and_a_rhythm() -> None:
    raw = content.feed("Ghana TWG, meetings\r\n", [m.event()], SIX_HOURS, description="All of them; since 2008")
    assert m.lines(raw)[3:11] == [
        "METHOD:PUBLISH", "CALSCALE:GREGORIAN", "NAME:Ghana TWG\\, meetings", "X-WR-CALNAME:Ghana TWG\\, meetings",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H", "DESCRIPTION:All of them\\; since 2008",
        "X-WR-CALDESC:All of them\\; since 2008",
    ]  # fmt: skip
    first, second = m.by_icalendar(raw), m.by_vobject(raw)
    assert first["REFRESH-INTERVAL"].dt == SIX_HOURS
    assert (second.method.value, len(second.vevent_list)) == ("PUBLISH", 1)


def test_each_zone_is_told_once() -> None:
    zones = ["Africa/Accra", "Europe/Paris", "Africa/Dakar"] * 3
    many = [m.event(uid=f"{n}@palabre", zone=zone) for n, zone in enumerate(zones)]
    told = m.lines(content.feed("All", many, SIX_HOURS))
    assert [line for line in told if line.startswith("TZID:")] == [
        "TZID:Africa/Accra", "TZID:Europe/Paris", "TZID:Africa/Dakar",
    ]  # fmt: skip
    assert told.count("BEGIN:VEVENT") == 9


def test_a_zone_whose_rules_changed_meanwhile_is_told_in_utc_and_the_others_are_not() -> None:
    """Of two tables of one zone Outlook reads one: each of these meetings must be shown at its own hour."""
    summers = [datetime(year, 7, 1, 9, tzinfo=UTC) for year in (2006, 2008)]
    many = [m.event(uid=f"{n}@palabre", zone="America/New_York", starts=starts) for n, starts in enumerate(summers)]
    told = m.lines(content.feed("All", [*many, m.event()], SIX_HOURS))
    assert {"DTSTART:20060701T090000Z", "DTSTART:20080701T090000Z"} <= set(told)
    assert [line for line in told if line.startswith("TZID:")] == ["TZID:Africa/Accra"]


def test_a_cancelled_meeting_shows_as_cancelled() -> None:
    first = m.by_icalendar(content.feed("All", [m.event(status="CANCELLED")], SIX_HOURS)).walk("VEVENT")[0]
    assert (str(first["STATUS"]), str(first["X-MICROSOFT-CDO-BUSYSTATUS"])) == ("CANCELLED", "FREE")


def test_who_is_invited_is_nobodys_business() -> None:
    raw = content.feed("All", [m.event()], SIX_HOURS)
    assert b"ATTENDEE" not in raw
    assert b"interior.example" not in raw


def test_an_empty_calendar_is_one() -> None:
    raw = content.feed("Nothing yet", [], SIX_HOURS)
    assert m.by_icalendar(raw).walk("VEVENT") == []
    m.by_vobject(raw)


def test_a_feed_in_which_nothing_changed_is_the_same_to_the_octet() -> None:
    many = [m.event(uid=f"{n}@palabre", starts=m.STAMP + timedelta(days=7 * n)) for n in range(20)]
    assert content.feed("All", many, SIX_HOURS) == content.feed("All", many, SIX_HOURS)


@pytest.mark.parametrize("zone", ["Africa/Accra", "Europe/Paris"])
def test_a_thousand_meetings_take_no_longer_than_icalendar_takes_for_them(zone: str) -> None:
    """Twice as long at most, for what icalendar does not do: zones, folding that tears nothing, cleaning."""
    many = [m.event(uid=f"{n}@palabre", zone=zone, starts=m.STAMP + timedelta(days=n)) for n in range(1000)]
    content.feed("All", many[::100], SIX_HOURS)  # the zone is looked up once in a process
    began = process_time()
    raw = content.feed("All", many, SIX_HOURS)
    ours = process_time() - began
    began = process_time()
    bare = icalendar.Calendar()
    for one in many:
        entry = icalendar.Event()
        for name, value in (
            ("uid", one.uid), ("dtstamp", one.stamp), ("dtstart", one.starts), ("dtend", one.ends),
            ("summary", one.summary), ("sequence", one.sequence), ("status", one.status),
        ):  # fmt: skip
            entry.add(name, value)
        bare.add_component(entry)
    bare.to_ical()
    assert ours < 2 * (process_time() - began)
    assert raw.count(b"BEGIN:VEVENT") == 1000
    assert raw.count(b"BEGIN:VTIMEZONE") == 1
