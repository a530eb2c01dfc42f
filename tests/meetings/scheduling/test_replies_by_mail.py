"""What Outlook, Google and others send back is taken once, from the right person, about the meeting as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st
from time_machine import travel

from meetings.scheduling import links, mailbox, planning
from meetings.scheduling.models import Invitation, Meeting

from . import making as m
from .answers import answer, given_by, mail


@pytest.fixture
def house(db: None) -> m.House:
    return m.house(2)


@pytest.mark.parametrize(
    ("partstat", "reply"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
def test_an_answer_by_mail_is_written_down(house: m.House, partstat: str, reply: str) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    outcome = mailbox.take(mail(answer(meeting, ama.email.upper(), partstat), ama.email))
    assert (outcome.taken, given_by(ama)) == (True, reply)


@pytest.mark.parametrize(("ahead", "taken"), [(timedelta(hours=20), True), (timedelta(days=3), False)])
def test_a_clock_that_is_ahead_shuts_nobody_out(house: m.House, ahead: timedelta, taken: bool) -> None:
    """An answer of tomorrow would be the last one; one of the day after is refused."""
    with travel(datetime(2030, 3, 1, 8, tzinfo=UTC), tick=False) as clock:
        meeting, ama = m.scheduled(house), house.members[0]
        late = f"{timezone.now() + ahead:%Y%m%dT%H%M%SZ}"
        outcome = mailbox.take(mail(answer(meeting, ama.email, "DECLINED", stamp=late), ama.email))
        assert (outcome.taken, "future" in str(outcome.words)) == (taken, not taken)
        clock.shift(timedelta(minutes=5))
        soon = f"{timezone.now():%Y%m%dT%H%M%SZ}"
        assert mailbox.take(mail(answer(meeting, ama.email, stamp=soon), ama.email)).taken
        assert given_by(ama) == "accepted"


def test_who_answered_by_mail_is_told_so_and_a_forged_answer_does_not_stay_unseen(
    house: m.House, mailoutbox: list[Any]
) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    m.deliver()
    mailoutbox.clear()
    raw = mail(answer(meeting, ama.email, "DECLINED"), ama.email)
    assert mailbox.take(raw).taken
    assert mailbox.take(raw).taken
    m.deliver()
    [told] = mailoutbox
    assert (told.to, told.subject) == ([ama.email], "Your answer: Third meeting")
    assert "does not come" in told.body
    assert "If it was not you" in told.body
    assert links.link_for(meeting, ama) in told.body
    assert told.calendar == b""


def test_whoever_asks_for_the_invitation_again_gets_it_once(house: m.House, mailoutbox: list[Any]) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    m.deliver()
    mailoutbox.clear()
    asks = mail(answer(meeting, ama.email, "NEEDS-ACTION", method="REFRESH", sequence=0), ama.email)
    for _time in range(3):
        outcome = mailbox.take(asks)
        assert (outcome.taken, "once more" in str(outcome.words)) == (False, True)
    m.deliver()
    assert [(one.to, one.method) for one in mailoutbox] == [([ama.email], "REQUEST")]


def test_a_counter_proposal_is_told_to_the_secretariat(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    extra = "DTSTART:20300405T090000Z\r\nDTEND:20300405T120000Z\r\nCOMMENT:The minister travels."
    outcome = mailbox.take(mail(answer(meeting, ama.email, "TENTATIVE", method="COUNTER", extra=extra), ama.email))
    assert outcome.taken, outcome.words
    assert Invitation.objects.get(person=ama).reply_note == (
        "Proposes another date: 2030-04-05 09:00 UTC. The minister travels."
    )


def test_forged_stale_and_late_answers_are_refused_with_the_reason(house: m.House) -> None:
    meeting, (ama, kofi) = m.scheduled(house), house.members
    m.deliver()
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    m.deliver()
    meeting.refresh_from_db()
    told = [
        (mail(answer(meeting, ama.email), kofi.email), "another address"),
        (mail(answer(meeting, "stranger@example.org"), "stranger@example.org"), "Nobody with this address"),
        (mail(answer(meeting, ama.email, sequence=1), ama.email), "has changed since"),
        (mail(answer(meeting, ama.email, sequence=99), ama.email), "never sent"),
        (mail(answer(meeting, ama.email, "NEEDS-ACTION"), ama.email), "neither accepts"),
        (mail(answer(meeting, ama.email).replace(meeting.uid.encode(), b"unknown"), ama.email), "no meeting that is"),
        (answer(meeting, ama.email), "no calendar"),  # no file: it came by mail
        (b"Hello", "no calendar"),
    ]
    for raw, reason in told:
        outcome = mailbox.take(raw)
        assert not outcome.taken
        assert reason in str(outcome.words), outcome.words
    assert given_by(ama) == "none"


def test_an_older_answer_that_comes_later_does_not_undo_a_newer_one(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    for stamp, taken in (("20250302T080000Z", True), ("20250301T080000Z", False)):
        told = answer(meeting, ama.email, "DECLINED" if taken else "ACCEPTED", stamp=stamp)
        assert mailbox.take(mail(told, ama.email)).taken is taken
    assert given_by(ama) == "declined"


def test_a_cancelled_meeting_takes_no_answer(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    m.press(meeting, "cancel", note="No quorum.")
    outcome = mailbox.take(mail(answer(meeting, ama.email), ama.email))
    assert "does not take place" in str(outcome.words)


@runs(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_comes_by_mail_is_taken_or_refused_with_a_reason(house: m.House, data: st.DataObject) -> None:
    """To the end: what is damaged and still an answer is written down, on any database."""
    meeting = Meeting.objects.first() or m.scheduled(house)
    raw = mail(answer(meeting, house.members[0].email, extra="COMMENT:I come.\\nWith two."), house.members[0].email)
    place, gone = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 9))
    outcome = mailbox.take(raw[:place] + data.draw(st.binary(max_size=20)) + raw[place + gone :])
    assert str(outcome.words)
