"""On one's own phone: the code on the screen, one press for who is expected, a short form for all others."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from meetings.attendance import codes, services
from meetings.attendance.models import Attendance, Source
from meetings.attendance.services import Stranger
from tests import factories as f
from tests.groups.reading import browser
from workflow.engine import history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.models import Event
from workflow.groups import services as groups
from workflow.groups.models import TermsOfReference

from . import making as m

pytestmark = pytest.mark.django_db


def scanned(meeting: Any) -> str:
    """Where the phone is led that scans the screen now."""
    return codes.address(meeting).split("/", 3)[3].join(("/", ""))


def events_of(meeting: Any, name: str) -> list[Event]:
    return list(Event.objects.filter(subject_kind="meeting", subject_id=meeting.pk, name=name))


def test_the_code_changes_every_minute_and_holds_for_one_more() -> None:
    meeting = m.meeting(m.house(1))
    with time_machine.travel(m.MORNING, tick=False) as clock:
        digits, token = codes.digits(meeting), codes.token(meeting)
        assert re.fullmatch(r"\d{6}", digits)
        assert codes.holds_digits(meeting, f"{digits[:3]} {digits[3:]}")
        clock.shift(timedelta(seconds=61))
        assert codes.digits(meeting) != digits
        assert codes.holds_digits(meeting, digits)
        assert codes.holds_key(meeting, token)
        clock.shift(timedelta(seconds=60))
        assert not codes.holds_digits(meeting, digits)
        assert not codes.holds_key(meeting, token)


def test_a_code_opens_one_meeting_alone() -> None:
    of = m.house(1)
    one, other = m.meeting(of), m.meeting(of)
    with time_machine.travel(m.MORNING, tick=False):
        assert codes.digits(one) != codes.digits(other)
        assert not codes.holds_key(other, codes.token(one))
        assert not codes.holds_key(other, codes.ticket(one))
        assert codes.holds_key(one, codes.ticket(one))
        assert not codes.holds_key(one, codes.ticket(one)[:-2] + "xx")


def test_a_ticket_lasts_a_quarter_of_an_hour() -> None:
    meeting = m.meeting(m.house(1))
    with time_machine.travel(m.MORNING, tick=False) as clock:
        ticket = codes.ticket(meeting)
        clock.shift(timedelta(minutes=14))
        assert codes.holds_key(meeting, ticket)
        clock.shift(timedelta(minutes=2))
        assert not codes.holds_key(meeting, ticket)


def test_a_member_scans_and_presses_once() -> None:
    of = m.house(2)
    meeting, member = m.meeting(of), of.members[0]
    phone = browser(member)
    seen = phone.get(scanned(meeting), follow=True)
    assert "I am here: in the room" in seen.content.decode()
    done = phone.post(seen.request["PATH_INFO"], {"way": "room"}, follow=True)
    assert "You are on the list" in done.content.decode()
    row = Attendance.objects.get(meeting=meeting, person=member)
    assert (row.came, row.confirmed, row.source) == (True, True, Source.CODE)
    assert (row.institution, row.role, row.rank) == (of.institutions[0], "member", "director")
    assert row.category == "government"
    assert row.arrived_at is not None
    told = events_of(meeting, "signed_in")
    assert [e.data["person"] for e in told] == [member.pk]


def test_whoever_presses_twice_is_there_once_and_told_of_once() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    first = services.sign_in(meeting, actor=of.members[0])
    again = services.sign_in(meeting, actor=of.members[0], way="online")
    assert again.pk == first.pk
    assert Attendance.objects.get().way == "room"
    assert len(events_of(meeting, "signed_in")) == 1


def test_who_has_a_seat_and_no_invitation_is_expected_too() -> None:
    of = m.house(2)
    meeting = m.meeting(of, of.members[0])
    row = services.sign_in(meeting, actor=of.members[1], way="online")
    assert (row.institution, row.way) == (of.institutions[1], "online")


def test_who_has_neither_is_refused_by_the_service() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    with pytest.raises(NotPermitted):
        services.sign_in(meeting, actor=m.stranger_of(of))
    assert not Attendance.objects.exists()


def test_a_seat_of_an_excluded_category_is_none() -> None:
    ghana = f.twg("GH")
    draft = TermsOfReference.objects.get(twg=ghana)
    rules = {r.category: (r.modality, r.votes) for r in draft.rules.all()} | {"civil_society": ("excluded", False)}
    groups.change_terms(draft, {}, rules, actor=None)
    f.adopt(draft)
    ngo = f.seat(ghana, "member", institution=f.institution(category="civil_society"))
    keeper = f.seat(ghana, "secretariat")
    of = m.House(ghana, keeper, keeper, [], [])
    meeting = m.meeting(of, keeper)
    with pytest.raises(NotPermitted):
        services.sign_in(meeting, actor=ngo)


def test_somebody_without_an_account_says_who_they_are_and_waits_to_be_confirmed() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    phone = browser(None)
    seen = phone.get(scanned(meeting), follow=True)
    assert "Your institution" in seen.content.decode()
    said = {"name": "Kofi Annan", "institution": "ministry 0", "rank": "minister", "way": "room"}
    done = phone.post(seen.request["PATH_INFO"], said, follow=True).content.decode()
    assert "You are on the list" in done
    assert "The secretariat confirms it" in done
    row = Attendance.objects.get(person=None)
    assert (row.name, row.institution, row.rank, row.confirmed) == ("Kofi Annan", of.institutions[0], "minister", False)
    assert not Attendance.objects.all().present().exists()
    # The history keeps no name: it stands in the row.
    assert "Kofi" not in str(events_of(meeting, "walk_in_signed_in")[0].data)
    # The same phone again: it is on the list, and nothing is added.
    assert "You are on the list" in phone.get(seen.request["PATH_INFO"]).content.decode()
    phone.post(seen.request["PATH_INFO"], said)
    browser(None).post(seen.request["PATH_INFO"], {**said, "name": "  kofi ANNAN "})
    assert Attendance.objects.count() == 1


def test_a_form_with_something_missing_gives_back_what_was_typed() -> None:
    meeting = m.meeting(m.house(1))
    phone = browser(None)
    where = phone.get(scanned(meeting), follow=True).request["PATH_INFO"]
    answer = phone.post(where, {"name": "Kofi Annan", "institution": "", "way": "room"})
    assert answer.status_code == 422
    assert "Kofi Annan" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_somebody_of_another_twg_signs_in_with_their_account_and_waits() -> None:
    of = m.house(1)
    meeting, guest = m.meeting(of), m.stranger_of(of)
    row = services.sign_in_stranger(meeting, Stranger(str(guest), "Mali's ministry"), actor=guest)
    assert (row.person, row.confirmed, row.institution_name) == (guest, False, "Mali's ministry")
    assert services.sign_in_stranger(meeting, Stranger(str(guest), "elsewhere"), actor=guest).pk == row.pk


def test_whoever_was_struck_does_not_sign_in_again_as_a_stranger() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    row = services.sign_in_stranger(meeting, Stranger("A joker", "None"))
    services.strike(row, actor=of.secretariat, note="Nobody knows them.")
    with pytest.raises(Unmet):
        services.sign_in_stranger(meeting, Stranger("A joker", "None"))


@pytest.mark.parametrize("state", ["planned", "held", "approved", "cancelled"])
def test_nobody_signs_in_when_the_meeting_is_not_on(state: str) -> None:
    of = m.house(1)
    meeting = m.meeting(of, state=state)
    with pytest.raises(Unmet):
        services.sign_in(meeting, actor=of.members[0])
    m.page(of.members[0], "here-by-key", meeting.pk, codes.token(meeting), status=410)


def test_the_doors_open_two_hours_before_the_beginning() -> None:
    of = m.house(1)
    soon = m.meeting(of, state="scheduled", starts_at=timezone.now() + timedelta(minutes=90))
    later = m.meeting(of, state="scheduled", starts_at=timezone.now() + timedelta(hours=5))
    services.sign_in(soon, actor=of.members[0])
    with pytest.raises(Unmet):
        services.sign_in(later, actor=of.members[0])


def test_who_can_not_scan_types_the_digits() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    phone = browser(of.members[0])
    seen = phone.post(f"/here/{meeting.pk}/", {"code": codes.digits(meeting)}, follow=True)
    assert "I am here" in seen.content.decode()
    wrong = phone.post(f"/here/{meeting.pk}/", {"code": "00000"})
    assert wrong.status_code == 422
    assert meeting.title not in wrong.content.decode()


def test_whoever_has_no_code_learns_not_even_that_there_is_a_meeting() -> None:
    meeting = m.meeting(m.house(1))
    there = m.page(None, "here", meeting.pk)
    nowhere = m.page(None, "here", meeting.pk + 1000)
    number = str(meeting.pk + 1000)
    assert m.still(there).replace(f"/here/{meeting.pk}/", f"/here/{number}/") == m.still(nowhere)
    m.page(None, "here-by-key", meeting.pk, "x" * 20, status=410)
    m.page(None, "here-by-key", meeting.pk + 1000, "x" * 20, status=410)


def test_a_guesser_is_held_back_and_the_qr_code_still_opens() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    with time_machine.travel(timezone.now(), tick=False):
        right = codes.digits(meeting)
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        phone = browser(None)
        tries = [phone.post(f"/here/{meeting.pk}/", {"code": wrong}) for _n in range(codes.WRONG_AN_ADDRESS)]
        assert {answer.status_code for answer in tries} == {422}
        assert phone.post(f"/here/{meeting.pk}/", {"code": right}).status_code == 429
        assert phone.get(scanned(meeting), follow=True).status_code == 200


def test_a_closed_meeting_is_not_there_for_those_who_may_not_see_it() -> None:
    of = m.house(1)
    ngo = f.seat(of.twg, "member", institution=f.institution(category="civil_society"))
    meeting = m.meeting(of, closed=True, titles={"en": "Secret title"})
    key = codes.token(meeting)
    for outsider in (None, ngo):
        text = m.page(outsider, "here-by-key", meeting.pk, key, status=410)
        assert "Secret title" not in text
        answer = browser(outsider).post(f"/here/{meeting.pk}/", {"code": codes.digits(meeting)})
        assert answer.status_code == 422
    seen = browser(of.members[0]).get(scanned(meeting), follow=True)
    assert "Secret title" in seen.content.decode()


def test_a_name_with_signs_that_nobody_sees_is_refused_on_its_field() -> None:
    meeting = m.meeting(m.house(1))
    phone = browser(None)
    where = phone.get(scanned(meeting), follow=True).request["PATH_INFO"]
    answer = phone.post(where, {"name": "Kofi\u202eAnnan", "institution": "X", "way": "room"})
    assert answer.status_code == 422
    assert not Attendance.objects.exists()


def test_all_of_it_stands_in_a_history_that_holds() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    services.sign_in(meeting, actor=of.members[0])
    services.sign_in_stranger(meeting, Stranger("Kofi", "Elsewhere"))
    assert history.verify().broken is None
