"""Circulated, approved by silence or by the chair, corrected by addenda (S31)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from meetings.minutes import services
from meetings.minutes.models import Addendum, Minutes, MinutesState
from meetings.scheduling.models import AgendaItem, MeetingState
from tests.meetings.minutes import making as m
from workflow.comments import remarks
from workflow.comments.flow import RemarkFlow
from workflow.comments.models import RoundState
from workflow.engine import clock, history
from workflow.engine import services as engine
from workflow.engine.errors import Incomplete, Unmet
from workflow.writing.models import TextSection

pytestmark = pytest.mark.django_db


# -- circulated -------------------------------------------------------------------------------------------


def test_circulating_freezes_a_draft_opens_a_round_and_moves_the_meeting() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    m.circulate(made, actor=house.secretariat)
    assert made.state == MinutesState.CIRCULATED
    assert made.round is not None
    assert made.round.state == RoundState.OPEN
    assert {asked.institution for asked in made.round.asked.all()} == {house.ministry, house.association}
    made.meeting.refresh_from_db()
    assert made.meeting.state == MeetingState.CIRCULATED


def test_a_member_comments_on_an_entry() -> None:
    house = m.house()
    made = m.minutes(house)
    section = m.write(made)
    m.circulate(made, actor=house.secretariat)
    assert made.round is not None
    said = remarks.remark(made.round, "We said 2008.", actor=house.director, section=section)
    assert said.institution == house.ministry


@pytest.mark.parametrize("state", [MeetingState.SCHEDULED, MeetingState.IN_SESSION])
def test_minutes_are_not_circulated_before_the_meeting_is_over(state: str) -> None:
    made = m.minutes(m.house(), state=state)
    m.write(made)
    with pytest.raises(Unmet, match="not over"):
        m.circulate(made)


def test_empty_minutes_are_not_circulated() -> None:
    made = m.minutes(m.house())
    with pytest.raises(Unmet, match="Nothing is written"):
        m.circulate(made)


def test_a_deadline_that_has_passed_is_refused_on_its_field() -> None:
    made = m.minutes(m.house())
    m.write(made)
    with pytest.raises(Incomplete) as refused:
        m.circulate(made, days=-1)
    assert set(refused.value.fields) == {"deadline"}
    assert Minutes.objects.get().state == MinutesState.WRITTEN


def test_minutes_taken_back_end_their_round_and_are_circulated_anew() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    first = m.circulate(made, actor=house.secretariat).round
    assert first is not None
    m.press(made, "withdraw", actor=house.secretariat, note="A name was wrong.")
    first.refresh_from_db()
    made.meeting.refresh_from_db()
    assert (first.state, made.meeting.state) == (RoundState.CANCELLED, MeetingState.HELD)
    m.write(made, "With the right name.")
    m.circulate(made, actor=house.secretariat)
    assert made.round != first


# -- approved ---------------------------------------------------------------------------------------------


def test_silence_approves_when_the_deadline_has_passed() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    m.circulate(made, actor=house.secretariat)
    assert clock.tick(force=True)["minutes approved by silence"] == 0
    assert m.after(made)["minutes approved by silence"] == 1
    assert made.state == MinutesState.APPROVED
    made.meeting.refresh_from_db()
    assert made.meeting.state == MeetingState.APPROVED
    last = history.events_of(made).last()
    assert last is not None
    assert last.actor_name == "Palabre"


def test_a_second_tick_does_nothing_more() -> None:
    made = m.minutes(m.house())
    m.write(made)
    m.circulate(made)
    m.after(made)
    assert m.after(made)["minutes approved by silence"] == 0


def _circulated_with_a_comment(house: m.House) -> tuple[Minutes, Any]:
    made = m.minutes(house)
    section = m.write(made)
    m.circulate(made, actor=house.secretariat)
    assert made.round is not None
    return made, remarks.remark(made.round, "We said 2008.", actor=house.director, section=section)


def test_a_comment_breaks_the_silence() -> None:
    made, _said = _circulated_with_a_comment(m.house())
    m.after(made)
    assert made.state == MinutesState.CIRCULATED


def test_a_comment_that_was_withdrawn_breaks_nothing() -> None:
    house = m.house()
    made, said = _circulated_with_a_comment(house)
    engine.perform(RemarkFlow(said), "withdraw", actor=house.director, note="We were wrong.")
    m.after(made)
    assert made.state == MinutesState.APPROVED


def test_silence_does_not_approve_what_was_changed_after_it_was_circulated() -> None:
    made = m.minutes(m.house())
    m.write(made)
    m.circulate(made)
    m.write(made, "Something else was said.")
    m.after(made)
    assert made.state == MinutesState.CIRCULATED


def test_where_silence_does_not_approve_the_chair_does_at_the_next_meeting() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    m.circulate(made, by_silence=False)
    assert m.after(made)["minutes approved by silence"] == 0
    ends = made.meeting.ends_at
    assert ends is not None
    later = m.meeting(house, starts_at=ends, ends_at=ends + timedelta(hours=1))
    m.after(made, lambda: m.press(made, "approve", actor=house.chair, approved_in=later.pk))
    assert (made.state, made.approved_in) == (MinutesState.APPROVED, later)


def test_nobody_approves_while_others_can_still_comment() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    m.circulate(made)
    with pytest.raises(Unmet, match="can still comment"):
        m.press(made, "approve", actor=house.chair)


def test_every_comment_is_answered_before_they_are_approved() -> None:
    house = m.house()
    made, said = _circulated_with_a_comment(house)
    with pytest.raises(Unmet, match="no answer"):
        m.after(made, lambda: m.press(made, "approve", actor=house.chair))
    answer = {"disposition": "noted", "answer": "It stays."}
    engine.perform(RemarkFlow(said), "answer", actor=house.secretariat, data=answer)
    m.after(made, lambda: m.press(made, "approve", actor=house.chair))
    assert made.state == MinutesState.APPROVED
    made.round.refresh_from_db()  # type: ignore[union-attr]
    assert made.round.state == RoundState.ANSWERED  # type: ignore[union-attr]


# -- and then nothing changes -----------------------------------------------------------------------------


def test_after_approval_nothing_changes() -> None:
    house = m.house()
    made = m.approved(house)
    for change in (
        lambda: m.write(made, "Another story.", actor=house.secretariat),
        lambda: services.decide(made, {"item": None, "what": "More."}, actor=house.secretariat),
        lambda: services.give_to_do(
            made, {"item": None, "what": "More.", "institution": house.ministry}, actor=house.secretariat
        ),
    ):
        with pytest.raises(Unmet, match="addendum"):
            change()
    before = [section.body for section in m.sections(made)]
    AgendaItem.objects.filter(meeting=made.meeting, position=1).update(titles={"en": "Changed"})
    services.prepare(made.meeting, actor=house.secretariat)
    assert [section.body for section in m.sections(made)] == before
    assert m.sections(made)[0].title == "Opening"


def test_a_later_correction_is_an_addendum_dated_and_signed() -> None:
    house = m.house()
    made = m.approved(house)
    addendum = services.add_addendum(made, "It was 2007.", actor=house.chair)
    assert (addendum.number, addendum.by_name, addendum.words) == (1, "The chair", "It was 2007.")
    last = history.events_of(made).last()
    assert last is not None
    assert last.data == {"number": 1, "sha256": addendum.sha256}
    assert services.add_addendum(made, "And 2006.", actor=house.chair).number == 2


def test_minutes_that_can_be_changed_take_no_addendum() -> None:
    house = m.house()
    with pytest.raises(Unmet, match="not approved"):
        services.add_addendum(m.minutes(house), "It was 2007.", actor=house.chair)


def test_an_empty_addendum_is_refused_on_its_field() -> None:
    house = m.house()
    with pytest.raises(ValidationError) as refused:
        services.add_addendum(m.approved(house), "  ", actor=house.chair)
    assert "words" in refused.value.message_dict


def test_history_proves_every_addendum() -> None:
    house = m.house()
    services.add_addendum(m.approved(house), "It was 2007.", actor=house.chair)
    assert history.verify().broken is None
    made = Minutes.objects.get()
    Addendum.objects.create(minutes=made, number=2, words="Slipped in.", by_name="Nobody", sha256="0" * 64)
    broken = history.verify().broken
    assert broken is not None
    assert "addendum 2" in broken.why


def test_the_database_refuses_to_rewrite_an_addendum() -> None:
    house = m.house()
    services.add_addendum(m.approved(house), "It was 2007.", actor=house.chair)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Addendum.objects.update(words="It was 2006.")


def test_the_text_is_kept_in_the_history_of_sections_alone() -> None:
    made = m.minutes(m.house())
    section = m.write(made, "Said in the room.")
    assert TextSection.objects.get(pk=section.pk).body == "Said in the room."
    assert all("Said in the room." not in str(event.data) for event in history.events_of(made))
