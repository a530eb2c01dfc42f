"""Two people at the same moment: one number each, one item for each country, one report for each press.

Real threads, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.register import services
from recommendations.register.models import ProgressReport, Recommendation
from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.engine import history
from workflow.engine.errors import Conflict, EngineError

from .making import press, recommendation, regional

pytestmark = pytest.mark.django_db(transaction=True)


def pressing(subject: Recommendation, step: str, **answers: Any) -> Any:
    def work() -> Any:
        mine = Recommendation.objects.get(pk=subject.pk)
        return press(mine, step, version=subject.version, **answers)

    return work


def test_two_that_are_issued_at_once_get_a_number_each() -> None:
    ghana = f.twg("GH")
    drafts = [recommendation(ghana) for _time in range(4)]
    at_once(*(pressing(draft, "issue") for draft in drafts))
    assert sorted(Recommendation.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_two_reports_on_one_form_leave_one_report_and_one_who_is_told() -> None:
    made = recommendation(f.twg("GH"), state="accepted")
    done = at_once(pressing(made, "report", percent=10), pressing(made, "report", percent=90))
    assert sum(isinstance(one, Conflict) for one in done) == 1
    assert ProgressReport.objects.count() == 1
    made.refresh_from_db()
    assert made.percent == ProgressReport.objects.get().percent
    assert history.verify().broken is None


def test_a_country_gets_one_item_however_many_hand_it_on() -> None:
    region, _secretariat, twgs = regional("GH,ML")
    made = recommendation(region, state="issued")

    def handing_on() -> Any:
        return services.cascade(Recommendation.objects.get(pk=made.pk), twgs, actor=None)

    at_once(handing_on, handing_on)
    assert sorted(made.cascade.values_list("twg", flat=True)) == sorted(twg.pk for twg in twgs)


def test_two_do_not_give_way_to_each_other_at_once() -> None:
    ghana = f.twg("GH")
    one, other = recommendation(ghana, state="issued"), recommendation(ghana, state="issued")
    done = at_once(pressing(one, "merge", twin=other.pk), pressing(other, "merge", twin=one.pk))
    assert sum(isinstance(outcome, EngineError) for outcome in done) == 1
    assert Recommendation.objects.filter(state="superseded").count() == 1
