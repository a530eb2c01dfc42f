"""Decisions and action items: who is to do what by when, in whose inbox, reminded once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings.minutes import services
from meetings.minutes.flow import ActionFlow, DecisionFlow
from meetings.minutes.models import ActionItem, ActionState, DecisionState
from meetings.scheduling.models import AgendaItem
from tests import factories as f
from tests.ballots.voting import deliver
from tests.meetings.minutes import making as m
from workflow.engine import clock, history, inbox
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.models import Event, OutboxRow

pytestmark = pytest.mark.django_db


def press(row: Any, step: str, *, actor: Any, note: str = "") -> Event:
    flow = ActionFlow(row) if isinstance(row, ActionItem) else DecisionFlow(row)
    return engine.perform(flow, step, actor=actor, note=note)


def waiting(person: Any) -> list[str]:
    return [str(item.title) for item in inbox.of(person).waiting]


# -- taken down -------------------------------------------------------------------------------------------


def test_decisions_and_action_items_are_numbered_each_by_itself() -> None:
    house = m.house()
    made = m.minutes(house)
    rows = [m.decide(made), m.decide(made, "Another."), m.give(made, institution=house.ministry)]
    assert [row.number for row in rows] == [1, 2, 1]


def test_what_was_decided_under_another_meetings_item_is_refused_on_its_field() -> None:
    house = m.house()
    made, other = m.minutes(house), m.meeting(house)
    foreign = AgendaItem.objects.filter(meeting=other).first()
    with pytest.raises(ValidationError) as refused:
        m.decide(made, item=foreign)
    assert "item" in refused.value.message_dict


@pytest.mark.parametrize("what", ["", "   ", "x" * 2001])
def test_a_decision_says_something_and_not_too_much(what: str) -> None:
    with pytest.raises(ValidationError) as refused:
        m.decide(m.minutes(m.house()), what)
    assert "what" in refused.value.message_dict


def test_somebody_owes_an_action_item() -> None:
    with pytest.raises(ValidationError, match="which institution"):
        m.give(m.minutes(m.house()))


def test_nobody_is_given_to_do_what_they_cannot_read() -> None:
    with pytest.raises(ValidationError) as refused:
        m.give(m.minutes(m.house()), person=f.person("A stranger"))
    assert "person" in refused.value.message_dict


def test_a_member_takes_nothing_down() -> None:
    house = m.house()
    with pytest.raises(NotPermitted):
        services.decide(m.minutes(house), {"item": None, "what": "Mine."}, actor=house.director)


def test_a_change_is_told_without_its_words_and_a_stale_one_is_refused() -> None:
    house = m.house()
    decided = m.decide(m.minutes(house), "The census is used.")
    stale = decided.version
    services.change_row(decided, {"what": "The census of 1998 is used."}, actor=house.secretariat, version=stale)
    assert decided.what == "The census of 1998 is used."
    events = list(history.events_of(decided))
    assert [event.name for event in events] == ["recorded", "changed"]
    assert "census" not in str([event.data for event in events])
    with pytest.raises(Conflict):
        services.change_row(decided, {"what": "Mine."}, actor=house.chair, version=stale)


def test_saving_the_same_words_is_no_event() -> None:
    house = m.house()
    decided = m.decide(m.minutes(house))
    services.change_row(decided, {"what": decided.what}, actor=house.secretariat)
    assert history.events_of(decided).count() == 1


def test_a_decision_is_withdrawn_with_a_reason_and_restored() -> None:
    house = m.house()
    decided = m.decide(m.minutes(house))
    with pytest.raises(Incomplete):
        press(decided, "withdraw", actor=house.chair)
    press(decided, "withdraw", actor=house.chair, note="It was not put to the room.")
    assert decided.state == DecisionState.WITHDRAWN
    press(decided, "restore", actor=house.chair, note="It was.")
    assert decided.state == DecisionState.STANDS


def test_a_decision_in_approved_minutes_stands() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    decided = m.decide(made)
    m.circulate(made)
    m.after(made)
    decided.minutes.refresh_from_db()
    with pytest.raises(Unmet, match="addendum"):
        press(decided, "withdraw", actor=house.chair, note="It was not.")


# -- done -------------------------------------------------------------------------------------------------


def test_whoever_sits_for_the_institution_says_that_it_is_done() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    with pytest.raises(NotPermitted, match="whoever owes it"):
        press(given, "finish", actor=house.activist)
    press(given, "finish", actor=house.director, note="Sent on Monday.")
    assert given.state == ActionState.DONE


def test_where_a_person_is_named_their_colleagues_do_not_owe_it() -> None:
    house = m.house()
    colleague = f.seat(house.twg, "alternate", "A colleague", institution=house.ministry)
    given = m.give(m.minutes(house), institution=house.ministry, person=house.director)
    with pytest.raises(NotPermitted):
        press(given, "finish", actor=colleague)
    press(given, "finish", actor=house.director)
    assert given.state == ActionState.DONE


def test_it_is_dropped_with_a_reason_by_those_who_run_the_twg_and_taken_up_again() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    with pytest.raises(NotPermitted):
        press(given, "drop", actor=house.director, note="Too much work.")
    with pytest.raises(Incomplete):
        press(given, "drop", actor=house.secretariat)
    press(given, "drop", actor=house.secretariat, note="The census is late.")
    assert given.state == ActionState.DROPPED
    press(given, "reopen", actor=house.secretariat, note="It has come.")
    assert given.state == ActionState.OPEN


def test_it_is_done_after_the_minutes_are_approved_too() -> None:
    house = m.house()
    made = m.minutes(house)
    m.write(made)
    given = m.give(made, institution=house.ministry)
    m.circulate(made)
    m.after(made)
    press(given, "finish", actor=house.director)
    assert given.state == ActionState.DONE


# -- inbox and reminders ----------------------------------------------------------------------------------


def test_it_waits_in_the_inbox_of_whoever_owes_it_with_its_day() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    [item] = [item for item in inbox.of(house.director).waiting if item.title == "Send the census tables."]
    assert item.due == given.due
    assert given.what not in waiting(house.activist)
    press(given, "finish", actor=house.director)
    assert given.what not in waiting(house.director)


def test_a_person_who_is_named_finds_it_and_their_colleagues_do_not() -> None:
    house = m.house()
    colleague = f.seat(house.twg, "alternate", "A colleague", institution=house.ministry)
    given = m.give(m.minutes(house), institution=house.ministry, person=house.director)
    assert given.what in waiting(house.director)
    assert given.what not in waiting(colleague)


def test_the_secretariat_finds_minutes_to_write_then_to_circulate_then_to_approve() -> None:
    house = m.house()
    meeting = m.meeting(house)

    def told() -> list[tuple[str, str]]:
        found = inbox.of(house.secretariat).waiting
        return [(str(item.title), str(item.action)) for item in found if "Minutes" in str(item.title)]

    assert told() == [("Minutes: Third meeting", "Write the minutes")]
    made = m.minutes(house, meeting)
    m.write(made)
    assert told() == [("Minutes: Third meeting", "Circulate the minutes")]
    m.circulate(made, by_silence=False)
    assert told() == []
    assert m.after(made, told) == [("Minutes: Third meeting", "Approve the minutes")]


def test_a_reminder_is_sent_once_to_whoever_owes_it() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    assert given.due is not None
    with time_machine.travel(timezone.now() + timedelta(days=28), tick=False):
        assert clock.tick(force=True)["action items reminded"] == 1
        assert clock.tick(force=True)["action items reminded"] == 0
        deliver()
    told = [letter for letter in mail.outbox if "To be done by" in letter.subject]
    assert [letter.to for letter in told] == [[house.director.email]]
    assert "Send the census tables." in told[0].body


def test_what_was_done_meanwhile_is_not_reminded_of() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    with time_machine.travel(timezone.now() + timedelta(days=28), tick=False):
        clock.tick(force=True)
        press(given, "finish", actor=house.director)
        deliver()
    assert not [letter for letter in mail.outbox if "To be done by" in letter.subject]
    assert OutboxRow.objects.get(kind="action_reminder").status == "dropped"


def test_another_day_is_reminded_of_anew() -> None:
    house = m.house()
    given = m.give(m.minutes(house), institution=house.ministry)
    with time_machine.travel(timezone.now() + timedelta(days=28), tick=False):
        clock.tick(force=True)
        later = timezone.now().date() + timedelta(days=1)
        services.change_row(given, {"due": later}, actor=house.secretariat)
        assert clock.tick(force=True)["action items reminded"] == 1
