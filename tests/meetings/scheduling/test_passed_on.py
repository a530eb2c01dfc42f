"""Who passes on the entry in their calendar passes on the meeting, and not the right to answer for themselves (S17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from meetings.scheduling import mails, planning, polling, subscriptions
from meetings.scheduling.models import Invitation, Meeting
from tests.groups.reading import browser

from . import making as m
from .test_calendar_mail import entry, to
from .test_reminders import reminded

pytestmark = pytest.mark.django_db
KEY = "/invited/"  # where a personal link leads


def every_letter(house: m.House, mailoutbox: list[Any]) -> tuple[Meeting, list[Any]]:
    """All with an entry that a member gets: an invitation, that once more, a move, a change, a reminder, the end."""
    member = house.members[0]
    meeting = m.scheduled(house, days=40, reminder_days=[7])
    m.deliver()
    mails.asked_again(Meeting.objects.get(pk=meeting.pk), member.pk)
    m.deliver()
    starts = timezone.now() + timedelta(days=41)
    m.press(meeting, "move", note="The hall.", starts_at=starts, ends_at=starts + timedelta(hours=2))
    m.deliver()
    meeting = Meeting.objects.get(pk=meeting.pk)
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    m.deliver()
    got = to(member, mailoutbox)
    assert member.email in reminded(meeting, 7)
    got += to(member, mailoutbox)
    m.press(meeting, "cancel", note="No quorum.")
    m.deliver()
    return meeting, got + to(member, mailoutbox)[1:]


def test_the_key_stands_in_the_text_of_the_mail_and_in_no_entry(mailoutbox: list[Any]) -> None:
    house = m.house(2)
    meeting, letters = every_letter(house, mailoutbox)
    assert [one.method for one in letters] == ["REQUEST"] * 5 + ["CANCEL"]
    for one in letters:
        assert (KEY in one.body) is (one.method == "REQUEST"), one.subject
        assert KEY not in unfolded(one.calendar), one.subject
        assert str(entry(one)["URL"]) == settings.SITE_URL + reverse("meeting", args=[meeting.pk]), one.subject
    told = str(entry(letters[0])["DESCRIPTION"])
    assert f"sign in and say here whether you come: {entry(letters[0])['URL']}" in told


def unfolded(calendar: bytes) -> str:
    return calendar.decode().replace("\r\n ", "")


def test_a_letter_says_what_its_link_does_for_whom_it_is_passed_on_to(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.planned(house)
    days = [timezone.now() + timedelta(days=number) for number in (20, 21)]
    polling.propose(meeting, [(day, day + timedelta(hours=2)) for day in days], actor=house.secretariat)
    m.press(meeting, "poll")
    m.deliver()
    m.press(meeting, "schedule", starts_at=days[0], ends_at=days[0] + timedelta(hours=2))
    m.deliver()
    letters = to(house.members[0], mailoutbox)
    assert [one.method for one in letters] == ["", "REQUEST"]
    assert all("leave it out when you pass the mail on" in one.body for one in letters)


def test_who_gets_the_entry_from_somebody_is_asked_who_they_are(mailoutbox: list[Any]) -> None:
    """Signed out they are sent to sign in; with no seat they find no meeting; with one, they answer for themselves."""
    house = m.house(2, closed_sessions=True)
    ama, kofi = house.members
    m.scheduled(house, closed=True, closed_reason="Sovereignty.")
    m.deliver()
    [letter] = to(ama, mailoutbox)
    page = str(entry(letter)["URL"]).removeprefix(settings.SITE_URL)
    signed_out = browser(None).get(page)
    assert (signed_out.status_code, signed_out["Location"]) == (302, f"{reverse('account_login')}?next={page}")
    assert browser(house.observer).get(page).status_code == 404
    answers = reverse("meeting-answer", args=page.strip("/").split("/")[1:])
    assert answers in browser(kofi).get(page).text
    browser(kofi).post(answers, {"reply": "accepted"})
    given = dict(Invitation.objects.filter(person__in=[ama, kofi]).values_list("person__email", "reply"))
    assert given == {ama.email: "none", kofi.email: "accepted"}


def test_an_observers_entry_is_the_same_as_a_members_but_for_who_is_asked(mailoutbox: list[Any]) -> None:
    """Whatever is personal in an entry is an address: nothing of it can be a key."""
    house = m.house(2)
    m.scheduled(house)
    m.deliver()
    told = [lines(letter.calendar) for who in (*house.members, house.observer) for letter in to(who, mailoutbox)]
    assert len(told) == 3
    assert told[0] == told[1] == told[2]


def lines(calendar: bytes) -> list[str]:
    personal = ("ATTENDEE", "DTSTAMP")
    return [line for line in unfolded(calendar).split("\r\n") if not line.startswith(personal)]


def test_no_calendar_that_is_read_by_an_address_holds_a_key_nor_does_a_file_taken_by_hand() -> None:
    """The feeds of one's own meetings and of a TWG, the public's, and a meeting's own file."""
    house = m.house(1)
    member = house.members[0]
    meeting = m.scheduled(house, public=True)
    page = settings.SITE_URL + reverse("meeting", args=[meeting.pk])
    own, ours = (reverse("calendar-feed", args=[subscriptions.make(member, twg)[1]]) for twg in (None, house.twg))
    for path, reader in [(own, None), (ours, None), (reverse("meeting-ics", args=[meeting.pk]), member)]:
        told = unfolded(browser(reader).get(path).content)
        assert KEY not in told
        assert f"URL:{page}\r\n" in told
    assert "Third meeting" in (public := unfolded(browser(None).get(reverse("public-calendar-feed")).content))
    assert KEY not in public
