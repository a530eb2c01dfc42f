"""Only whom somebody has sent answers for them, and only a mail for whose sender the receiving server vouches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from meetings.scheduling import mailbox, planning, replying
from meetings.scheduling.models import Invitation, Meeting
from meetings.scheduling.replying import Said

from . import making as m
from .answers import answer, given_by, mail

DEPUTY = "deputy@interior.example"


@pytest.fixture
def house(db: None) -> m.House:
    return m.house(2)


def for_ama(meeting: Meeting, ama: Any, partstat: str = "ACCEPTED", who: str = DEPUTY, **more: Any) -> Any:
    """What the calendar of somebody sends who says that Ama has sent them."""
    return mailbox.take(
        mail(answer(meeting, who, partstat, params=f';DELEGATED-FROM="mailto:{ama.email}"', **more), who)
    )


def test_a_delegate_answers_for_who_sent_them(house: m.House) -> None:
    """Ama's own answer says whom she sends; until then nobody comes for her."""
    meeting, ama = m.scheduled(house), house.members[0]
    outcome = for_ama(meeting, ama)
    assert not outcome.taken
    assert "has not said that this person comes" in str(outcome.words)
    assert given_by(ama) == "none"
    sends = answer(meeting, ama.email, "DELEGATED", params=f';DELEGATED-TO="mailto:{DEPUTY}"')
    assert mailbox.take(mail(sends, ama.email)).taken
    assert Invitation.objects.get(person=ama).delegate == DEPUTY
    assert for_ama(meeting, ama, stamp="20250301T090000Z").taken
    invitation = Invitation.objects.get(person=ama)
    assert (invitation.reply, invitation.replaced_by, invitation.delegate) == ("delegated", "Somebody", DEPUTY)
    assert not for_ama(meeting, ama, who="stranger@example.org", stamp="20250301T100000Z").taken


def test_a_delegate_who_can_not_come_may_yet_come_until_the_person_says_otherwise(house: m.House) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    replying.reply(meeting, ama, Said("delegated", replaced_by=f"Kofi, director <{DEPUTY.upper()}>"), stamp=early())
    assert for_ama(meeting, ama, "DECLINED", stamp="20250301T090000Z").taken
    assert given_by(ama) == "declined"
    assert for_ama(meeting, ama, stamp="20250301T100000Z").taken
    assert given_by(ama) == "delegated"
    replying.reply(meeting, ama, Said("accepted"))
    assert not for_ama(meeting, ama, "DECLINED", stamp="20250301T110000Z").taken
    assert given_by(ama) == "accepted"


def test_whom_somebody_has_sent_stands_behind_them_in_the_next_invitation(
    house: m.House, mailoutbox: list[Any]
) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    replying.reply(meeting, ama, Said("delegated", replaced_by=f"Kofi <{DEPUTY}>"))
    planning.change(meeting, {"place": "Kumasi"}, actor=house.secretariat)
    m.deliver()
    told = next(one.calendar for one in mailoutbox if one.to == [ama.email])
    [gave] = [one for one in told.decode().replace("\r\n ", "").split("\r\n") if f'mailto:{DEPUTY}"' in one]
    assert "PARTSTAT=DELEGATED" in gave
    assert f'DELEGATED-FROM="mailto:{ama.email}"' in told.decode().replace("\r\n ", "")


def early() -> datetime:
    return datetime(2025, 1, 1, tzinfo=UTC)


# -- whether the mail server vouches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judged", "taken"),
    [
        ("", False), ("mx.palabre.example; dmarc=pass header.from=example.org", True),
        ("mx.palabre.example; dmarc=fail header.from=example.org", False),
        ("mx.evil.example; dmarc=pass header.from=example.org", False),
        ("mx.palabre.example; none\r\nAuthentication-Results: mx.palabre.example; dmarc=pass header.from=example.org",
         False),
    ],
    ids=["nobody", "vouched", "refused", "another server's", "forged below"],
)  # fmt: skip
def test_where_the_server_is_named_it_must_stand_behind_the_sender(
    house: m.House, settings: Any, judged: str, taken: bool
) -> None:
    settings.MAIL_AUTHENTICATED_BY = "mx.palabre.example"
    meeting, ama = m.scheduled(house), house.members[0]
    type(ama).objects.filter(pk=ama.pk).update(email="ama@example.org")
    head = f"Authentication-Results: {judged}\r\n".encode() if judged else b""
    outcome = mailbox.take(head + mail(answer(meeting, "ama@example.org"), "ama@example.org"))
    assert outcome.taken is taken, outcome.words
    assert taken or "does not vouch" in str(outcome.words)
    assert mailbox.take(answer(meeting, "ama@example.org"), by_hand=True).taken, "who gives a file answers for it"
