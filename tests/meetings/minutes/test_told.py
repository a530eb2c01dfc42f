"""Whom minutes are told to by mail, what the meeting's own life asks of them, and who stands in their annex (S31)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from meetings.attendance.models import Attendance
from meetings.minutes import annex, gate, services
from meetings.minutes.models import Minutes
from meetings.scheduling.models import Invitation, Meeting, Reply
from tests import factories as f
from tests.ballots.voting import deliver
from tests.meetings.minutes import making as m
from workflow.engine import gates

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house()


def told(of: Minutes, then: Any) -> list[Any]:
    """The mails that follow what somebody does after the deadline."""

    def act() -> list[Any]:
        deliver()
        mail.outbox.clear()
        then()
        deliver()
        return list(mail.outbox)

    found: list[Any] = m.after(of, act)
    return found


def circulated(house: m.House) -> Minutes:
    made = m.minutes(house)
    m.write(made)
    return m.circulate(made, actor=house.secretariat)


def test_those_who_are_asked_get_a_mail_when_they_are_circulated(house: m.House) -> None:
    circulated(house)
    deliver()
    assert {letter.to[0] for letter in mail.outbox} == {house.director.email, house.activist.email}


def test_approval_is_told_to_all_who_were_there_but_not_to_who_pressed_the_button(house: m.House) -> None:
    made = circulated(house)
    letters = told(made, lambda: m.press(made, "approve", actor=house.chair))
    approved = [letter for letter in letters if letter.subject == "Approved: Minutes: Third meeting"]
    assert {letter.to[0] for letter in approved} == {p.email for p in house.people} - {house.chair.email}
    assert f"/minutes/{made.pk}/" in approved[0].body


def test_minutes_that_are_taken_back_say_why(house: m.House) -> None:
    made = circulated(house)
    letters = told(made, lambda: m.press(made, "withdraw", actor=house.chair, note="A name was wrong."))
    back = [letter for letter in letters if letter.subject.startswith("Taken back")]
    assert back
    assert "A name was wrong." in back[0].body


def test_an_addendum_is_told_without_its_words(house: m.House) -> None:
    made = m.approved(house)
    letters = told(made, lambda: services.add_addendum(made, "It was 2007.", actor=house.chair))
    assert {letter.subject for letter in letters} == {"Addendum: Minutes: Third meeting"}
    assert all("2007" not in letter.body for letter in letters)


def test_somebody_from_another_twg_who_was_invited_reads_them_and_is_told(house: m.House) -> None:
    guest = f.seat(f.twg("ML"), "member", "The guest", institution=f.institution(country="ML"))
    made = circulated(house)
    Invitation.objects.create(meeting=made.meeting, person=guest)
    letters = told(made, lambda: m.press(made, "approve", actor=house.chair))
    assert guest.email in {letter.to[0] for letter in letters}


# -- the gates --------------------------------------------------------------------------------------------


def test_the_meeting_goes_on_with_its_minutes(house: m.House) -> None:
    meeting = m.meeting(house)
    assert not gates.ask(gate.MINUTES_CIRCULATED, meeting)
    assert gates.ask(gate.MINUTES_CIRCULATED, meeting).where == f"/meetings/{meeting.pk}/minutes/"
    made = m.minutes(house, meeting)
    m.write(made)
    m.circulate(made)
    assert gates.ask(gate.MINUTES_CIRCULATED, meeting)
    assert not gates.ask(gate.MINUTES_APPROVED, meeting)
    m.after(made)
    assert gates.ask(gate.MINUTES_APPROVED, meeting)


def test_the_closed_session_opens_no_gate(house: m.House) -> None:
    meeting = m.meeting(house, closed_items=(2,))
    beside = m.beside(m.minutes(house, meeting))
    m.write(beside)
    m.circulate(beside, actor=house.secretariat)
    assert not gates.ask(gate.MINUTES_CIRCULATED, Meeting.objects.get())


# -- the annex --------------------------------------------------------------------------------------------


def test_the_annex_tells_who_is_invited_and_replied_by_rank(house: m.House) -> None:
    meeting = m.meeting(house)
    invited = Invitation.objects.filter(meeting=meeting)
    invited.filter(person=house.director).update(reply=Reply.ACCEPTED)
    invited.filter(person=house.activist).update(reply=Reply.DELEGATED, replaced_by="A colleague")
    lines = annex.attendance_annex(meeting)
    assert [(one.rank, one.how) for one in lines[:2]] == [
        ("director", "comes"), ("technical_expert", "represented by A colleague"),
    ]  # fmt: skip


def test_who_was_taken_off_the_list_is_not_in_it(house: m.House) -> None:
    meeting = m.meeting(house)
    Invitation.objects.filter(meeting=meeting, person=house.director).update(removed_at="2009-04-01T00:00Z")
    assert "The director" not in {one.name for one in annex.attendance_annex(meeting)}


def test_once_people_came_the_annex_tells_who_did(house: m.House) -> None:
    meeting = m.meeting(house)
    Attendance.objects.create(meeting=meeting, name="A walk-in", institution_names={"en": "AGEPE"})
    Attendance.objects.create(
        meeting=meeting, name="The minister", rank="minister", way="online", replaces=house.director
    )
    lines = annex.attendance_annex(meeting)
    assert [(one.name, one.how) for one in lines] == [
        ("The minister", "online, in the place of The director"), ("A walk-in", "in the room"),
    ]  # fmt: skip
    assert "The director" not in str(annex.annex_for(meeting, house.observer))
