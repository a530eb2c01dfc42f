"""The life of a hand-over: who may, what must hold, what it leads to (S02, S21)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from tests import factories as f
from workflow.engine import gates, history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups.models import Person
from workflow.handover.flow import HandoverFlow
from workflow.handover.models import Handover, HandoverItem, HandoverRecord
from workflow.profiles.flow import HANDOVER_ACCEPTED

from .making import LATER, Country, accepted, asked, country, finish, line, press, published, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def people(of: Country) -> dict[str, Person]:
    ngo = f.institution("An NGO", category="civil_society")
    return {
        "chair": of.chair,
        "secretariat": of.secretariat,
        "consultant": of.consultant,
        "update institution": of.statistician,
        "its alternate": f.seat(of.twg, "alternate", institution=of.statistics),
        "another institution": of.official,
        "its observer": f.seat(of.twg, "observer", institution=of.statistics),
        "observer": f.seat(of.twg, "observer", institution=ngo),
        "iom": f.monitor(of.project),
        "the same institution elsewhere": f.seat(f.twg("ML"), "member", institution=of.statistics),
        "other country": f.seat(f.twg("SN"), "secretariat"),
        "administrator": f.administrator(),
    }


KEEPERS = {"chair", "secretariat", "iom"}
TAKERS = {"update institution", "its alternate"}
MAY: dict[tuple[str, str], set[str]] = {
    ("prepared", "name_institution"): KEEPERS,
    ("prepared", "ask"): KEEPERS,
    ("prepared", "ask_on_paper"): KEEPERS,
    ("asked", "extend"): KEEPERS,
    ("asked", "replace_institution"): KEEPERS,
    ("asked", "accept"): TAKERS,
    ("asked", "accept_conditionally"): TAKERS,
    ("asked", "decline"): TAKERS,
    ("asked", "record_acceptance"): KEEPERS,
    ("asked", "record_conditions"): KEEPERS,
    ("asked", "record_refusal"): KEEPERS,
    ("declined", "name_institution"): KEEPERS,
    ("conditional", "replace_institution"): KEEPERS,
    ("conditional", "meet_conditions"): TAKERS,
    ("conditional", "record_conditions_met"): KEEPERS,
    ("accepted", "replace_institution"): KEEPERS,
    ("accepted", "sign"): KEEPERS,
    ("signed", "unsign"): KEEPERS,
}


def at(of: Country, state: str) -> Handover:
    """The hand-over, brought to a state."""
    if state != "prepared":
        asked(of)
    ways: dict[str, tuple[str, dict[str, Any]]] = {
        "declined": ("decline", {"note": "We have nobody."}),
        "conditional": ("accept_conditionally", {"conditions": "Two posts."}),
        "accepted": ("accept", {}),
        "signed": ("accept", {}),
    }
    if state in ways:
        step, answers = ways[state]
        press(of.handover, step, actor=of.statistician, **answers)
    if state in ("accepted", "signed"):
        finish(of)
    if state == "signed":
        press(of.handover, "sign", next_due=LATER)
    assert of.handover.state == state
    return of.handover


def answers(of: Country) -> dict[str, Any]:
    told = {"reply_by": date(2999, 7, 1), "next_due": LATER, "institution": of.ministry.pk, "conditions": "Two posts."}
    return {"note": "Because.", **told, **f.DECISION}


class _Back(Exception):
    """Takes the step back, so that the next person finds it as it was."""


def test_this_table_is_the_whole_flow() -> None:
    assert {(str(t.source), t.slug) for t in HandoverFlow.transitions()} == set(MAY)


@pytest.mark.parametrize(("state", "step"), MAY)
def test_who_may(ghana: Country, state: str, step: str) -> None:
    handover = at(ghana, state)
    allowed = set()
    for name, person in people(ghana).items():
        try:
            with transaction.atomic():
                press(handover, step, actor=person, **answers(ghana))
                allowed.add(name)
                raise _Back
        except _Back:
            handover = ghana.handover
        except NotPermitted:
            continue
    assert allowed == MAY[state, step]


# -- it begins ----------------------------------------------------------------------------------------------


def test_it_begins_with_the_templates_checklist_when_the_workshop_is_closed(ghana: Country) -> None:
    handover = ghana.handover
    assert (handover.state, handover.institution) == ("prepared", ghana.statistics)
    assert [(i.position, i.kind, i.required, i.state) for i in HandoverItem.objects.filter(handover=handover)] == [
        (1, "mandate", True, "open"), (2, "focal_points", True, "open"), (3, "trained_staff", True, "open"),
        (4, "data_files", True, "open"), (5, "source_inventory", True, "open"), (6, "budget_line", True, "open"),
        (7, "calendar", True, "open"), (8, "twg_hosting", True, "open"),
    ]  # fmt: skip


def test_where_the_workshop_named_nobody_somebody_is_named_first() -> None:
    mali = country("ML", named=False)
    with pytest.raises(Unmet, match="Name the update institution first"):
        press(mali.handover, "ask", actor=mali.chair, reply_by=LATER)
    press(mali.handover, "name_institution", actor=mali.chair, institution=mali.ministry.pk)
    mali.edition.refresh_from_db()
    assert (mali.edition.update_institution, mali.edition.no_update_institution) == (mali.ministry, "")
    assert [e.name for e in history.events_of(mali.edition)][-1] == "update_institution_named"
    press(mali.handover, "ask", actor=mali.chair, reply_by=LATER)
    press(mali.handover, "accept", actor=mali.official)
    assert mali.handover.state == "accepted"


def test_an_institution_without_a_seat_is_asked_on_paper_and_its_letter_is_recorded(ghana: Country) -> None:
    bank = f.institution("Central Bank", country="GH")
    press(ghana.handover, "name_institution", actor=ghana.chair, institution=bank.pk)
    with pytest.raises(Unmet, match="Nobody sits in the TWG for the update institution"):
        press(ghana.handover, "ask", actor=ghana.chair, reply_by=LATER)
    press(ghana.handover, "ask_on_paper", actor=ghana.chair, reply_by=LATER)
    event = press(ghana.handover, "record_acceptance", actor=ghana.secretariat, **f.DECISION)
    assert ghana.handover.state == "accepted"
    assert event.data["decision"]["reference"] == "PV 3"


# -- declined, and another one named (S21) ------------------------------------------------------------------


def test_a_declined_hand_over_waits_for_another_institution_which_sets_conditions(ghana: Country) -> None:
    asked(ghana)
    press(ghana.handover, "decline", actor=ghana.statistician, note="The census takes all our people.")
    assert gates.ask(HANDOVER_ACCEPTED, ghana.edition).reason.endswith("name another institution.")
    with pytest.raises(Conflict):
        press(ghana.handover, "ask", actor=ghana.secretariat, reply_by=LATER)

    press(ghana.handover, "name_institution", actor=ghana.secretariat, institution=ghana.ministry.pk)
    asked(ghana)
    with pytest.raises(NotPermitted, match="the update institution"):
        press(ghana.handover, "accept", actor=ghana.statistician)
    press(ghana.handover, "accept_conditionally", actor=ghana.official, conditions="Two posts in the 2010 budget.")
    assert ghana.handover.conditions == "Two posts in the 2010 budget."
    assert "not met yet" in str(gates.ask(HANDOVER_ACCEPTED, ghana.edition).reason)
    with pytest.raises(Conflict):
        press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)

    press(ghana.handover, "meet_conditions", actor=ghana.official, note="Both posts are in the budget law.")
    finish(ghana)
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert bool(gates.ask(HANDOVER_ACCEPTED, ghana.edition))
    told = [(event.name, event.to_state) for event in history.events_of(ghana.handover)]
    assert told == [
        ("prepared", "prepared"), ("ask", "asked"), ("decline", "declined"), ("name_institution", "prepared"),
        ("ask", "asked"), ("accept_conditionally", "conditional"), ("meet_conditions", "accepted"), ("sign", "signed"),
    ]  # fmt: skip
    assert history.verify().broken is None


def test_a_decline_and_conditions_need_their_words(ghana: Country) -> None:
    asked(ghana)
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, "decline", actor=ghana.statistician)
    assert "note" in refusal.value.fields
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, "accept_conditionally", actor=ghana.statistician, conditions=" ")
    assert "conditions" in refusal.value.fields


def test_naming_another_after_asking_takes_a_reason_and_takes_the_conditions_away(ghana: Country) -> None:
    asked(ghana)
    press(ghana.handover, "accept_conditionally", actor=ghana.statistician, conditions="Two posts.")
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, "replace_institution", actor=ghana.chair, institution=ghana.ministry.pk)
    assert "note" in refusal.value.fields
    event = press(
        ghana.handover, "replace_institution", actor=ghana.chair, institution=ghana.ministry.pk, note="No posts."
    )  # fmt: skip
    assert event.data["instead_of"]["name"] == ghana.statistics.name
    assert (ghana.handover.conditions, ghana.handover.reply_by) == ("", None)


def test_the_one_that_is_named_already_and_another_countrys_are_not_offered(ghana: Country) -> None:
    for institution in (ghana.statistics, f.institution(country="SN")):
        with pytest.raises(Incomplete) as refusal:
            press(ghana.handover, "name_institution", actor=ghana.chair, institution=institution.pk)
        assert "institution" in refusal.value.fields


@pytest.mark.parametrize("step", ["ask", "sign"])
def test_a_day_that_has_passed_is_refused_on_its_field(ghana: Country, step: str) -> None:
    if step == "sign":
        accepted(ghana)
        finish(ghana)
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, step, actor=ghana.chair, reply_by=date(2009, 1, 1), next_due=date(2009, 1, 1))
    assert set(refusal.value.fields) <= {"reply_by", "next_due"}


# -- more time ----------------------------------------------------------------------------------------------


def test_an_institution_that_is_asked_is_given_more_time_with_a_reason(ghana: Country) -> None:
    asked(ghana)
    event = press(ghana.handover, "extend", actor=ghana.secretariat, reply_by="2999-07-01", note="The census.")
    assert (ghana.handover.state, ghana.handover.reply_by) == ("asked", date(2999, 7, 1))
    assert (event.name, event.note, event.data) == ("extend", "The census.", {"reply_by": "2999-07-01"})


@pytest.mark.parametrize("wrong", [
    {"reply_by": "2999-07-01", "note": ""}, {"reply_by": "", "note": "Why"}, {"reply_by": LATER, "note": "Why"},
    {"reply_by": "2999-05-01", "note": "Why"}, {"reply_by": "2009-01-01", "note": "Why"},
])  # fmt: skip
def test_more_time_is_a_later_day_and_has_a_reason(ghana: Country, wrong: dict[str, Any]) -> None:
    asked(ghana)
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, "extend", actor=ghana.chair, **wrong)
    assert set(refusal.value.fields) == {"reply_by" if wrong["note"] else "note"}
    assert ghana.handover.reply_by == LATER


def test_a_late_answer_gets_no_day_that_has_passed(ghana: Country, time_machine_at: Any) -> None:
    asked(ghana)
    time_machine_at("2999-06-20 09:00:00Z")
    with pytest.raises(Incomplete) as refusal:
        press(ghana.handover, "extend", actor=ghana.chair, reply_by="2999-06-15", note="Easter.")
    assert refusal.value.fields == {"reply_by": ["This day has passed."]}
    press(ghana.handover, "extend", actor=ghana.chair, reply_by="2999-06-20", note="Today, then.")
    assert ghana.handover.reply_by == date(2999, 6, 20)


def test_there_is_no_more_time_once_it_is_answered_or_before_it_is_asked(ghana: Country) -> None:
    later = {"reply_by": "2999-07-01", "note": "More."}
    with pytest.raises(Conflict):
        press(ghana.handover, "extend", actor=ghana.chair, **later)
    asked(ghana)
    known = ghana.handover.version
    press(ghana.handover, "accept", actor=ghana.statistician)
    with pytest.raises(Conflict):
        press(ghana.handover, "extend", actor=ghana.chair, version=known, **later)
    assert (ghana.handover.state, ghana.handover.reply_by) == ("accepted", LATER)


# -- the record, and publication ----------------------------------------------------------------------------


def test_nothing_is_signed_while_a_required_line_is_open(ghana: Country) -> None:
    accepted(ghana)
    finish(ghana, but="mandate")
    with pytest.raises(Unmet, match="Terms of reference or mandate letter"):
        press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert "1 line of the checklist is open" in str(gates.ask(HANDOVER_ACCEPTED, ghana.edition).reason)
    press(line(ghana, "mandate"), "excuse", actor=ghana.chair, note="The law of 2008 charges the office already.")
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert ghana.handover.state == "signed"


def test_a_signature_can_be_taken_back_and_the_first_record_stays(ghana: Country) -> None:
    signed(ghana)
    press(ghana.handover, "unsign", actor=ghana.chair, note="The budget line was wrong.")
    assert "not signed yet" in str(gates.ask(HANDOVER_ACCEPTED, ghana.edition).reason)
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert list(HandoverRecord.objects.values_list("number", flat=True)) == [1, 2]


def test_publication_hands_the_profile_over_and_sets_the_next_day(ghana: Country) -> None:
    published(ghana)
    profile = ghana.edition.profile
    profile.refresh_from_db()
    assert ghana.edition.stage == "published"
    assert (profile.updated_by, profile.next_due) == (ghana.statistics, LATER)
    assert [e.name for e in history.events_of(profile)][-1] == "handed_over"
    with pytest.raises(Unmet, match="does not stand at the hand-over"):
        press(ghana.handover, "unsign", actor=ghana.chair, note="Too late.")


def test_a_publication_decided_outside_hands_nothing_over(ghana: Country) -> None:
    f.perform(ghana.edition, "publish", published_on="2009-12")
    profile = ghana.edition.profile
    profile.refresh_from_db()
    assert (profile.updated_by, profile.next_due) == (None, None)
    with pytest.raises(Unmet, match="does not stand at the hand-over"):
        press(ghana.handover, "ask", actor=ghana.chair, reply_by=LATER)


def test_an_edition_given_up_leaves_its_hand_over_as_it_is(ghana: Country) -> None:
    asked(ghana)
    f.perform(ghana.edition, "withdraw", note="The project is stopped.")
    with pytest.raises(Unmet, match="does not stand at the hand-over"):
        press(ghana.handover, "accept", actor=ghana.statistician)
