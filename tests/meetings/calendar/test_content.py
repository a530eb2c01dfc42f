"""What leaves for other calendars is read by two parsers that are not ours, whatever the title and wherever it is."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
import vobject
from dateutil import tz
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar import content
from meetings.calendar.event import Alarm, Attendee, CalendarEvent, Organizer

STAMP = datetime(2009, 3, 1, 8, tzinfo=UTC)
WHEN = (datetime(2008, 1, 2), datetime(2030, 12, 30))  # noqa: DTZ001 - hypothesis takes plain ones
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def event(**fields: Any) -> CalendarEvent:
    starts = fields.pop("starts", datetime(2009, 4, 15, 9, tzinfo=UTC))
    usual: dict[str, Any] = {
        "uid": "1@palabre", "sequence": 2, "stamp": STAMP, "starts": starts, "ends": starts + timedelta(hours=3),
        "zone": "Africa/Accra", "summary": "Third meeting",
    }  # fmt: skip
    return CalendarEvent(**usual | fields)


def asked(**fields: Any) -> CalendarEvent:
    people = (Attendee("ama@interior.example", "Mensah, Ama: director"), Attendee("kofi@labour.example", "Kofi"))
    return event(organizer=Organizer("secretariat@twg.example", "The secretariat"), attendees=people, **fields)


def read(raw: bytes) -> Any:
    """The only event, by icalendar, which vobject reads too."""
    vobject.readOne(raw.decode())
    [found] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    return found


def unfolded(raw: bytes) -> list[str]:
    return raw.decode().replace("\r\n ", "").split("\r\n")


def test_the_method_stands_before_everything_else_that_programs_look_for() -> None:
    lines = unfolded(content.request(asked()))
    assert lines[:5] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{content.PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:REQUEST",
    ]  # fmt: skip
    assert lines.index("BEGIN:VTIMEZONE") < lines.index("BEGIN:VEVENT")


def test_an_invitation_says_who_asks_whom_for_when_and_where() -> None:
    told = asked(
        location="Accra, Ridge", video_url="https://meet.example/a?b=1", url="https://palabre.example/m/1",
        categories=("Regular meeting",), alarms=(Alarm(timedelta(hours=1)),), description="First line\nSecond; line",
    )  # fmt: skip
    found = read(content.request(told))
    assert (str(found["SUMMARY"]), str(found["LOCATION"]), int(found["SEQUENCE"])) == (
        "Third meeting",
        "Accra, Ridge",
        2,
    )
    assert str(found["DESCRIPTION"]) == "First line\nSecond; line"
    assert found["ORGANIZER"].params["CN"] == "The secretariat"
    ama, kofi = found["ATTENDEE"]
    assert (str(ama), ama.params["CN"]) == ("mailto:ama@interior.example", "Mensah, Ama: director")
    assert (kofi.params["PARTSTAT"], kofi.params["RSVP"], kofi.params["ROLE"]) == (
        "NEEDS-ACTION", "TRUE", "REQ-PARTICIPANT",
    )  # fmt: skip
    assert [str(alarm["TRIGGER"].to_ical(), "ascii") for alarm in found.walk("VALARM")] == ["-PT1H"]
    assert "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example/a?b=1" in unfolded(content.request(told))


def test_a_cancellation_keeps_the_name_and_rings_no_bell() -> None:
    raw = content.cancel(asked(alarms=(Alarm(timedelta(hours=1)),)))
    found = read(raw)
    assert (str(found["UID"]), str(found["STATUS"]), found.walk("VALARM")) == ("1@palabre", "CANCELLED", [])
    assert b"METHOD:CANCEL" in raw


def test_a_feed_has_a_name_a_rhythm_and_each_zone_once() -> None:
    many = [event(uid=f"{n}@palabre", zone=zone) for n, zone in enumerate(["Africa/Accra", "Africa/Dakar"] * 3)]
    lines = unfolded(content.feed("Ghana TWG, meetings", many, refresh=timedelta(hours=6)))
    assert "X-WR-CALNAME:Ghana TWG\\, meetings" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H0M" in lines
    assert [line for line in lines if line.startswith("TZID:")] == ["TZID:Africa/Accra", "TZID:Africa/Dakar"]
    assert lines.count("BEGIN:VEVENT") == 6


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    raw = content.request(asked(summary="Réunion du GTT sur les migrations — " * 8, description="é" * 500))
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_a_name_can_say_nothing_but_a_name() -> None:
    person = Attendee("ama@interior.example", 'Ama "the boss"\r\nATTENDEE:mailto:evil@example.org;X=1')
    raw = content.request(replace(asked(), attendees=(person,)))
    found = read(raw)
    assert str(found["ATTENDEE"]) == "mailto:ama@interior.example"
    assert b"\r\nATTENDEE:mailto:evil" not in raw


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=80), st.text(max_size=80))
def test_whatever_people_write_both_parsers_read_it(title: str, words: str, place: str, name: str) -> None:
    told = asked(summary=title, description=words, location=place)
    told = replace(told, attendees=(Attendee("a@example.org", name),))
    raw = content.request(told)
    found = read(raw)
    assert len(found.walk()) == 1, "no component comes from a text"
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    seen = " ".join("".join(c for c in title if c.isprintable()).split())
    kept = " ".join("".join(c for c in str(found["SUMMARY"]) if c.isprintable()).split())
    assert kept == seen or any(not c.isprintable() for c in title)


def instants(raw: bytes) -> list[datetime]:
    """Begin and end in UTC, as dateutil finds them through the file's own VTIMEZONE."""
    told = raw.decode().replace("\r\n ", "")
    moments = re.findall(r"^DT(?:START|END)(?:;TZID=([^:]+))?:(\d{8}T\d{6})", told.partition("BEGIN:VEVENT")[2], re.M)
    zones = tz.tzical(io.StringIO(told)) if "BEGIN:VTIMEZONE" in told else None

    def moment(zone: str, local: str) -> datetime:
        place = zones.get(zone) if zones and zone else UTC
        return datetime.strptime(local, "%Y%m%dT%H%M%S").replace(tzinfo=place).astimezone(UTC)

    return [moment(zone, local) for zone, local in moments]


