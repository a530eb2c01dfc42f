"""What Outlook, Google, Apple and Thunderbird send is read, and says what was meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from .answers import ACCEPTS, AMA, DEPUTY, SAMPLES, accepted, calendar, mail, outlook, read


@pytest.mark.parametrize("raw", SAMPLES.values(), ids=SAMPLES)
def test_what_the_common_calendars_send_is_read(raw: bytes) -> None:
    found = accepted(raw)
    assert (found.method, found.sequence, found.stamp) == ("REPLY", 3, datetime(2030, 3, 1, 8, tzinfo=UTC))
    assert found.sender == ("" if raw == SAMPLES["a bare file"] else AMA)
    assert (found.proposed_starts, found.delegated_to, found.delegated_from) == (None, "", "")


def test_names_and_comments_come_unescaped_and_in_their_own_letters() -> None:
    found = accepted(outlook())
    assert (found.name, found.comment) == ("Mensah, Ama", "Je viens, avec deux collègues.")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("CN=Zoé".encode("latin-1"), "text/calendar; charset=iso-8859-1"),
        ("CN=Zoé".encode("cp1252"), "text/calendar; charset=windows-1252"),
        ("CN=Zoé".encode(), "text/calendar; charset=us-ascii"),
        ("CN=Zoé".encode(), "text/calendar; charset=no-such"),
        ("CN=Zoé".encode(), "text/calendar"),
    ],
)
def test_a_charset_that_is_declared_or_declared_wrongly_does_not_hurt(body: bytes, kind: str) -> None:
    told = calendar(attendee=f"ATTENDEE;PARTSTAT=ACCEPTED;NAME:mailto:{AMA}").replace(b"NAME", body)
    assert accepted(mail(told, kind=kind)).name == "Zoé"


# -- delegates and counter-proposals -----------------------------------------------------------------------


def test_a_delegate_and_who_delegated_to_them_are_told_apart() -> None:
    gives = read(calendar(attendee=f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="MAILTO:{DEPUTY}":mailto:{AMA}'))
    comes = read(calendar(attendee=f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:{AMA}":mailto:{DEPUTY}'))
    assert gives is not None
    assert (gives.attendee, gives.partstat, gives.delegated_to, gives.delegated_from) == (AMA, "DELEGATED", DEPUTY, "")
    assert comes is not None
    assert (comes.attendee, comes.partstat, comes.delegated_to, comes.delegated_from) == (DEPUTY, "ACCEPTED", "", AMA)


@pytest.mark.parametrize("address", ["a%00b@interior.example", "a%1Bb@interior.example"])
def test_an_address_with_a_control_character_is_none(address: str) -> None:
    assert read(calendar(attendee=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{address}")) is None
    assert read(calendar(attendee=f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{address}":mailto:{AMA}')) is None


def counter(starts: str, ends: str, *zone: str) -> tuple[datetime | None, datetime | None] | None:
    found = read(calendar(starts, ends, method="counter", attendee=ACCEPTS.replace("ACCEPTED", "TENTATIVE"), head=zone))
    return (found.proposed_starts, found.proposed_ends) if found else None


OWN = ("BEGIN:VTIMEZONE", "TZID:Our own", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100",
       "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "BEGIN:STANDARD",
       "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
       "END:STANDARD", "END:VTIMEZONE")  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "table", "month", "hour"),
    [
        ("Z", (), 7, 9), ("Africa/Lagos", (), 7, 8), ("W. Europe Standard Time", (), 7, 7),
        ("/example.org/Africa/Lagos", (), 7, 8), ("Our own", OWN, 7, 7),
        ("Our own", OWN, 1, 8), ("Our own", OWN, 12, 8),
    ],
)  # fmt: skip
def test_a_proposed_time_is_that_of_its_zone_by_name_or_by_its_own_table(
    zone: str, table: tuple[str, ...], month: int, hour: int
) -> None:
    told = ("", "Z") if zone == "Z" else (f";TZID={zone}", "")
    starts, ends = (
        f"{name}{told[0]}:2030{month:02d}05T{at}0000{told[1]}" for name, at in (("DTSTART", "09"), ("DTEND", "11"))
    )
    expected = datetime(2030, month, 5, hour, tzinfo=UTC)
    assert counter(starts, ends, *table) == (expected, expected.replace(hour=hour + 2))


@pytest.mark.parametrize(
    "starts",
    ["DTSTART:20300405T090000", "DTSTART;TZID=Our own:20300405T090000", "DTSTART;TZID=../../etc/passwd:20300405T090000",
     "DTSTART:20300230T090000Z", "DTSTART:tomorrow", "DTSTART:00000000T000000Z"],
)  # fmt: skip
def test_a_proposed_time_that_may_be_any_moment_is_refused(starts: str) -> None:
    assert counter(starts, starts.replace("DTSTART", "DTEND")) is None


def test_what_one_stranger_calls_a_zone_is_not_remembered_for_the_next() -> None:
    line = "DTSTART;TZID=Our own:20300705T090000"
    assert counter(line, "DTEND;TZID=Our own:20300705T110000", *OWN)
    assert counter(line, "DTEND;TZID=Our own:20300705T110000") is None


def test_no_recurrence_rule_is_expanded() -> None:
    table = tuple(line.replace("YEARLY", "SECONDLY") for line in OWN)
    assert counter("DTSTART;TZID=Our own:20300705T090000", "DTEND;TZID=Our own:20300705T110000", *table) is None
    accepted(
        calendar("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY", "RDATE:" + ",".join(["20300101T000000Z"] * 900))
    )
