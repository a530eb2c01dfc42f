"""What leaves for other calendars says what was meant, to two parsers that are not ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from meetings.calendar import content
from meetings.calendar.event import Alarm, Attendee, CalendarEvent, Organizer

from . import making as m

HOUR = timedelta(hours=1)
FULL: dict[str, Any] = {
    "description": "First line\nSecond; line, with \\ and \"quotes\"", "location": "Ridge, Accra",
    "map_url": "https://map.example/?q=5.57;-0.2,17", "url": "https://palabre.example/m/1?a=1,2;b",
    "video_url": "https://meet.example/a?b=1", "categories": ("Regular meeting", "Ghana, TWG"),
    "alarms": (Alarm(timedelta(weeks=1)), Alarm(HOUR)), "modified": m.STAMP + HOUR, "created": m.STAMP,
}  # fmt: skip


# -- an invitation -----------------------------------------------------------------------------------------


def test_the_method_stands_before_everything_that_it_is_about() -> None:
    told = m.lines(content.request(m.event()))
    assert told[:5] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{content.PRODUCT}", "METHOD:REQUEST", "CALSCALE:GREGORIAN",
    ]  # fmt: skip
    assert told.index("BEGIN:VTIMEZONE") < told.index("BEGIN:VEVENT")


def test_an_invitation_says_who_asks_whom_for_when_and_where() -> None:
    first, second = m.entry(content.request(m.event(**FULL)))
    assert str(first["SUMMARY"]) == second.summary.value == "Third meeting"
    assert str(first["LOCATION"]) == second.location.value == "Ridge, Accra"
    assert str(first["URL"]) == second.url.value == FULL["url"]
    assert str(first["DESCRIPTION"]) == second.description.value == f"{FULL['description']}\n\n{FULL['video_url']}"
    assert first["CATEGORIES"].cats == second.categories.value == ["Regular meeting", "Ghana, TWG"]
    assert (int(first["SEQUENCE"]), second.sequence.value) == (2, "2")
    assert first["DTSTAMP"].dt == first["CREATED"].dt == second.dtstamp.value == m.STAMP
    assert first["LAST-MODIFIED"].dt == m.STAMP + HOUR
    assert first["LOCATION"].params["ALTREP"] == FULL["map_url"]


def test_each_person_is_named_once_with_what_is_asked_of_them() -> None:
    first, second = m.entry(content.request(m.event()))
    ama, kofi = first["ATTENDEE"]
    assert (str(ama), ama.params["CN"]) == ("mailto:ama@interior.example", "Mensah, Ama: director")
    assert {name: kofi.params[name] for name in ("CUTYPE", "ROLE", "PARTSTAT", "RSVP", "CN")} == {
        "CUTYPE": "INDIVIDUAL", "ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "CN": "Kofi",
    }  # fmt: skip
    assert [one.value for one in second.attendee_list] == [str(ama), str(kofi)]
    assert [one.params["CN"] for one in second.attendee_list] == [["Mensah, Ama: director"], ["Kofi"]]
    assert (str(first["ORGANIZER"]), first["ORGANIZER"].params["CN"]) == (
        "mailto:secretariat@twg.example", "The secretariat",
    )  # fmt: skip


def test_who_has_sent_somebody_else_is_named_with_them() -> None:
    gave = Attendee("ama@interior.example", partstat="DELEGATED", rsvp=False, delegated_to="deputy@interior.example")
    came = Attendee("deputy@interior.example", "Deputy", delegated_from="ama@interior.example")
    told = m.lines(content.request(m.event(attendees=(gave, came))))
    assert (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DELEGATED;RSVP=FALSE;"
        'DELEGATED-TO="mailto:deputy@interior.example";CN="ama@interior.example":mailto:ama@interior.example'
    ) in told
    first, _second = m.entry(content.request(m.event(attendees=(gave, came))))
    assert first["ATTENDEE"][1].params["DELEGATED-FROM"] == "mailto:ama@interior.example"


def test_bells_ring_before_it_and_stand_after_all_that_is_said_of_it() -> None:
    raw = content.request(m.event(**FULL))
    first, second = m.entry(raw)
    assert [alarm["TRIGGER"].dt for alarm in first.walk("VALARM")] == [-timedelta(weeks=1), -HOUR]
    assert [alarm.trigger.value for alarm in second.valarm_list] == [-timedelta(weeks=1), -HOUR]
    assert {str(alarm["DESCRIPTION"]) for alarm in first.walk("VALARM")} == {"Third meeting"}
    told = m.lines(raw)
    after = told[told.index("BEGIN:VALARM") :]
    assert set(after) == {
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1W", "TRIGGER:-PT1H", "DESCRIPTION:Third meeting", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    }  # fmt: skip


def test_the_video_link_is_told_to_programs_and_where_they_show_it_to_people_once() -> None:
    assert "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example/a?b=1" in m.lines(content.request(m.event(**FULL)))
    link = "https://meet.example/a?b=1"
    for already in ({"description": f"Dial in: {link}"}, {"location": f"Online: {link}"}):
        raw = content.request(m.event(video_url=link, **already))
        assert raw.decode().replace("\r\n ", "").count(link) == 2, "the property, and the text that had it"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, {"STATUS:CONFIRMED", "CLASS:PUBLIC", "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"}),
        ({"private": True}, {"CLASS:PRIVATE"}),
        ({"transparent": True}, {"TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"}),
        ({"status": "TENTATIVE"}, {"STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"}),
    ],
)
def test_an_entry_says_how_sure_it_is_and_whether_it_takes_ones_time(fields: dict[str, Any], shown: set[str]) -> None:
    assert shown <= set(m.lines(content.request(m.event(**fields))))


# -- what comes after it -----------------------------------------------------------------------------------


def test_an_update_is_the_same_entry_with_a_higher_sequence() -> None:
    before = m.event()
    after = replace(before, sequence=3, starts=before.starts + HOUR, ends=before.ends + HOUR)
    (old, _), (new, _) = m.entry(content.request(before)), m.entry(content.request(after))
    assert (old["UID"], int(new["SEQUENCE"]) - int(old["SEQUENCE"])) == (new["UID"], 1)
    assert new["DTSTART"].dt - old["DTSTART"].dt == HOUR


def test_the_same_event_is_written_alike_each_time() -> None:
    assert content.request(m.event(**FULL)) == content.request(m.event(**FULL))


def test_a_cancellation_keeps_the_name_and_rings_no_bell() -> None:
    raw = content.cancel(m.event(sequence=3, **FULL))
    first, second = m.entry(raw)
    assert "METHOD:CANCEL" in m.lines(raw)
    assert (str(first["UID"]), str(first["STATUS"]), int(first["SEQUENCE"])) == ("1@palabre", "CANCELLED", 3)
    assert (first.walk("VALARM"), "valarm" in second.contents) == ([], False)
    assert [str(one) for one in first["ATTENDEE"]] == ["mailto:ama@interior.example", "mailto:kofi@labour.example"]
    assert b"RSVP" not in raw, "nobody is asked for an answer"


def test_who_is_taken_off_the_list_is_told_so_alone_and_the_meeting_is_not_cancelled() -> None:
    """RFC 5546, 3.2.5: then STATUS must not be there. What they do with the entry follows from the method."""
    raw = content.cancel(m.event(sequence=3), attendees=[m.KOFI])
    first, _second = m.entry(raw)
    assert str(first["ATTENDEE"]) == "mailto:kofi@labour.example"
    assert "STATUS" not in first
    assert "METHOD:CANCEL" in m.lines(raw)


def test_a_reply_is_one_persons_answer_to_the_organizer() -> None:
    raw = content.reply(m.event(**FULL), replace(m.AMA, partstat="ACCEPTED"), comment="I come, with two others.")
    first, second = m.entry(raw)
    assert "METHOD:REPLY" in m.lines(raw)
    assert (str(first["ATTENDEE"]), first["ATTENDEE"].params["PARTSTAT"]) == ("mailto:ama@interior.example", "ACCEPTED")
    assert "RSVP" not in first["ATTENDEE"].params
    assert str(first["COMMENT"]) == second.comment.value == "I come, with two others."
    assert (str(first["ORGANIZER"]), int(first["SEQUENCE"])) == ("mailto:secretariat@twg.example", 2)
    assert "REQUEST-STATUS:2.0;Success" in m.lines(raw)


def test_what_is_taken_over_by_hand_tells_of_nobody_who_is_invited() -> None:
    raw = content.publish([m.event()])
    assert "METHOD:PUBLISH" in m.lines(raw)
    assert b"ATTENDEE" not in raw


# -- days and moments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        ("2009-04-15T12:00", "2009-04-15T12:00", ("20090415", "20090416")),
        ("2009-04-15T00:00", "2009-04-16T00:00", ("20090415", "20090416")),
        ("2009-04-15T00:00", "2009-04-17T12:00", ("20090415", "20090418")),
        ("2009-04-15T00:00", "2009-04-15T00:00", ("20090415", "20090416")),
        ("2009-04-14T23:30", "2009-04-14T23:30", ("20090415", "20090416")),  # it is tomorrow in Lagos
    ],
)
def test_whole_days_are_those_of_the_place_and_end_with_the_next(starts: str, ends: str, days: tuple[str, str]) -> None:
    zone = "Africa/Lagos" if "23:30" in starts else "UTC"
    first, last = (datetime.fromisoformat(f"{moment}+00:00") for moment in (starts, ends))
    told = m.lines(
        content.feed("Days", [m.event(starts=first, ends=last, all_day=True, zone=zone)], timedelta(hours=1))
    )
    assert f"DTSTART;VALUE=DATE:{days[0]}" in told
    assert f"DTEND;VALUE=DATE:{days[1]}" in told
    assert "BEGIN:VTIMEZONE" not in told


def test_a_deadline_is_a_moment_that_has_no_end() -> None:
    due = datetime(2009, 4, 15, 17, tzinfo=UTC)
    first, second = m.entry(content.request(m.event(starts=due, ends=due)))
    assert "DTEND" not in first
    assert "dtend" not in second.contents


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"stamp": datetime(2009, 4, 15)}, "without its zone"),  # noqa: DTZ001
        ({"ends": datetime(2009, 4, 1, tzinfo=UTC)}, "before it begins"),
        ({"starts": datetime(1, 1, 1, 2, tzinfo=UTC)}, "nobody meets"),
    ],
)
def test_an_event_with_impossible_times_is_none(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        m.event(**fields)


def test_nobody_is_invited_by_nobody_nor_to_what_is_cancelled() -> None:
    with pytest.raises(ValueError, match="needs an organizer"):
        content.request(m.event(organizer=None))
    with pytest.raises(ValueError, match="cancelled"):
        content.request(m.event(status="CANCELLED"))


def read_as_bare(event: CalendarEvent) -> set[str]:
    return {line.partition(":")[0].partition(";")[0] for line in m.lines(content.request(event))}


def test_what_is_not_known_is_not_said() -> None:
    bare = read_as_bare(m.event(attendees=(), organizer=Organizer("s@example.org")))
    assert not bare & {"DESCRIPTION", "LOCATION", "URL", "CONFERENCE", "CATEGORIES", "CREATED", "LAST-MODIFIED"}
    assert "ORGANIZER:mailto:s@example.org" in m.lines(content.request(m.event(organizer=Organizer("s@example.org"))))
