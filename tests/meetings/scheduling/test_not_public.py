"""What is seen of a closed session by those who take no part in it: its time alone, or nothing, by the terms (S31)."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import translation

from meetings.scheduling import agendas, planning, selectors, subscriptions
from meetings.scheduling.models import Meeting
from tests.groups.reading import browser
from workflow.groups.models import Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"
ITEMS = ("Opening", f"{SECRET} one", f"{SECRET} two", "Any other business")


def with_closed_items(house: m.House) -> Meeting:
    made = m.scheduled(house)
    rows = [{"titles": {"en": title}, "minutes": 30, "closed": SECRET in title, "presenter": title} for title in ITEMS]
    agendas.set_agenda(made, rows, actor=house.secretariat)
    return made


def lines(meeting: Meeting, person: Person) -> list[tuple[str, int, int | None]]:
    """Title, minutes, and how many minutes after the beginning."""
    assert meeting.starts_at is not None
    found = selectors.agenda(meeting, person)
    return [
        (line.item.title, line.item.minutes, (line.begins - meeting.starts_at) // timedelta(minutes=1))  # type: ignore[operator]
        for line in found
    ]


def test_where_the_terms_say_nothing_is_seen_there_is_no_gap_either() -> None:
    house = m.house(closed_sessions=True)
    meeting = with_closed_items(house)
    assert lines(meeting, house.observer) == [("Opening", 30, 0), ("Any other business", 30, 30)]
    assert [begins for _title, _minutes, begins in lines(meeting, house.members[0])] == [0, 30, 60, 90]


def test_where_they_say_so_others_see_that_a_session_is_not_public_and_how_long_it_takes() -> None:
    house = m.house(closed_sessions=True, closed_announced=True)
    meeting = with_closed_items(house)
    assert lines(meeting, house.observer) == [
        ("Opening", 30, 0), ("Session not public", 60, 30), ("Any other business", 30, 90),
    ]  # fmt: skip
    with translation.override("fr"):
        assert lines(meeting, house.observer)[1][0] == "Séance non publique"
    for path in (reverse("meeting", args=[meeting.pk]), reverse("agenda-print", args=[meeting.pk]),
                 f"/api/v1/meetings/{meeting.pk}/"):  # fmt: skip
        told = browser(house.observer).get(path).content.decode()
        assert "Session not public" in told, path
        assert SECRET not in told, path


def feed(person: Person, twg: Twg) -> list[icalendar.Event]:
    secret = subscriptions.make(person, twg)[1]
    answer = browser(None).get(reverse("calendar-feed", args=[secret]))
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def closed(house: m.House) -> Meeting:
    told = {"titles": {"en": SECRET}, "place": f"{SECRET} hall", "video_url": "https://video.example/zanzibar"}
    return m.scheduled(house, closed=True, closed_reason="Sovereignty.", **told)


@pytest.mark.parametrize("announced", [True, False])
def test_the_twgs_calendar_holds_the_time_of_a_closed_meeting_where_the_terms_say_so(announced: bool) -> None:
    house = m.house(closed_sessions=True, closed_announced=announced)
    meeting = closed(house)
    assert [str(one["SUMMARY"]) for one in feed(house.members[0], house.twg)] == [SECRET]
    found = feed(house.observer, house.twg)
    assert [str(one["SUMMARY"]) for one in found] == (["Session not public"] if announced else [])
    for one in found:
        assert one["DTSTART"].dt == meeting.starts_at
        assert "zanzibar" not in str(one.to_ical()).casefold()
        assert f"/meetings/{meeting.pk}/" not in str(one.to_ical())


def test_what_happens_to_it_behind_the_doors_changes_nothing_in_others_calendars() -> None:
    house = m.house(closed_sessions=True, closed_announced=True)
    meeting = closed(house)
    before = [one.to_ical() for one in feed(house.observer, house.twg)]
    planning.change(meeting, {"place": "Elsewhere", "descriptions": {"en": "Secret"}}, actor=house.secretariat)
    assert [one.to_ical() for one in feed(house.observer, house.twg)] == before
    m.press(meeting, "cancel", note="No quorum.")
    assert feed(house.observer, house.twg) == []


def test_whoever_reads_the_twg_from_outside_sees_no_time_either() -> None:
    house = m.house(closed_sessions=True, closed_announced=True)
    closed(house)
    other = m.house()
    secret = subscriptions.make(other.members[0], house.twg)[1]
    assert browser(None).get(reverse("calendar-feed", args=[secret])).status_code == 404
