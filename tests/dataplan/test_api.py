"""Data plans through the API: what pages can do programs can do, under the same rules."""

from __future__ import annotations

from typing import Any

import pytest

from recommendations.dataplan.models import DataAction
from tests import factories as f
from tests.api.calls import Caller, problem

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> m.Country:
    return m.country()


def test_a_program_begins_a_plan_and_plans_its_actions(at: m.Country) -> None:
    calls = Caller(at.secretariat)
    made = calls.post("data-plans/", {"twg": at.twg.code, "titles": {"fr": "Plan de données"}})
    assert made.status_code == 201, made.content
    plan = made.json()["id"]
    first = calls.post("data-actions/", {"plan": plan, "kind": "procurement", "titles": {"en": "Hire"}}).json()
    fields = {
        "plan": plan, "kind": "database", "titles": {"en": "Database"}, "lead": at.office.code,
        "contributors": [at.oni.code], "needs": [first["id"]], "starts": "2010-01", "due": "2010-06",
        "cost": "1250.50", "currency": "XOF", "expert_name": "A. Koffi", "expert_institution": at.oni.code,
    }  # fmt: skip
    second = calls.post("data-actions/", fields)
    assert second.status_code == 201, second.content
    row = second.json()
    assert (row["needs"], row["cost"], [one["code"] for one in row["contributors"]]) == (
        [first["id"]], "1250.50", [at.oni.code],
    )  # fmt: skip
    read = Caller(at.officer).get(f"data-actions/{row['id']}/").json()
    assert (read["expert_name"], read["lead"]["code"]) == ("A. Koffi", at.office.code)
    assert Caller(f.seat(at.twg, "observer")).get(f"data-actions/{row['id']}/").json()["expert_name"] == ""
    changed = calls.patch(f"data-actions/{first['id']}/", {"needs": [row["id"]], "version": first["version"]})
    assert "Hire → Database → Hire" in str(problem(changed, 422, "incomplete"))


def test_a_leader_reports_and_an_outsider_finds_nothing(at: m.Country) -> None:
    made = m.action(m.plan(at.twg), lead=at.office)
    officer = Caller(at.officer)
    assert officer.act(f"data-actions/{made.pk}", "report", note="Begun.", percent=10).status_code == 200
    read = officer.get(f"data-actions/{made.pk}/").json()
    assert [(r["number"], r["percent"], r["words"]) for r in read["reports"]] == [(1, 10, "Begun.")]
    problem(Caller(f.seat(f.twg("ML"), "secretariat")).get(f"data-actions/{made.pk}/"), 404, "not-found")
    problem(
        Caller(at.specialist).act(f"data-actions/{made.pk}", "report", note="Mine.", percent=1), 403, "not-permitted"
    )


def test_a_stale_program_is_told_that_somebody_was_faster(at: m.Country) -> None:
    made = m.action(m.plan(at.twg), lead=at.office)
    m.press(made, "start", actor=at.officer)
    problem(Caller(at.secretariat).patch(f"data-actions/{made.pk}/", {"due": "2010", "version": 1}), 409, "conflict")


def test_schedule_slips_and_totals_are_read(at: m.Country) -> None:
    plan = m.plan(at.twg)
    hire = m.action(plan, "Hire", starts="2010-01-01", due="2010-01-10", cost=5, currency="XOF")
    design = m.action(plan, "Design", starts="2010-01-11", due="2010-01-20", needs=[hire], cost=3, currency="EUR")
    m.money(hire, amount=2, currency="XOF")
    calls = Caller(at.officer)
    rows = calls.get(f"data-plans/{plan.pk}/schedule/").json()
    assert [(r["title"], r["days"], r["slack"], r["critical"], r["needs"]) for r in rows] == [
        ("Hire", 10, 0, True, []), ("Design", 10, 0, True, [hire.pk]),
    ]  # fmt: skip
    late = calls.get(f"data-plans/{plan.pk}/slips/", {"action": hire.pk, "days": 5}).json()
    assert late == [
        {"action": hire.pk, "days": 5, "due": "2010-01-15"},
        {"action": design.pk, "days": 5, "due": "2010-01-25"},
    ]
    problem(calls.get(f"data-plans/{plan.pk}/slips/", {"action": hire.pk}), 422, "incomplete")
    sums = calls.get(f"data-plans/{plan.pk}/totals/").json()
    assert [(s["currency"], s["cost"], s["missing"]) for s in sums] == [
        ("EUR", "3.00", "3.00"),
        ("XOF", "5.00", "5.00"),
    ]
    assert calls.get(f"data-plans/{plan.pk}/actions/export/csv/").status_code == 200
    assert calls.get(f"data-plans/{plan.pk}/export/docx/").status_code == 200


def test_money_outputs_and_the_question_how_far_it_is(at: m.Country) -> None:
    made, body = m.action(m.plan(at.twg), lead=at.office), m.task_force(at.twg)
    calls = Caller(at.secretariat)
    money = calls.post("commitments/", {"action": made.pk, "institution": at.office.code, "fiscal_year": "2010"})
    assert (money.status_code, money.json()["amount"], money.json()["status"]) == (201, None, "announced")
    path = f"commitments/{money.json()['id']}"
    problem(calls.act(path, "approve"), 409, "unmet")
    raised = calls.patch(f"{path}/", {"amount": "10", "currency": "EUR", "version": 1})
    assert raised.json()["amount"] == "10.00"
    assert calls.act(path, "approve").status_code == 200
    out = calls.post("outputs/", {"twg": body.code, "titles": {"en": "Strategy"}, "action": made.pk})
    assert out.status_code == 201, out.content
    assert calls.act(f"outputs/{out.json()['id']}", "deliver", delivered_on="2010").status_code == 200
    plan = calls.get(f"data-plans/{made.plan_id}/").json()
    assert calls.post(f"data-plans/{made.plan_id}/ask/", {"version": plan["version"]}).status_code == 200
    assert DataAction.objects.get().asked_at is not None


@pytest.mark.parametrize(
    "fields",
    [{"kind": "miracle"}, {"titles": {}}, {"due": "soon"}, {"cost": "1e30"}, {"currency": "€"}, {"needs": [0]},
     {"lead": "nobody"}, {"cost": "5"}, {"percent": 5, "titles": "no mapping"}],
)  # fmt: skip
def test_bad_input_is_a_problem_and_makes_nothing(at: m.Country, fields: dict[str, Any]) -> None:
    told = {"plan": m.plan(at.twg).pk, "kind": "survey", "titles": {"en": "Survey"}, **fields}
    problem(Caller(at.secretariat).post("data-actions/", told), 422, "incomplete")
    assert not DataAction.objects.exists()


def test_lists_are_filtered_and_ask_as_much_with_many_as_with_few(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.press(m.action(plan, "Blocked", lead=at.office), "block", note="No law.")
    m.action(plan, "Other")
    calls = Caller(at.officer)
    found = calls.get("data-actions/", {"twg": at.twg.code, "state": "blocked", "lead": at.office.code}).json()
    assert [one["title"] for one in found["results"]] == ["Blocked"]
    assert calls.get("data-plans/", {"state": "in_force"}).json()["results"] == []
    problem(calls.get("data-actions/", {"state": "nonsense"}), 422, "incomplete")
