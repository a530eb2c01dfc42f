"""An action that comes of a closed session leaves no trace for those who take no part in these, by any path (S31)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from meetings.scheduling.models import AgendaItem
from recommendations.dataplan import selectors, services
from recommendations.dataplan.models import Commitment, DataAction, Output
from tests import factories as f
from tests.ballots.voting import deliver

from . import making as m

pytestmark = pytest.mark.django_db
WORD = "Zyxclosedactionqv"


@pytest.fixture
def at() -> m.Country:
    return m.country()


@pytest.fixture
def hidden(at: m.Country) -> DataAction:
    """Decided behind closed doors, led by the statistics office, paid for, and delivered by a task force."""
    plan = m.plan(at.twg)
    made = m.action(plan, WORD, decision=m.closed_decision(at), lead=at.office, cost=7, currency="XAF", due=m.soon(3))
    m.money(made, payer=f"{WORD}payer", amount=5, currency="XPF")
    m.output(m.task_force(at.twg), action=made, titles={"en": f"{WORD}output"})
    return made


def outsiders(at: m.Country) -> list[Any]:
    """Civil society's member, an observer, IOM: they read the plan, and not what was closed."""
    society = f.institution(category="civil_society", country="CI")
    return [
        f.seat(at.twg, "member", "Civil society", institution=society), f.seat(at.twg, "observer", "An observer"),
        f.monitor(at.project),
    ]  # fmt: skip


def test_government_the_chair_and_the_secretariat_read_it_and_nobody_else(at: m.Country, hidden: DataAction) -> None:
    for insider in (at.chair, at.secretariat, at.officer, at.specialist):
        assert hidden in DataAction.objects.all().visible_to(insider)
        assert Commitment.objects.all().visible_to(insider).count() == 1
    for outsider in outsiders(at):
        for model in (DataAction, Commitment, Output):
            assert not model.objects.all().visible_to(outsider).exists()


def test_no_page_list_total_schedule_or_search_tells_of_it(at: m.Country, hidden: DataAction) -> None:
    body = hidden.outputs.get().twg
    pages = [("data-plan", hidden.plan_id), ("data-plan-schedule", hidden.plan_id), ("twg", at.twg.code),
             ("twg", body.code), ("data-plans",), ("home",)]  # fmt: skip
    for outsider in outsiders(at):
        for name, *args in pages:
            if (name, *args) == ("twg", body.code) and str(outsider) == "An observer":
                continue  # observers read no linked bodies
            told = m.page(outsider, name, *args)
            assert WORD not in told
            assert "XAF" not in told
            assert "XPF" not in told
        assert WORD not in m.page(outsider, "search", q=WORD[:6])
        for name, pk in (("data-action", hidden.pk), ("commitment", hidden.commitments.get().pk),
                         ("output", hidden.outputs.get().pk)):  # fmt: skip
            m.page(outsider, name, pk, status=404)
    assert WORD in m.page(at.officer, "data-plan", hidden.plan_id)
    assert "XAF" in m.page(at.chair, "data-plan", hidden.plan_id)


def test_no_file_tells_of_it(at: m.Country, hidden: DataAction) -> None:
    outsider = outsiders(at)[0]
    assert WORD not in m.page(outsider, "data-actions-export", hidden.plan_id, "csv")
    assert WORD in m.page(at.officer, "data-actions-export", hidden.plan_id, "csv")


def test_what_depends_on_it_does_not_name_it(at: m.Country, hidden: DataAction) -> None:
    waiting = m.action(hidden.plan, "Training", needs=[hidden])
    outsider = outsiders(at)[2]
    assert WORD not in m.page(outsider, "data-action", waiting.pk)
    assert WORD in m.page(at.chair, "data-action", waiting.pk)
    assert not selectors.needs_of(waiting, outsider).exists()


def test_iom_who_changes_what_is_needed_leaves_hidden_dependencies_and_learns_no_name(
    at: m.Country, hidden: DataAction
) -> None:
    iom = outsiders(at)[2]
    waiting = m.action(hidden.plan, "Training", needs=[hidden])
    services.change_action(waiting, {}, actor=iom, needs=[])
    assert list(waiting.dependencies.values_list("needs", flat=True)) == [hidden.pk]
    first = m.action(hidden.plan, "First")
    services.change_action(hidden, {}, actor=at.secretariat, needs=[first])
    with pytest.raises(ValidationError) as refused:
        services.change_action(first, {}, actor=iom, needs=[waiting])
    assert WORD not in str(refused.value)


def test_an_item_that_is_closed_later_takes_its_action_along(at: m.Country) -> None:
    decision = m.open_decision(at)
    made = m.action(m.plan(at.twg), WORD, decision=decision)
    outsider = outsiders(at)[0]
    assert made in DataAction.objects.all().visible_to(outsider)
    item = AgendaItem.objects.create(meeting=decision.minutes.meeting, position=90, titles={"en": "Item"}, closed=True)
    type(decision).objects.filter(pk=decision.pk).update(item=item)
    assert made not in DataAction.objects.all().visible_to(outsider)


def test_nobody_bases_an_action_on_a_decision_that_they_may_not_know_of(at: m.Country) -> None:
    decision = m.closed_decision(at)
    with pytest.raises(ValidationError, match="another TWG"):
        services.plan_action(
            m.plan(at.twg), {"kind": "other", "titles": {"en": "Guessed"}, "decision": decision},
            actor=f.monitor(at.project),
        )  # fmt: skip


def test_mail_about_it_reaches_insiders_alone_and_its_history_repeats_no_title(
    at: m.Country, hidden: DataAction, mailoutbox: list[Any]
) -> None:
    ngo = f.institution(category="civil_society", country="CI")
    outsider = f.seat(at.twg, "member", "Civil society", institution=ngo)
    services.change_action(hidden, {"lead": ngo}, actor=at.secretariat)
    services.ask_progress(hidden.plan, actor=at.secretariat)
    m.press(hidden, "block", actor=at.chair, note="No vehicles.")
    deliver()
    assert [mail for mail in mailoutbox if outsider.email in mail.to and WORD in mail.body + mail.subject] == []
    told = [mail for mail in mailoutbox if at.secretariat.email in mail.to]
    assert any("Blocked" in mail.subject for mail in told)
