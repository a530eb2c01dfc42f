"""A zone's table says what its clock does, in words that Outlook reads too; what it can't say is written in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar import content, zones

from . import outlook
from .making import event, instants, lines

ZONES = sorted(available_timezones() - {"localtime"})
WHEN = st.datetimes(datetime(2008, 1, 2), datetime(2030, 12, 30)).map(lambda m: m.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001


def local(moment: str, zone: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


def table(zone: str, *moments: str) -> list[str]:
    told = [local(moment, zone) for moment in moments]
    found = zones.block(zone, min(told), max(told))
    assert found, "a table, and not UTC"
    return found


# -- the two forms -----------------------------------------------------------------------------------------


def test_a_clock_that_is_never_turned_is_one_standard_time() -> None:
    assert table("Africa/Accra", "2009-04-15T09:00") == [
        "BEGIN:VTIMEZONE", "TZID:Africa/Accra", "BEGIN:STANDARD", "DTSTART:20080101T000000", "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0000", "TZNAME:GMT", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip


def test_a_clock_that_is_turned_twice_a_year_has_two_rules() -> None:
    assert table("Europe/Paris", "2024-07-01T09:00") == [
        "BEGIN:VTIMEZONE", "TZID:Europe/Paris", "BEGIN:STANDARD", "DTSTART:19961027T030000", "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100", "TZNAME:CET", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "BEGIN:DAYLIGHT",
        "DTSTART:19960331T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "END:VTIMEZONE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "moment", "rules"),
    [
        ("America/New_York", "2006-07-01T09:00", ["10;BYDAY=-1SU", "4;BYDAY=1SU"]),
        ("America/New_York", "2007-07-01T09:00", ["11;BYDAY=1SU", "3;BYDAY=2SU"]),
        ("Europe/Dublin", "2024-07-01T09:00", ["10;BYDAY=-1SU", "3;BYDAY=-1SU"]),
        ("Australia/Lord_Howe", "2024-07-01T09:00", ["4;BYDAY=1SU", "10;BYDAY=1SU"]),
        ("Africa/Windhoek", "2012-07-01T09:00", ["4;BYDAY=1SU", "9;BYDAY=1SU"]),
        ("America/Sao_Paulo", "2010-07-01T09:00", ["2;BYDAY=3SU", "10;BYDAY=3SU"]),
    ],
)
def test_the_rules_are_those_of_the_year(zone: str, moment: str, rules: list[str]) -> None:
    """New York's changed in 2007; in Ireland summer is the standard time, in Namibia winter was the other one."""
    told = [line.removeprefix("RRULE:FREQ=YEARLY;BYMONTH=") for line in table(zone, moment) if line.startswith("RRULE")]
    assert told == rules


@pytest.mark.parametrize(
    ("zone", "moment", "ahead"),
    [
        ("Africa/Casablanca", "2024-03-20T09:00", "+0000"),  # Ramadan
        ("Africa/Casablanca", "2024-05-20T09:00", "+0100"),
        ("Africa/Cairo", "2010-08-20T09:00", "+0200"),  # Ramadan too, in the middle of the summer
        ("Africa/Cairo", "2010-09-20T09:00", "+0300"),
        ("Europe/Istanbul", "2017-01-20T09:00", "+0300"),  # the first winter in which summer did not end
        ("Asia/Pyongyang", "2016-07-01T09:00", "+0830"),
        ("America/Caracas", "2012-07-01T09:00", "-0430"),
        ("Pacific/Easter", "2015-07-01T09:00", "-0500"),  # the winter in which summer stayed
        ("Africa/Sao_Tome", "2018-07-01T09:00", "+0100"),
        ("Asia/Kathmandu", "2012-07-01T09:00", "+0545"),
    ],
)
def test_where_no_rule_holds_the_clock_stands_still_while_the_event_lasts(zone: str, moment: str, ahead: str) -> None:
    told = table(zone, moment)
    assert f"TZOFFSETTO:{ahead}" in told
    assert (told.count("BEGIN:STANDARD"), told.count("BEGIN:DAYLIGHT")) == (1, 0)


def test_liberias_clock_was_a_fraction_of_a_minute_off_until_1972() -> None:
    assert "TZOFFSETTO:-004430" in table("Africa/Monrovia", "1971-06-01T09:00")
    assert "TZOFFSETTO:+0000" in table("Africa/Monrovia", "2009-06-01T09:00")


def test_the_same_rules_are_told_alike_from_year_to_year() -> None:
    assert table("Europe/London", "2009-01-10T09:00") == table("Europe/London", "2026-07-10T09:00", "2031-01-10T09:00")


