"""54 countries, twenty years of data plans, 16,200 actions, 32,400 commitments: lists beside their own SQL (S14, S26).

`python -m tests.benchmarks.planning` prints the table of docs/performance.md for the database of DATABASE_URL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.benchmarks import recommending
from tests.benchmarks.recommending import COUNTRIES, FIRST, ON_A_PAGE

PLANS = 5  # of a country in twenty years; the last is in force
EACH = 60  # actions of a plan
PAID = 2  # commitments to each action
ANSWERS = 3  # one action in so many answers a recommendation


def made() -> tuple[Any, Any, Any]:
    """The rows, written at once; who reads them all, one country and its plan in force."""
    from django_countries import countries

    from recommendations.dataplan.models import Commitment, DataAction, DataActionState, DataPlan, Dependency
    from recommendations.register.models import Recommendation
    from tests import factories as f

    project = f.project()
    codes = [code for code, _name in countries][:COUNTRIES]
    twgs = [f.twg(code, of=project) for code in codes]
    leads = [f.institution(country=code) for code in codes]
    asked = Recommendation.objects.bulk_create(
        Recommendation(twg=twg, number=1, ground="data", texts={"en": "Count migrants"}, state="accepted")
        for twg in twgs
    )
    plans = DataPlan.objects.bulk_create(
        DataPlan(twg=twg, number=n, titles={"en": f"Data plan {n}"}, state="in_force" if n == PLANS else "superseded")
        for twg in twgs for n in range(1, PLANS + 1)
    )  # fmt: skip
    states = [state for state in DataActionState.values if state != "blocked"]

    def action(at: int, number: int) -> DataAction:
        plan, place = plans[at], at // PLANS
        starts = FIRST + timedelta(days=1460 * (plan.number - 1) + 20 * number)
        ends = starts + timedelta(days=60)
        return DataAction(
            twg=twgs[place], plan=plan, kind="survey", titles={"en": f"Action {number}", "fr": f"Action {number}"},
            folded=f"action {number}", lead=leads[place], starts=starts.isoformat(), due=ends.isoformat(),
            starts_on=starts, due_on=ends, state=states[number % len(states)], percent=number, cost=1000 * number,
            currency=("XOF", "EUR")[number % 2], recommendation=None if number % ANSWERS else asked[place],
        )  # fmt: skip

    rows = [action(at, number) for at in range(len(plans)) for number in range(1, EACH + 1)]
    actions = DataAction.objects.bulk_create(rows, batch_size=500)
    money = (
        Commitment(action=one, payer="A donor", amount=500, currency=one.currency, status=("announced", "approved")[n])
        for one in actions for n in range(PAID)
    )  # fmt: skip
    Commitment.objects.bulk_create(money, batch_size=1000)
    before = zip(actions[1:], actions, strict=False)
    Dependency.objects.bulk_create(
        (Dependency(action=one, needs=other) for one, other in before if one.plan_id == other.plan_id), batch_size=1000
    )
    return f.monitor(project), twgs[0], plans[PLANS - 1]


def reads() -> dict[str, tuple[Any, str, Callable[[], Any]]]:
    """By name: who reads, the page, and what it reads of data plans."""
    from recommendations.dataplan import schedules, selectors
    from workflow.engine import together

    monitor, twg, plan = made()

    def actions() -> Any:
        return selectors.actions(monitor).filter(plan=plan)

    def one() -> Any:
        found = actions().order_by(*selectors.SOONEST)
        wanted = {"around": selectors.around(plan, found), "money": selectors.money_of(actions())}
        return together.answers(wanted), list(found[:ON_A_PAGE])

    def schedule() -> Any:
        return schedules.schedule(actions().exclude(state="dropped").order_by(*selectors.BY_START)[:EACH], monitor)

    def late() -> Any:
        return list(selectors.actions(monitor).overdue(timezone.localdate()).order_by(*selectors.SOONEST)[:ON_A_PAGE])

    return {
        "plans of all countries, with the roll-up": (
            monitor, "/data-plans/", lambda: list(selectors.compared(monitor)[:ON_A_PAGE]),
        ),
        "one country's plan, its actions and sums": (monitor, f"/data-plans/{plan.pk}/", one),
        "its schedule": (monitor, f"/data-plans/{plan.pk}/schedule/", schedule),
        "actions that are late, in all countries": (monitor, "/api/v1/data-actions/", late),
        "on the TWG's page, actions": (
            monitor, f"/twgs/{twg.code}/", lambda: together.answer(selectors.of_twg(twg, monitor)),
        ),
    }  # fmt: skip


if __name__ == "__main__":
    recommending.main(reads)
