"""What leaves for people's calendars: each change once, to whom it concerns, in mails that calendars open."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import icalendar
import pytest
from django.utils import timezone

from meetings.scheduling import planning
from meetings.scheduling.models import Invitation, Meeting
from tests.meetings.calendar.test_mime import part, shape

from . import making as m

pytestmark = pytest.mark.django_db


def to(person: Any, mails: list[Any]) -> list[Any]:
    return [one for one in mails if one.to == [person.email]]


def entry(mail: Any) -> Any:
    [found] = icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")
    return found


# -- each once, whatever waits ------------------------------------------------------------------------------


def test_who_is_taken_off_takes_nobody_elses_invitation_along(mailoutbox: list[Any]) -> None:
    """The sequence rises for whoever is taken off; the invitations of the others still wait to be sent."""
    house = m.house()
    meeting = m.scheduled(house)
    planning.uninvite(meeting, house.members[0], actor=house.secretariat)
    m.deliver()
    [mail] = to(house.members[1], mailoutbox)
    assert (mail.method, int(entry(mail)["SEQUENCE"])) == ("REQUEST", 2)
    assert [one.method for one in to(house.members[0], mailoutbox)] == ["CANCEL"]


def test_two_changes_that_wait_are_told_at_once(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    mailoutbox.clear()
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    planning.change(meeting, {"place": "Tamale"}, actor=house.secretariat)
    m.deliver()
    [mail] = to(house.members[0], mailoutbox)
    assert (str(entry(mail)["LOCATION"]), int(entry(mail)["SEQUENCE"])) == ("Tamale", 3)
    assert Invitation.objects.get(person=house.members[0]).asked_sequence == 3


def test_an_invitation_that_waits_is_overtaken_by_the_cancellation(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.press(meeting, "cancel", actor=house.secretariat, note="No quorum.")
    m.deliver()
    assert [one.method for one in to(house.members[0], mailoutbox)] == ["CANCEL"]


def test_who_is_back_on_the_list_before_they_were_told_is_only_invited(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    mailoutbox.clear()
    planning.uninvite(meeting, house.members[0], actor=house.secretariat)
    seats = [seat for seat in planning.usual(house.twg) if seat.person_id == house.members[0].pk]
    planning.invite(meeting, seats, actor=house.secretariat)
    m.deliver()
    assert [(one.to, one.method) for one in mailoutbox] == [([house.members[0].email], "REQUEST")]


def test_who_has_become_a_key_person_is_not_invited_again(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    mailoutbox.clear()
    key = [house.institutions[0].pk]
    planning.set_invited(meeting, planning.usual(house.twg), actor=house.secretariat, required=key)
    m.deliver()
    assert Invitation.objects.get(person=house.members[0]).required
    assert mailoutbox == []


def test_another_date_after_a_postponement_is_an_invitation_to_the_same_entry(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    m.press(meeting, "postpone", actor=house.secretariat, note="The minister travels.")
    planning.change(meeting, {"descriptions": {"en": "Part C."}}, actor=house.secretariat)
    m.deliver()
    starts = timezone.now() + m.timedelta(days=40)
    m.press(meeting, "schedule", actor=house.secretariat, starts_at=starts, ends_at=starts + m.timedelta(hours=2))
    m.deliver()
    told = to(house.members[0], mailoutbox)
    assert [(one.method, int(entry(one)["SEQUENCE"])) for one in told] == [
        ("REQUEST", 1),
        ("CANCEL", 2),
        ("REQUEST", 3),
    ]
    assert "The minister travels." in told[1].body, "whatever happened to the meeting since"


# -- who is taken off ---------------------------------------------------------------------------------------


def test_who_is_taken_off_gets_a_cancellation_of_their_own(mailoutbox: list[Any]) -> None:
    """RFC 5546, 3.2.5: it must not say that the meeting is cancelled, and names those alone whom it concerns."""
    house = m.house()
    meeting = m.scheduled(house)
    m.deliver()
    mailoutbox.clear()
    planning.uninvite(meeting, house.members[0], actor=house.secretariat)
    m.deliver()
    [mail] = mailoutbox
    found = entry(mail)
    assert (mail.to, mail.method, int(found["SEQUENCE"])) == ([house.members[0].email], "CANCEL", 2)
    assert "STATUS" not in found
    assert str(found["ATTENDEE"]) == f"mailto:{house.members[0].email}"
    assert str(found["UID"]) == meeting.uid


def test_of_a_closed_meeting_who_is_taken_off_learns_nothing_new(mailoutbox: list[Any]) -> None:
    house = m.house(closed_sessions=True)
    meeting = m.scheduled(house, closed=True, closed_reason="Sovereignty.")
    m.deliver()
    mailoutbox.clear()
    planning.uninvite(meeting, house.members[0], actor=house.secretariat)
    type(house.members[0]).objects.get(pk=house.members[0].pk).memberships.update(ends_on="2020-01-01")
    planning.change(meeting, {"titles": {"en": "Zyxsecret"}, "place": "Zyxroom"}, actor=house.secretariat)
    m.deliver()
    [mail] = to(house.members[0], mailoutbox)
    assert b"Zyx" not in mail.message().as_bytes() + mail.calendar
    assert str(entry(mail)["UID"]) == meeting.uid


# -- the mail itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("en", ["Invitation: Third meeting", "Changed: Third meeting", "Cancelled: Third meeting"]),
        ("fr", ["Invitation : Troisième réunion", "Modifiée : Troisième réunion", "Annulée : Troisième réunion"]),
        ("pt", ["Convite: Terceira reunião", "Alterada: Terceira reunião", "Cancelada: Terceira reunião"]),
    ],
)
def test_an_invitation_its_change_and_its_end_are_mails_that_calendars_open(
    language: str, subjects: list[str], mailoutbox: list[Any]
) -> None:
    house = m.house(1)
    ama = house.members[0]
    type(ama).objects.filter(pk=ama.pk).update(language=language)
    titles = {"en": "Third meeting", "fr": "Troisième réunion", "pt": "Terceira reunião"}
    meeting = m.scheduled(house, titles=titles, map_url="https://map.example/?q=1,2", dial_in="+233 30 000 0000")
    m.deliver()
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    m.deliver()
    m.press(meeting, "cancel", actor=house.secretariat, note="Pas de quórum.")
    m.deliver()
    sent = to(ama, mailoutbox)
    for mail, subject, method in zip(sent, subjects, ("REQUEST", "REQUEST", "CANCEL"), strict=True):
        read: Any = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
        assert read["Subject"].replace("\xa0", " ").startswith(subject.replace("\xa0", " "))
        assert shape(read) == (
            "multipart/mixed",
            [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
        )
        calendar = part(read, "text/calendar")
        assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": method}
        told = calendar.get_payload(decode=True)
        assert told == part(read, "application/ics").get_payload(decode=True) == mail.calendar
        assert f"\r\nMETHOD:{method}\r\n".encode() in told
        html = part(read, "text/html").get_content()
        assert f'<html lang="{language}">' in html
        assert titles[language] in html
        assert str(entry(mail)["SUMMARY"]) == titles[language]
    first, last = entry(sent[0]), entry(sent[2])
    assert "+233 30 000 0000" in first["DESCRIPTION"]
    assert first["LOCATION"].params["ALTREP"] == "https://map.example/?q=1,2"
    assert first["URL"] in first["DESCRIPTION"]
    assert "/meetings/" not in last.get("DESCRIPTION", ""), "nobody is asked whether they come"
    assert (str(last["STATUS"]), last.walk("VALARM")) == ("CANCELLED", [])


def test_the_reason_of_a_move_stands_in_its_own_mail_and_in_no_later_one(mailoutbox: list[Any]) -> None:
    house = m.house(1)
    meeting = m.scheduled(house)
    m.deliver()
    starts = timezone.now() + timedelta(days=30)
    m.press(
        meeting, "move", actor=house.secretariat, note="The hall is taken.", starts_at=starts,
        ends_at=starts + timedelta(hours=2),
    )  # fmt: skip
    m.deliver()
    planning.change(Meeting.objects.get(pk=meeting.pk), {"place": "Tamale"}, actor=house.secretariat)
    m.deliver()
    told = ["The hall is taken." in mail.body for mail in to(house.members[0], mailoutbox)]
    assert told == [False, True, False]
