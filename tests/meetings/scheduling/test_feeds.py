"""Calendars that programs read: one's own meetings and deadlines, a TWG's, by a secret address that can be revoked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from meetings.scheduling import subscriptions
from meetings.scheduling.models import CalendarLink, Invitation, Meeting
from tests.groups.reading import browser, questions

from . import making as m

pytestmark = pytest.mark.django_db


def address(person: Any, twg: Any = None) -> str:
    return reverse("calendar-feed", args=[subscriptions.make(person, twg)[1]])


def titles(path: str) -> list[str]:
    answer = browser(None).get(path)
    assert answer.status_code == 200
    return [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")]


def test_ones_own_calendar_holds_what_one_is_invited_to() -> None:
    house, other = m.house(), m.house()
    m.scheduled(house, titles={"en": "Third meeting"})
    m.scheduled(other, titles={"en": "Another TWG's"})
    m.planned(house, titles={"en": "Without a date"})
    assert titles(address(house.members[0])) == ["Third meeting"]


def test_a_twgs_calendar_holds_all_that_its_reader_may_know() -> None:
    house = m.house(closed_sessions=True)
    m.scheduled(house, titles={"en": "Third meeting"})
    m.scheduled(house, titles={"en": "Closed one"}, closed=True, closed_reason="Sovereignty.", days=30)
    assert titles(address(house.members[0], house.twg)) == ["Closed one", "Third meeting"]
    assert titles(address(house.observer, house.twg)) == ["Third meeting"]


def test_a_cancelled_meeting_shows_as_cancelled() -> None:
    house = m.house()
    meeting = m.scheduled(house)
    m.press(meeting, "cancel", note="No quorum.")
    assert b"STATUS:CANCELLED" in browser(None).get(address(house.members[0])).content


def test_what_has_not_changed_is_not_sent_again_and_what_has_is() -> None:
    house = m.house()
    meeting = m.scheduled(house)
    path, reader = address(house.members[0]), browser(None)
    first = reader.get(path)
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    assert first["Last-Modified"]
    again = reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    m.planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    changed = reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_a_calendar_is_the_same_since_it_last_changed_and_not_since_the_meetings_did() -> None:
    """A program that asks by the time alone gets a 304 too; and what its reader may know of may change by itself."""
    house = m.house()
    reader, path = browser(None), address(house.members[0], house.twg)
    m.scheduled(house)
    with travel(timezone.now() + timedelta(hours=1), tick=False) as clock:
        first = reader.get(path)
        since = {"If-Modified-Since": first["Last-Modified"]}
        assert reader.get(path, headers=since).status_code == 304
        clock.shift(timedelta(hours=1))
        assert reader.get(path)["Last-Modified"] == first["Last-Modified"]
        Invitation.objects.all().delete()
        Meeting.objects.all().update(place="Elsewhere")  # without an event
        changed = reader.get(path, headers=since)
        assert (changed.status_code, changed["Last-Modified"] > first["Last-Modified"]) == (200, True)
        Meeting.objects.all().update(place="Elsewhere again")
        once_more = reader.get(path, headers={"If-Modified-Since": changed["Last-Modified"]})
        assert once_more.status_code == 200, "two versions of one second"
        cache.clear()
        assert reader.get(path, headers={"If-None-Match": once_more["ETag"]}).status_code == 304


def test_the_address_is_shown_once_and_revoked() -> None:
    house = m.house()
    member = browser(house.members[0])
    page = member.post(reverse("calendar-links"), {"of": f"twg:{house.twg.code}"}).text
    found = re.search(r"http://[^/\s]+(/calendar/[^<\s]+\.ics)", page)
    assert found
    assert found[1] not in member.get(reverse("calendar-links")).text
    assert browser(None).get(found[1]).status_code == 200
    assert CalendarLink.objects.get().twg == house.twg
    assert f"webcal:{found[0].partition(':')[2]}" in page
    member.post(reverse("calendar-link-revoke", args=[CalendarLink.objects.get().pk]))
    assert browser(None).get(found[1]).status_code == 404


def test_nobody_revokes_the_link_of_another_nor_guesses_one() -> None:
    house = m.house()
    path = address(house.members[0])
    browser(house.members[1]).post(reverse("calendar-link-revoke", args=[CalendarLink.objects.get().pk]))
    assert browser(None).get(path).status_code == 200
    assert browser(None).get(reverse("calendar-feed", args=["guessed"])).status_code == 404


def test_of_a_closed_account_nothing_is_read() -> None:
    house = m.house()
    path = address(house.members[0])
    type(house.members[0]).objects.filter(pk=house.members[0].pk).update(is_active=False)
    assert browser(None).get(path).status_code == 404


def test_with_the_seat_ends_the_calendar_of_the_twg_and_its_name() -> None:
    house = m.house()
    member = house.members[0]
    ours, own = address(member, house.twg), address(member)
    assert browser(None).get(ours).status_code == 200
    member.memberships.update(ends_on="2020-01-01")
    assert browser(None).get(ours).status_code == 404
    assert house.twg.name not in browser(None).get(own).text


def test_twenty_links_are_enough() -> None:
    house = m.house(1)
    for _number in range(20):
        subscriptions.make(house.members[0])
    assert "revoke one first" in browser(house.members[0]).post(reverse("calendar-links"), {"of": ""}).text


def test_a_longer_calendar_asks_no_more_questions() -> None:
    house = m.house(1)
    m.scheduled(house)
    path = address(house.members[0], house.twg)
    few = questions(browser(None), path)
    for days in (30, 40, 50):
        m.scheduled(house, days=days)
    assert questions(browser(None), path) == few < 8
