"""The life of a data plan: drafted, commented on, endorsed by ballot or outside, superseded by the next (S14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recommendations.dataplan import services
from recommendations.dataplan.models import DataPlan
from tests import factories as f
from tests.ballots import voting as v
from workflow.ballots import subjects
from workflow.ballots.models import Ballot
from workflow.comments import services as rounds
from workflow.comments.flow import RoundFlow
from workflow.comments.models import Remark
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.writing import services as writing

from . import making as m

pytestmark = pytest.mark.django_db


def written(plan: DataPlan, body: str = "We share what we have.") -> Any:
    """A named draft of its strategy."""
    text = writing.open_text(plan, actor=None)
    section = text.sections.order_by("position")[0]
    writing.save(section, body, actor=None, base=section.number)
    return writing.take_draft(text, "for the ballot", actor=None)


def put_to_the_vote(at: v.House, plan: DataPlan, *said: Any) -> Ballot:
    draft = written(plan)
    about = {"about_kind": "data_plan", "about_id": plan.pk, "draft": draft}
    return v.closed(at, *said, question="Does the TWG adopt the data plan?", **about)


# -- begun ------------------------------------------------------------------------------------------------


def test_the_secretariat_begins_a_data_plan_and_one_at_a_time() -> None:
    at = m.country()
    plan = services.open_plan(at.twg, {"titles": {"fr": "Plan de données"}}, actor=at.secretariat)
    assert (plan.state, plan.number) == ("draft", 1)
    with pytest.raises(ValidationError, match="drafting a data plan already"):
        services.open_plan(at.twg, {"titles": {"en": "Another"}}, actor=at.chair)
    m.press(plan, "set_aside", actor=at.chair, note="Begun too early.")
    assert services.open_plan(at.twg, {"titles": {"en": "Another"}}, actor=at.chair).number == 2


def test_members_and_observers_begin_none_and_a_task_force_has_none() -> None:
    at = m.country()
    for somebody in (at.officer, f.seat(at.twg, "observer"), f.seat(f.twg("ML"), "secretariat"), f.person()):
        with pytest.raises(NotPermitted):
            services.open_plan(at.twg, {"titles": {"en": "Mine"}}, actor=somebody)
    with pytest.raises(ValidationError, match="TWG's own"):
        m.plan(m.task_force(at.twg))


def test_a_title_is_changed_while_the_plan_stands_and_a_stale_form_is_told() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    services.change_plan(plan, {"titles": {"en": "National data plan"}}, actor=at.secretariat, version=1)
    assert plan.title == "National data plan"
    with pytest.raises(Conflict):
        services.change_plan(plan, {"titles": {"en": "Mine"}}, actor=at.chair, version=1)
    m.press(plan, "set_aside", note="Given up.")
    with pytest.raises(Unmet, match="holds no longer"):
        services.change_plan(plan, {"titles": {"en": "Still mine"}}, actor=at.chair)


# -- its strategy -----------------------------------------------------------------------------------------


def test_its_strategy_is_a_text_with_the_usual_sections_in_the_twgs_language() -> None:
    at = m.country()
    at.twg.languages = ["fr"]
    at.twg.save()
    text = writing.open_text(m.plan(at.twg), actor=at.secretariat)
    assert text.language == "fr"
    assert [s.titles["fr"] for s in text.sections.order_by("position")][:2] == ["État des lieux", "Objectifs"]
    consultant = f.seat(at.twg, "consultant")
    writing.save(text.sections.order_by("position")[0], "Trois sources.", actor=consultant, base=0)
    with pytest.raises(NotPermitted):
        writing.save(text.sections.order_by("position")[1], "Rien.", actor=at.officer, base=0)


def test_the_twg_comments_on_it_in_a_round() -> None:
    at = m.country()
    draft = written(m.plan(at.twg))
    fields = {"name": "On the data plan", "deadline": timezone.now() + timedelta(days=7)}
    round_ = rounds.plan_round(at.twg, draft, fields, [at.office], actor=at.secretariat)
    engine.perform(RoundFlow(round_), "open_round", actor=at.secretariat)
    assert round_.state == "open"


def test_an_endorsed_plan_is_not_written_any_more() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    draft = written(plan)
    m.endorse(plan, actor=at.chair)
    with pytest.raises(Unmet, match="not a draft any more"):
        writing.save(draft.text.sections.order_by("position")[1], "Later.", actor=at.secretariat, base=0)


def test_the_next_plan_begins_with_what_the_one_in_force_says() -> None:
    at = m.country()
    first = m.plan(at.twg)
    written(first, "We share what we have.")
    m.endorse(first)
    text = writing.open_text(m.plan(at.twg), actor=at.secretariat)
    assert text.sections.order_by("position")[0].body == "We share what we have."


# -- endorsed ---------------------------------------------------------------------------------------------


def test_a_ballot_that_endorses_it_brings_it_into_force() -> None:
    at = v.house(3)
    plan = m.plan(at.twg)
    ballot = put_to_the_vote(at, plan, v.FOR, v.FOR, v.FOR)
    plan.refresh_from_db()
    assert (plan.state, plan.endorsed_in) == ("in_force", ballot)
    event = history.events_of(plan).last()
    assert event is not None
    assert event.note == f"Adopted by ballot {ballot.pk}: “Does the TWG adopt the data plan?”."
    assert event.data == {"ballot": ballot.pk}


def test_a_ballot_that_returns_it_leaves_it_a_draft_with_the_objections_as_comments() -> None:
    at = v.house(3)
    plan = m.plan(at.twg)
    put_to_the_vote(at, plan, v.AGAINST, v.AGAINST, v.FOR)
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert Remark.objects.filter(round__draft__text__subject_kind="data_plan").count() == 2


def test_a_plan_changed_since_the_vote_is_not_endorsed_by_it() -> None:
    at = v.house(3)
    plan = m.plan(at.twg)
    draft = written(plan)
    ballot = v.opened(at, question="Adopt it?", about_kind="data_plan", about_id=plan.pk, draft=draft)
    v.everybody(at, ballot, v.FOR)
    section = draft.text.sections.order_by("position")[1]
    writing.save(section, "Slipped in.", actor=None, base=section.number)
    v.close_it(ballot)
    plan.refresh_from_db()
    assert plan.state == "draft"
    with pytest.raises(Incomplete):
        m.press(plan, "endorse", actor=at.chair)


def test_a_draft_can_be_put_to_the_vote_and_a_plan_in_force_can_not() -> None:
    at = v.house(2)
    plan = m.plan(at.twg)
    draft = written(plan)
    assert draft in subjects.drafts(at.twg, at.secretariat)
    m.endorse(plan)
    assert draft not in subjects.drafts(at.twg, at.secretariat)


def test_a_decision_taken_outside_endorses_it_too_and_nobody_else_does() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    with pytest.raises(Incomplete):
        m.press(plan, "endorse", actor=at.chair)
    with pytest.raises(NotPermitted):
        m.press(plan, "endorse", actor=at.officer, **f.DECISION)
    m.endorse(plan, actor=at.chair)
    assert (plan.state, plan.endorsed_on, plan.endorsed_in) == ("in_force", "2009-04", None)


def test_a_new_plan_supersedes_the_one_in_force_and_takes_over_what_is_unfinished() -> None:
    at = m.country()
    first = m.endorse(m.plan(at.twg))
    open_, over = m.action(first, "Unfinished"), m.action(first, "Finished")
    m.press(over, "finish")
    second = m.endorse(m.plan(at.twg), actor=at.chair)
    for one in (first, open_, over):
        one.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "in_force")
    assert (open_.plan, over.plan) == (second, first)
    assert [e.name for e in history.events_of(open_)] == ["planned", "carried_over"]
    assert DataPlan.objects.filter(twg=at.twg, state="in_force").count() == 1
    assert history.verify().broken is None


def test_nobody_supersedes_a_plan_by_hand() -> None:
    at = m.country()
    plan = m.endorse(m.plan(at.twg))
    with pytest.raises(NotPermitted, match="the data plan that follows it"):
        m.press(plan, "supersede", actor=at.chair, note="Away with it.")


# -- asked after ------------------------------------------------------------------------------------------


def test_with_one_press_whoever_leads_unfinished_actions_is_asked() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    asked, other = m.action(plan, lead=at.office), m.action(plan, "Without a lead")
    assert services.ask_progress(plan, actor=at.secretariat) == 1
    for one in (asked, other):
        one.refresh_from_db()
    assert asked.asked_at is not None
    assert other.asked_at is None


def test_nobody_is_asked_where_nobody_leads() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    m.action(plan)
    with pytest.raises(Unmet, match="No unfinished action has a lead institution"):
        services.ask_progress(plan, actor=at.secretariat)
    with pytest.raises(NotPermitted):
        services.ask_progress(plan, actor=at.officer)
