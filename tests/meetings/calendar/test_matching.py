"""An answer is taken from who was asked, about the meeting as it stands; no earlier one undoes a later one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.calendar import matching
from meetings.calendar.matching import Accepted, Asked, Refused, State
from meetings.calendar.replies import Answer, read

AMA, KOFI, DEPUTY, STRANGER = (
    "ama@interior.example", "kofi@labour.example", "deputy@interior.example", "x@example.org",
)  # fmt: skip
STAMP = datetime(2030, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATE = State(
    "1@palabre", 3, False,
    {AMA: Asked(asked_sequence=2, delegates=frozenset({DEPUTY})), KOFI: Asked(asked_sequence=3)},
)  # fmt: skip
NOW = STAMP + timedelta(hours=40)


def answer(**fields: Any) -> Answer:
    """Ama's, to what she was asked last, in a bare file."""
    usual: dict[str, Any] = {
        "method": "REPLY", "uid": "1@palabre", "sequence": 3, "stamp": STAMP, "attendee": AMA, "partstat": "ACCEPTED",
        "name": "", "comment": "", "delegated_to": "", "delegated_from": "", "proposed_starts": None,
        "proposed_ends": None, "sender": "",
    }  # fmt: skip
    return Answer(**usual | fields)


def judge(given: Answer, state: State) -> Accepted | Refused:
    return matching.judge(given, state, now=NOW)


def answered(sequence: int, stamp: datetime | None) -> State:
    """Ama was asked with 2 and has answered before."""
    return replace(STATE, attendees={AMA: Asked(asked_sequence=2, reply_sequence=sequence, reply_stamp=stamp)})


def refused(given: Answer, state: State = STATE) -> str:
    judged = judge(given, state)
    assert isinstance(judged, Refused)
    return str(judged.reason)


# -- what is taken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
@pytest.mark.parametrize("sender", ["", AMA])
def test_the_answer_of_who_is_invited_is_taken_from_themselves_or_from_a_file(partstat: str, sender: str) -> None:
    assert judge(answer(partstat=partstat, sender=sender), STATE) == Accepted(AMA, partstat)


def test_a_counter_proposal_is_an_answer_too() -> None:
    asks = answer(method="COUNTER", partstat="TENTATIVE", proposed_starts=STAMP, proposed_ends=STAMP + HOUR)
    assert judge(asks, STATE) == Accepted(AMA, "TENTATIVE")


def test_who_has_delegated_is_replaced_by_whom_they_name() -> None:
    assert judge(answer(partstat="DELEGATED", delegated_to=DEPUTY), STATE) == Accepted(AMA, "DELEGATED", DEPUTY, DEPUTY)


@pytest.mark.parametrize("sender", ["", DEPUTY, AMA])
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
def test_a_delegate_who_comes_replaces_who_delegated_to_them(sender: str, partstat: str) -> None:
    comes = answer(attendee=DEPUTY, delegated_from=AMA, partstat=partstat, sender=sender)
    assert judge(comes, STATE) == Accepted(AMA, "DELEGATED", DEPUTY, DEPUTY)
    assert judge(replace(comes, name="The deputy"), STATE) == Accepted(AMA, "DELEGATED", "The deputy", DEPUTY)


def test_when_a_delegate_does_not_come_nobody_comes() -> None:
    stays = answer(attendee=DEPUTY, delegated_from=AMA, partstat="DECLINED", sender=DEPUTY)
    assert judge(stays, STATE) == Accepted(AMA, "DECLINED", delegate=DEPUTY), "and they may yet come"


def test_a_delegate_may_delegate_again() -> None:
    again = answer(attendee=DEPUTY, delegated_from=AMA, partstat="DELEGATED", delegated_to="third@interior.example")
    assert judge(again, STATE) == Accepted(AMA, "DELEGATED", "third@interior.example", "third@interior.example")


def test_who_is_invited_themselves_answers_for_themselves_whomever_they_also_stand_for() -> None:
    assert judge(answer(attendee=KOFI, delegated_from=AMA, sender=KOFI), STATE) == Accepted(KOFI, "ACCEPTED")


# -- what is forged --------------------------------------------------------------------------------------


