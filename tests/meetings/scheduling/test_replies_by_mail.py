"""What Outlook, Google and others send back is taken once, from the right person, about the meeting as it stands."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar import replies
from meetings.scheduling import mailbox, planning
from meetings.scheduling.models import Invitation, Meeting

from . import making as m

STAMP = "20300301T080000Z"


def answer(meeting: Meeting, who: str, partstat: str = "ACCEPTED", **more: Any) -> bytes:
    """A REPLY as calendars write it."""
    told = {"method": "REPLY", "sequence": meeting.sequence, "stamp": STAMP, "params": "", "extra": "", **more}
    return "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Some//Calendar//EN", "VERSION:2.0", f"METHOD:{told['method']}", "BEGIN:VEVENT",
        f"UID:{meeting.uid}", f"DTSTAMP:{told['stamp']}", f"SEQUENCE:{told['sequence']}",
        f"ATTENDEE;PARTSTAT={partstat};CN=Somebody{told['params']}:MAILTO:{who}", *filter(None, [told["extra"]]),
        "END:VEVENT", "END:VCALENDAR", "",
    ]).encode()  # fmt: skip


def mail(calendar: bytes, sender: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Somebody <{sender}>", "no-reply@palabre.example", "Accepted"
    made.set_content("I come.")
    made.add_alternative(calendar.decode(), subtype="calendar", params={"method": "REPLY"})
    return made.as_bytes()


@pytest.fixture
def house(db: None) -> m.House:
    return m.house(2)


def given_by(person: Any) -> str:
    return Invitation.objects.get(person=person).reply


@pytest.mark.parametrize(
    ("partstat", "reply"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
def test_an_answer_by_mail_is_written_down(house: m.House, partstat: str, reply: str) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    outcome = mailbox.take(mail(answer(meeting, ama.email.upper(), partstat), ama.email))
    assert (outcome.taken, given_by(ama)) == (True, reply)


def test_a_delegate_answers_for_who_sent_them(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    delegated = f';DELEGATED-FROM="mailto:{ama.email}"'
    outcome = mailbox.take(
        mail(answer(meeting, "deputy@interior.example", params=delegated), "deputy@interior.example")
    )
    assert outcome.taken, outcome.words
    invitation = Invitation.objects.get(person=ama)
    assert (invitation.reply, invitation.replaced_by) == ("delegated", "Somebody")


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
        (answer(meeting, ama.email).replace(meeting.uid.encode(), b"unknown"), "no meeting that is known"),
        (b"Hello", "no calendar"),
    ]
    for raw, reason in told:
        outcome = mailbox.take(raw)
        assert not outcome.taken
        assert reason in str(outcome.words), outcome.words
    assert given_by(ama) == "none"


def test_an_older_answer_that_comes_later_does_not_undo_a_newer_one(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    assert mailbox.take(answer(meeting, ama.email, "DECLINED", stamp="20300302T080000Z")).taken
    assert not mailbox.take(answer(meeting, ama.email, "ACCEPTED", stamp="20300301T080000Z")).taken
    assert given_by(ama) == "declined"


def test_a_cancelled_meeting_takes_no_answer(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    m.press(meeting, "cancel", note="No quorum.")
    assert not mailbox.take(answer(meeting, ama.email)).taken


def test_the_command_says_what_became_of_each(house: m.House, tmp_path: Path) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(mail(answer(meeting, ama.email), ama.email))
    bad.write_bytes(b"Subject: hello\r\n\r\nnothing")
    said = io.StringIO()
    call_command("read_replies", str(good), str(bad), stdout=said)
    assert "1 taken, 1 refused." in said.getvalue()
    assert given_by(ama) == "accepted"
    for wrong in ([], [str(tmp_path / "nowhere.eml")]):
        with pytest.raises(CommandError):
            call_command("read_replies", *wrong)
    with pytest.raises(CommandError, match="imaps://"):
        call_command("read_replies", imap="http://example.org")


# -- what strangers send ----------------------------------------------------------------------------------


def sample() -> bytes:
    meeting = Meeting(uid="1@palabre", sequence=1)
    return mail(answer(meeting, "ama@interior.example"), "ama@interior.example")


@pytest.mark.parametrize(
    "hostile",
    [
        b"BEGIN:VCALENDAR\r\n" * 50_000,
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + b"X-A:1\r\n" * 100_000 + b"END:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nX-A:" + b"a" * 900_000 + b"\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 200 + b"END:VCALENDAR\r\n",
        b"x" * 2_000_000,
        b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
        b"",
    ],
    ids=["nested", "many lines", "long line", "many components", "large", "no answer", "empty"],
)
def test_bombs_are_refused(hostile: bytes) -> None:
    with pytest.raises(replies.Unreadable):
        replies.read(hostile)


def test_a_mail_of_a_thousand_parts_is_refused() -> None:
    boundary = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    head = b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    with pytest.raises(replies.Unreadable):
        replies.read(head + boundary * 1000 + b"--b--\r\n")


@settings(max_examples=150, deadline=timedelta(seconds=1))
@given(st.binary(max_size=400))
def test_no_octets_do_anything_but_be_refused(noise: bytes) -> None:
    with pytest.raises(replies.Unreadable):
        replies.read(noise)


@settings(max_examples=150, deadline=timedelta(seconds=1))
@given(st.integers(0, 700), st.binary(max_size=30))
def test_an_answer_that_was_damaged_is_read_or_refused(place: int, damage: bytes) -> None:
    raw = sample()
    try:
        found = replies.read(raw[:place] + damage + raw[place + len(damage) :])
    except replies.Unreadable:
        return
    assert "@" in found.attendee
    assert timezone.now()
