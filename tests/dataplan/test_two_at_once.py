"""Two at once: harmless dependencies that would close a circle together, two drafts, two endorsements (S14).

Real threads, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from recommendations.dataplan import rules, services
from recommendations.dataplan.flow import PlanFlow
from recommendations.dataplan.models import ActionProgress, DataAction, DataPlan, Dependency
from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import EngineError
from workflow.engine.models import Event
from workflow.groups.models import Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db(transaction=True)


def needing(action: DataAction, need: DataAction, person: Person) -> Any:
    """As requests do: with rows of their own."""

    def work() -> str:
        mine, other = DataAction.objects.get(pk=action.pk), DataAction.objects.get(pk=need.pk)
        services.change_action(mine, {}, actor=Person.objects.get(pk=person.pk), needs=[other])
        return "done"

    return work


def test_two_harmless_dependencies_close_no_circle_together() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    first, second = m.action(plan, "First"), m.action(plan, "Second")
    outcome = at_once(needing(first, second, at.chair), needing(second, first, at.secretariat))
    assert sorted(type(one).__name__ for one in outcome) == ["ValidationError", "str"], outcome
    assert Dependency.objects.count() == 1
    assert history.verify().broken is None


def test_a_ring_of_five_that_many_close_at_once_is_never_closed() -> None:
    at = m.country()
    plan = m.plan(at.twg)
    ring = [m.action(plan, f"Action {n}") for n in range(5)]
    outcome = at_once(*[needing(one, ring[n - 1], at.chair) for n, one in enumerate(ring)])
    assert sum(isinstance(one, ValidationError) for one in outcome) == 1, outcome
    needs: dict[int, set[int]] = {}
    for one, need in Dependency.objects.values_list("action", "needs"):
        needs.setdefault(one, set()).add(need)
    assert all(rules.circle(needs, key, wanted) == [] for key, wanted in needs.items())


def test_two_who_begin_a_plan_at_once_begin_one() -> None:
    at = m.country()

    def begin(person: Person) -> Any:
        def work() -> DataPlan:
            twg = Twg.objects.get(pk=at.twg.pk)
            return services.open_plan(twg, {"titles": {"en": "Plan"}}, actor=Person.objects.get(pk=person.pk))

        return work

    outcome = at_once(begin(at.chair), begin(at.secretariat))
    assert sorted(type(one).__name__ for one in outcome) == ["DataPlan", "ValidationError"], outcome
    assert DataPlan.objects.count() == 1


def test_two_who_endorse_at_once_endorse_once_and_one_plan_is_in_force() -> None:
    at = m.country()
    old = m.endorse(m.plan(at.twg))
    action = m.action(old)
    new = m.plan(at.twg)

    def endorse(person: Person) -> Any:
        def work() -> Event:
            plan = DataPlan.objects.select_related("twg").get(pk=new.pk)
            return engine.perform(
                PlanFlow(plan), "endorse", actor=Person.objects.get(pk=person.pk), data=f.DECISION
            )  # fmt: skip

        return work

    outcome = at_once(endorse(at.chair), endorse(at.secretariat))
    assert [isinstance(one, Event) for one in outcome].count(True) == 1, outcome
    assert any(isinstance(one, EngineError) for one in outcome)
    assert list(DataPlan.objects.filter(state="in_force")) == [new]
    action.refresh_from_db()
    assert action.plan == new
    assert history.verify().broken is None


def test_reports_that_come_at_once_are_all_kept() -> None:
    at = m.country()
    made = m.action(m.plan(at.twg), lead=at.office)
    m.press(made, "start")

    def report(person: Person, percent: int) -> Any:
        def work() -> Event:
            mine = DataAction.objects.select_related("twg", "task_force").get(pk=made.pk)
            return m.press(mine, "report", actor=Person.objects.get(pk=person.pk), note="Done so far.", percent=percent)

        return work

    outcome = at_once(report(at.officer, 10), report(at.chair, 20), report(at.secretariat, 30))
    assert all(isinstance(one, Event) for one in outcome), outcome
    assert sorted(ActionProgress.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert history.verify().broken is None