def renamed(raw: bytes, zone: str, year: int) -> bytes:
    """With a zone that nobody knows by its name: parsers remember a zone, and look well-known ones up."""
    name = f"Own-{zone}-{year}".encode()
    return raw.replace(f"TZID:{zone}".encode(), b"TZID:" + name).replace(f"TZID={zone}".encode(), b"TZID=" + name)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(*WHEN))
def test_the_moment_is_the_same_in_every_zone_whatever_its_clock_does(zone: str, moment: datetime) -> None:
    starts = moment.replace(microsecond=0, tzinfo=UTC)
    told = event(starts=starts, zone=zone)
    raw = content.request(told)
    found = read(raw)
    assert found["DTSTART"].dt.astimezone(UTC) == told.starts
    assert found["DTEND"].dt.astimezone(UTC) == told.ends
    by_itself = renamed(raw, zone, starts.year)
    [own] = icalendar.Calendar.from_ical(by_itself).walk("VEVENT")
    assert own["DTSTART"].dt.astimezone(UTC) == told.starts, "by the file's own rules, and not by the zone's name"
    assert instants(by_itself) == [told.starts, told.ends]


@pytest.mark.parametrize(
    ("zone", "local"),
    [("Europe/Paris", "2009-03-29T03:30"), ("Africa/Casablanca", "2009-06-01T09:00"),
     ("Africa/Cairo", "2010-08-11T09:00"), ("Asia/Kathmandu", "2012-01-01T09:00"), 
     ("America/St_Johns", "2011-11-06T09:00")],
)  # fmt: skip
def test_zones_with_a_history(zone: str, local: str) -> None:
    starts = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    raw = content.request(event(starts=starts, zone=zone))
    assert instants(renamed(raw, zone, starts.year))[0] == starts.astimezone(UTC)