# -- what no table says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Africa/Casablanca", "2024-03-01T09:00", "2024-05-20T09:00"),
        ("America/New_York", "2006-07-01T09:00", "2008-07-01T09:00"),
        ("Europe/Istanbul", "2015-07-01T09:00", "2017-07-01T09:00"),
        ("America/Sao_Paulo", "2018-07-01T09:00", "2019-12-01T09:00"),  # no summer time began in 2019
    ],
)
def test_over_a_change_of_rules_there_is_no_table(zone: str, first: str, last: str) -> None:
    assert zones.block(zone, local(first, zone), local(last, zone)) is None


def test_a_calendar_of_more_than_two_centuries_has_no_table() -> None:
    first, last = datetime(1950, 1, 1, tzinfo=UTC), datetime(8000, 1, 1, tzinfo=UTC)
    assert zones.block("Europe/Paris", first, last) is None


def test_an_event_over_a_change_of_rules_is_told_in_utc() -> None:
    starts = local("2016-09-07T20:00", "Europe/Istanbul").astimezone(UTC)  # for ever summer, from that night
    both = event(
        zone="Africa/Casablanca", starts=datetime(2024, 3, 9, 9, tzinfo=UTC), ends=datetime(2024, 3, 11, 9, tzinfo=UTC)
    )
    assert "DTSTART:20240309T090000Z" in lines(content.request(both))
    assert not [line for line in lines(content.request(both)) if line.startswith("TZID")]
    assert "DTSTART;TZID=Europe/Istanbul:20160907T200000" in lines(
        content.request(event(zone="Europe/Istanbul", starts=starts))
    )


@pytest.mark.parametrize("minutes", [-31, 0, 59, 60, 119])
def test_an_hour_that_comes_twice_is_told_in_utc(minutes: int) -> None:
    """Local time would not say which: RFC 5545 means the first, and programs differ."""
    turned = datetime(2024, 10, 27, 1, tzinfo=UTC)
    starts = turned + timedelta(minutes=minutes)
    told = event(zone="Europe/Paris", starts=starts, ends=starts + timedelta(days=1))
    raw = content.request(told)
    assert (f"DTSTART:{starts:%Y%m%dT%H%M%SZ}" in lines(raw)) == (-60 <= minutes < 60)
    assert instants(raw, "Europe/Paris") == {(told.starts, told.ends)}


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_utc_needs_no_table(zone: str) -> None:
    told = lines(content.request(event(zone=zone)))
    assert "DTSTART:20090415T090000Z" in told
    assert "BEGIN:VTIMEZONE" not in told


# -- every zone --------------------------------------------------------------------------------------------


@settings(max_examples=220, deadline=None)
@given(st.sampled_from(ZONES), WHEN, st.integers(1, 3000))
def test_in_every_zone_every_parser_finds_the_moment_that_was_meant(zone: str, starts: datetime, minutes: int) -> None:
    """By the table in the file alone, Outlook's reading of it included."""
    told = event(zone=zone, starts=starts, ends=starts + timedelta(minutes=minutes))
    raw = content.request(told)
    assert instants(raw, zone) == {(told.starts, told.ends)}
    found = lines(raw)
    if "BEGIN:VTIMEZONE" not in found:
        return
    table = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1]
    for moment in (told.starts, told.ends):
        there = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert outlook.utc(there, table) == moment.replace(tzinfo=None)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.lists(WHEN, min_size=2, max_size=6))
def test_a_feed_over_many_years_tells_every_moment_too(zone: str, moments: list[datetime]) -> None:
    many = [event(uid=f"{n}@palabre", zone=zone, starts=starts) for n, starts in enumerate(moments)]
    raw = content.feed("All meetings", many, refresh=timedelta(hours=6))
    found = lines(raw)
    assert found.count("BEGIN:VTIMEZONE") <= 1
    if "BEGIN:VTIMEZONE" in found:
        table = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1]
        for told in many:
            if f"DTSTART:{told.starts:%Y%m%dT%H%M%SZ}" not in found:
                there = told.starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
                assert outlook.utc(there, table) == told.starts.replace(tzinfo=None)
    else:
        assert all(f"DTSTART:{told.starts:%Y%m%dT%H%M%SZ}" in found for told in many)


def test_most_invitations_carry_their_zone() -> None:
    """UTC is for the few that a table can't tell: of one event, hardly any."""
    starts = datetime(2024, 6, 11, 9, tzinfo=UTC)
    named = [
        zone
        for zone in ZONES
        if any(f"TZID={zone}:" in line for line in lines(content.request(event(zone=zone, starts=starts))))
    ]
    assert len(named) > len(ZONES) - 12  # the names of UTC itself