def test_the_answer_to_another_meeting_is_refused() -> None:
    assert "another meeting" in refused(answer(uid="2@palabre"))
    assert "another meeting" in refused(answer(uid=""))


@pytest.mark.parametrize("delegated_from", ["", STRANGER])
def test_who_is_not_invited_and_stands_for_nobody_who_is_has_no_answer(delegated_from: str) -> None:
    assert "Nobody with this address" in refused(answer(attendee=DEPUTY, delegated_from=delegated_from))


@pytest.mark.parametrize(
    "fields",
    [{}, {"sender": KOFI}, {"attendee": DEPUTY, "delegated_from": AMA}, {"delegated_from": STRANGER},
     {"partstat": "DELEGATED", "delegated_to": STRANGER}],
)  # fmt: skip
def test_nobody_answers_from_their_own_address_for_somebody_else(fields: dict[str, Any]) -> None:
    assert "another address" in refused(answer(**{"sender": STRANGER} | fields))


def test_a_stranger_learns_nothing_of_the_meeting_from_the_reason() -> None:
    reasons = {
        refused(answer(sender=STRANGER), state)
        for state in (STATE, replace(STATE, cancelled=True), replace(STATE, sequence=9), answered(3, STAMP + HOUR))
    }
    assert len(reasons) == 1


# -- what is out of date ---------------------------------------------------------------------------------


def test_what_was_asked_before_the_meeting_moved_is_no_answer_any_more() -> None:
    assert judge(answer(sequence=2), STATE) == Accepted(AMA, "ACCEPTED")
    assert "has changed since" in refused(answer(sequence=1))
    assert "has changed since" in refused(answer(sequence=2, attendee=KOFI))


def test_nobody_answers_an_invitation_that_was_never_sent() -> None:
    assert "never sent" in refused(answer(sequence=4))


def test_an_answer_that_was_written_earlier_and_comes_later_is_refused() -> None:
    assert "later answer" in refused(answer(stamp=STAMP - HOUR), answered(3, STAMP))
    assert "later answer" in refused(answer(sequence=2), answered(3, STAMP + HOUR))
    assert judge(answer(stamp=STAMP + HOUR), answered(3, STAMP)) == Accepted(AMA, "ACCEPTED")


def test_the_same_answer_twice_says_the_same() -> None:
    assert judge(answer(), answered(3, STAMP)) == judge(answer(), STATE)


def test_an_answer_to_a_newer_invitation_counts_whatever_the_clocks_say() -> None:
    assert judge(answer(sequence=3), answered(2, STAMP + HOUR)) == Accepted(AMA, "ACCEPTED")


def test_an_answer_without_its_time_is_the_first_or_none() -> None:
    assert judge(answer(stamp=None), STATE) == Accepted(AMA, "ACCEPTED")
    assert isinstance(judge(answer(stamp=None), answered(3, STAMP)), Refused)


def test_a_cancelled_meeting_takes_no_answer() -> None:
    assert "does not take place" in refused(answer(), replace(STATE, cancelled=True))


@pytest.mark.parametrize("partstat", ["", "NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "X-PERHAPS"])
def test_what_neither_accepts_nor_declines_is_refused(partstat: str) -> None:
    told = f"ATTENDEE;PARTSTAT={partstat}:mailto:{AMA}".replace(";PARTSTAT=:", ":")
    raw = ["BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", "UID:1@palabre", "SEQUENCE:3", told, "END:VEVENT"]
    assert "neither accepts" in refused(read("\r\n".join([*raw, "END:VCALENDAR", ""]).encode(), by_hand=True))
    assert "neither accepts" in refused(answer(partstat=partstat))


@given(st.permutations([(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]))
def test_in_whatever_order_answers_come_the_last_one_written_stands(order: list[tuple[int, int]]) -> None:
    state = STATE
    for sequence, hours in order:
        stamp = STAMP + HOUR * (sequence * 10 + hours)
        if isinstance(judge(answer(sequence=sequence, stamp=stamp), state), Accepted):
            state = answered(sequence, stamp)
    assert state.attendees[AMA] == Asked(asked_sequence=2, reply_sequence=3, reply_stamp=STAMP + HOUR * 32)
