"""Actions: who does what, what they need first, how far they are, what pays for them (S23-S27)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import DatabaseError

from recommendations.dataplan import services
from recommendations.dataplan.models import ActionProgress, DataAction
from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet

from . import making as m

pytestmark = pytest.mark.django_db


# -- planned ----------------------------------------------------------------------------------------------


def test_s27_the_statistics_office_leads_with_onis_specialist_who_is_not_named() -> None:
    at = m.country()
    made = services.plan_action(
        m.plan(at.twg),
        {
            "kind": "other", "titles": {"en": "National data strategy"}, "lead": at.office, "contributors": [at.oni],
            "expert_roles": {"en": "Data specialist"}, "expert_institution": at.oni,
        },
        actor=at.secretariat,
    )  # fmt: skip
    assert (made.lead, list(made.contributors.all())) == (at.office, [at.oni])
    assert (made.expert_role, made.expert_name) == ("Data specialist", "")


def test_dates_are_as_precise_as_they_are_known_and_an_action_ends_after_it_begins() -> None:
    plan = m.plan(m.country().twg)
    made = m.action(plan, starts="2010-03", due="2010")
    assert (str(made.starts_on), str(made.due_on)) == ("2010-03-01", "2010-12-31")
    with pytest.raises(ValidationError, match="due before it begins"):
        m.action(plan, starts="2010-03", due="2009")
    with pytest.raises(ValidationError, match="not a date"):
        m.action(plan, due="next year")


def test_a_task_force_is_the_twgs_own() -> None:
    at = m.country()
    body = m.task_force(at.twg)
    assert m.action(m.plan(at.twg), task_force=body).task_force == body
    with pytest.raises(ValidationError, match="not linked"):
        m.action(m.plan(f.twg("ML")), task_force=body)


def test_members_plan_nothing_and_nothing_is_planned_in_a_plan_that_is_over() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    fields = {"kind": "survey", "titles": {"en": "A survey"}}
    with pytest.raises(NotPermitted):
        services.plan_action(plan, fields, actor=at.officer)
    assert services.plan_action(plan, fields, actor=f.monitor(at.project)).state == "planned"
    m.press(plan, "set_aside", note="Given up.")
    with pytest.raises(Unmet, match="holds no longer"):
        services.plan_action(plan, fields, actor=at.secretariat)


def test_what_another_twg_decided_or_keeps_is_not_its() -> None:
    at, other = m.country(), m.country("ML")
    decision = m.open_decision(other)
    with pytest.raises(ValidationError, match="another TWG"):
        m.action(m.plan(at.twg), decision=decision)


def test_a_change_is_told_without_its_words_and_a_stale_form_is_refused() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg))
    services.change_action(made, {"titles": {"en": "Another survey"}, "due": "2010"}, actor=at.secretariat, version=1)
    event = history.events_of(made).last()
    assert event is not None
    assert event.data == {"changed": {"due": ["", "2010"]}}
    services.change_action(made, {"titles": {"en": "A third survey"}}, actor=at.secretariat)
    assert history.events_of(made).count() == 3
    with pytest.raises(Conflict):
        services.change_action(made, {"due": "2011"}, actor=at.chair, version=1)


def test_a_change_that_changes_nothing_leaves_no_trace() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg), contributors=[at.oni])
    services.change_action(made, {"kind": "survey", "contributors": [at.oni]}, actor=at.secretariat, needs=[])
    assert history.events_of(made).count() == 1


# -- what they need ---------------------------------------------------------------------------------------


def test_actions_never_need_each_other_in_a_circle() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    hire = m.action(plan, "Hire")
    design = m.action(plan, "Design", needs=[hire])
    train = m.action(plan, "Train", needs=[design])
    with pytest.raises(ValidationError, match="Hire → Train → Design → Hire"):
        services.change_action(hire, {}, actor=at.secretariat, needs=[train])
    with pytest.raises(ValidationError, match="Hire → Hire"):
        services.change_action(hire, {}, actor=at.secretariat, needs=[hire])
    services.change_action(train, {}, actor=at.secretariat, needs=[hire])
    assert [d.needs for d in train.dependencies.all()] == [hire]


def test_an_action_needs_those_of_its_own_twg_alone() -> None:
    at = m.country()
    theirs = m.action(m.plan(f.twg("ML")))
    with pytest.raises(ValidationError, match="own TWG"):
        m.action(m.plan(at.twg), needs=[theirs])


# -- its life ---------------------------------------------------------------------------------------------


def test_the_lead_institution_starts_reports_blocks_and_finishes_its_own_action() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg), lead=at.office)
    m.press(made, "start", actor=at.officer)
    m.press(made, "report", actor=at.officer, note="Questions are drafted.", percent=30)
    m.press(made, "block", actor=at.officer, note="No vehicles.")
    assert (made.state, made.blocked_by, made.percent) == ("blocked", "No vehicles.", 30)
    m.press(made, "report", actor=at.officer, note="Two are promised.", percent=35)
    assert made.state == "blocked"
    m.press(made, "resume", actor=at.officer)
    assert made.blocked_by == ""
    m.press(made, "finish", actor=at.officer, note="The data are in.", done_on="2010-05")
    assert (made.state, made.percent, made.done_on) == ("done", 100, "2010-05")
    reports = list(ActionProgress.objects.filter(action=made).order_by("number"))
    assert [(r.percent, r.institution) for r in reports] == [(p, "National Statistical Office") for p in (30, 35, 100)]
    assert history.verify().broken is None


def test_others_report_nothing_on_it() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg), lead=at.office)
    for somebody in (at.specialist, f.seat(at.twg, "observer", institution=at.office), f.person()):
        with pytest.raises(NotPermitted):
            m.press(made, "report", actor=somebody, note="Mine.", percent=50)
    m.press(made, "report", actor=at.secretariat, note="As told by telephone.", percent=10)


def test_the_task_forces_chair_reports_and_its_members_read() -> None:
    at = m.country()
    body = m.task_force(at.twg)
    made = m.action(m.plan(at.twg), task_force=body)
    chair, member = f.seat(body, "chair", "Chair of the group"), f.seat(body, "member", "An expert")
    m.press(made, "report", actor=chair, note="A first outline.", percent=20)
    with pytest.raises(NotPermitted):
        m.press(made, "report", actor=member, note="Mine.", percent=30)
    assert DataAction.objects.all().visible_to(member).get() == made


def test_a_leader_drops_nothing_and_reopens_nothing() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg), lead=at.office)
    with pytest.raises(NotPermitted):
        m.press(made, "drop", actor=at.officer, note="Too much work.")
    m.press(made, "drop", actor=at.secretariat, note="No money.")
    m.press(made, "reopen", actor=at.chair, note="There is money after all.")
    assert made.state == "in_progress"


def test_an_action_says_what_blocks_it_and_a_report_how_far_it_is() -> None:
    made = m.action(m.plan(m.country().twg))
    with pytest.raises(Incomplete):
        m.press(made, "block")
    for percent in ("", -1, 100, "half"):
        with pytest.raises(Incomplete):
            m.press(made, "report", note="Something.", percent=percent)


def test_what_is_over_with_its_plan_is_not_taken_up_again() -> None:
    plan = m.plan(m.country().twg)
    made = m.action(plan)
    m.press(made, "drop", note="No money.")
    m.press(plan, "set_aside", note="Given up.")
    made.refresh_from_db()
    with pytest.raises(Unmet, match="holds no longer"):
        m.press(made, "reopen", note="Now?")


def test_reports_are_written_once() -> None:
    made = m.action(m.plan(m.country().twg))
    m.press(made, "report", note="A beginning.", percent=5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ActionProgress.objects.filter(action=made).update(percent=90)


# -- money ------------------------------------------------------------------------------------------------


def test_s26_the_ministry_announces_and_no_number_is_made_up() -> None:
    at = m.country("ML")
    made = m.money(
        m.action(m.plan(at.twg), "Update the profile"), institution=at.office,
        statements={"en": "It will consider the expenses in its budget for the following year."},
    )  # fmt: skip
    assert (made.status, made.amount, made.money) == ("announced", None, "")
    m.press(made, "request", actor=at.secretariat)
    with pytest.raises(Unmet, match="how much"):
        m.press(made, "approve", actor=at.secretariat)
    services.change_commitment(
        made, {"amount": Decimal("1250000"), "currency": "XOF", "fiscal_year": "2010"}, actor=at.secretariat
    )
    m.press(made, "approve", actor=at.secretariat)
    m.press(made, "disburse", actor=at.chair)
    assert [e.to_state for e in history.events_of(made)][-2:] == ["approved", "disbursed"]
    assert made.money == "1,250,000\u00a0XOF"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"payer": ""}, "Say who pays"),
        ({"amount": Decimal(5)}, "currency"),
        ({"currency": "XOF"}, "currency"),
        ({"amount": Decimal(5), "currency": "franc"}, "3 characters|three letters"),
        ({"amount": Decimal(-5), "currency": "XOF"}, "greater than or equal"),
        ({"amount": Decimal("1e20"), "currency": "XOF"}, "digits"),
    ],
)
def test_money_that_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        m.money(m.action(m.plan(m.country().twg)), **fields)


def test_a_payer_is_an_institution_or_somebody_else() -> None:
    at = m.country()
    with pytest.raises(ValidationError, match="not both"):
        m.money(m.action(m.plan(at.twg)), institution=at.office, payer="A donor")


def test_withdrawn_money_can_be_announced_again_and_members_record_none() -> None:
    at = m.country()
    made = m.money(m.action(m.plan(at.twg)))
    with pytest.raises(NotPermitted):
        m.press(made, "withdraw", actor=at.officer, note="Gone.")
    m.press(made, "withdraw", actor=at.chair, note="The donor left.")
    m.press(made, "announce", actor=at.chair, note="Another came.")
    assert made.status == "announced"


# -- what task forces deliver -----------------------------------------------------------------------------


def test_s24_two_expert_groups_deliver_what_each_is_for() -> None:
    at = m.country("CD")
    strategy, plan_ = m.task_force(at.twg, "strategy"), m.task_force(at.twg, "plan")
    first, second = m.output(strategy), m.output(plan_, titles={"en": "An action plan"}, due="2010")
    m.press(first, "deliver", actor=at.secretariat, delivered_on="2009-12", url="https://example.org/strategy.pdf")
    assert (first.state, first.delivered_on, first.url) == ("delivered", "2009-12", "https://example.org/strategy.pdf")
    assert second.state == "expected"
    m.press(second, "drop", actor=at.chair, note="One text is enough.")
    m.press(second, "expect", actor=at.chair, note="No: two.")
    assert second.state == "expected"


def test_outputs_are_a_task_forces_and_of_its_twgs_actions() -> None:
    at = m.country("CD")
    with pytest.raises(ValidationError, match="linked to a TWG"):
        m.output(at.twg)
    with pytest.raises(ValidationError, match="data plan of the TWG"):
        m.output(m.task_force(at.twg), action=m.action(m.plan(f.twg("ML"))))


def test_a_task_forces_member_reads_its_action_and_not_the_plan_around_it() -> None:
    at = m.country()
    body = m.task_force(at.twg)
    made = m.action(m.plan(at.twg, titles={"en": "Zyxplan"}), "Outline", task_force=body)
    paid, member = m.money(made), f.seat(body, "member", "An expert")
    for name, pk in (("data-action", made.pk), ("commitment", paid.pk)):
        page = m.page(member, name, pk)
        assert "Outline" in page
        assert "Zyxplan" not in page
    m.page(member, "data-plan", made.plan_id, status=404)
