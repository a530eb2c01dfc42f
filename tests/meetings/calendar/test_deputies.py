"""Who may answer for somebody else: a delegate whom they sent, a secretary whom they trust, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meetings.calendar import matching
from meetings.calendar.matching import Accepted, Asked, Refused, Resend, State
from meetings.calendar.replies import Answer

AMA, DEPUTY, SECRETARY = "ama@interior.example", "deputy@interior.example", "secretary@interior.example"
STAMP = datetime(2030, 3, 1, 8, tzinfo=UTC)
ANSWER = Answer("REPLY", "1@palabre", 3, STAMP, AMA, "ACCEPTED", sender=AMA)
COMES = replace(ANSWER, attendee=DEPUTY, delegated_from=AMA, sender=DEPUTY, name="The deputy")


def state(address: str = AMA, **fields: object) -> State:
    return State("1@palabre", 3, False, {address: Asked(**fields)})  # type: ignore[arg-type]


def judge(given: Answer, state: State, now: datetime = STAMP) -> Accepted | Refused:
    return matching.judge(given, state, now=now)


def reason(judged: Accepted | Refused) -> str:
    assert isinstance(judged, Refused)
    return str(judged.reason)


def test_only_whom_somebody_has_sent_comes_for_them() -> None:
    comes = Accepted(AMA, "DELEGATED", "The deputy", DEPUTY)
    assert judge(COMES, state(delegates=frozenset({DEPUTY.upper()}))) == comes
    assert "has not said" in reason(judge(COMES, state()))
    assert "has not said" in reason(judge(COMES, state(delegates=frozenset({SECRETARY}))))


def test_a_secretary_answers_for_who_trusts_them_and_says_so() -> None:
    told = replace(ANSWER, sender=SECRETARY, sent_by=SECRETARY)
    assert judge(told, state(deputies=frozenset({SECRETARY}))) == Accepted(AMA, "ACCEPTED")
    assert "another address" in reason(judge(told, state()))
    assert "another address" in reason(judge(replace(told, sent_by=""), state(deputies=frozenset({SECRETARY}))))
    assert "another address" in reason(judge(replace(told, sent_by=AMA), state(deputies=frozenset({SECRETARY}))))


@pytest.mark.parametrize("written", ["Ama@Interior.example", "mailto:ama@interior.example"])
def test_addresses_are_the_same_in_whatever_letters(written: str) -> None:
    assert judge(ANSWER, state(written)) == Accepted(written, "ACCEPTED")


def test_who_asks_for_the_invitation_again_is_told_apart_from_who_answers() -> None:
    asks = replace(ANSWER, method="REFRESH", partstat="NEEDS-ACTION", sequence=0)
    judged = judge(asks, state(asked_sequence=3))
    assert isinstance(judged, Resend)
    assert (judged.attendee, "once more" in str(judged.reason)) == (AMA, True)
    assert not isinstance(judge(replace(asks, sender="evil@example.org"), state()), Resend)


def test_who_proposes_another_time_and_says_nothing_else_may_come() -> None:
    asks = replace(ANSWER, method="COUNTER", partstat="NEEDS-ACTION")
    assert judge(asks, state()) == Accepted(AMA, "TENTATIVE")
    assert judge(replace(asks, partstat="DECLINED"), state()) == Accepted(AMA, "DECLINED")


def test_an_answer_of_the_day_after_tomorrow_is_refused_by_who_knows_the_hour() -> None:
    """It would be the last one: every later answer would be older."""
    late = replace(ANSWER, stamp=STAMP + timedelta(days=2))
    assert "future" in reason(judge(late, state(), now=STAMP))
    assert judge(late, state(), now=STAMP + timedelta(days=1)) == Accepted(AMA, "ACCEPTED")
    assert judge(ANSWER, state(), now=STAMP - timedelta(hours=3)) == Accepted(AMA, "ACCEPTED"), "a clock may be wrong"
