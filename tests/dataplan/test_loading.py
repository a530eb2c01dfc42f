"""What IOM's note says under "Drafting a Data Plan", after the shipped project file has been loaded (S14, S22-S27)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from recommendations.dataplan.models import Commitment, DataAction, DataPlan, Output
from tests.groups.reading import browser
from workflow.engine import history
from workflow.groups.models import Twg
from workflow.projects import loading, reading

WCA = Path(__file__).resolve().parents[2] / "workflow" / "projects" / "wca.yaml"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[loading.Report]:
    """Loaded once for all stories of this module, each of which runs inside this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loading.load(reading.read(WCA))
        transaction.set_rollback(True)


def actions(country: str) -> dict[str, DataAction]:
    found = DataAction.objects.filter(twg__country=country).select_related("lead", "task_force", "recommendation")
    return {action.titles["en"]: action for action in found}


def test_five_countries_have_a_plan_in_draft_and_no_date_or_sum_is_made_up() -> None:
    plans = DataPlan.objects.all()
    assert {str(plan.twg.country) for plan in plans} == {"GH", "CD", "NG", "ML", "CI"}
    assert {(plan.state, plan.endorsed_on) for plan in plans} == {("draft", "")}
    for action in DataAction.objects.all():
        assert (action.starts, action.due, action.cost, action.expert_name, action.percent) == ("", "", None, "", 0)
        assert set(action.titles) == {"en", "fr", "pt"}


def test_s23_ghanas_twg_decided_to_hire_a_consultant_for_a_national_database() -> None:
    consultant, database = actions("GH").values()
    assert (consultant.kind, consultant.state, consultant.lead) == ("procurement", "planned", None)
    assert (database.kind, database.state) == ("database", "planned")
    assert "assistance of the consultant" in database.descriptions["en"]


def test_s24_dr_congos_two_expert_groups_each_have_an_action_and_an_output() -> None:
    for action in actions("CD").values():
        assert action.task_force is not None
        assert action.task_force.kind == "expert_group"
        assert action.state == "in_progress"
        output = Output.objects.get(action=action)
        assert (output.twg, output.state) == (action.task_force, "expected")
    assert Output.objects.count() == 2


def test_s25_npopc_leads_a_collective_strategy_of_agencies_that_the_note_does_not_list() -> None:
    [strategy] = actions("NG").values()
    assert strategy.lead is not None
    assert (strategy.lead.acronym, list(strategy.contributors.all())) == ("NPopC", [])
    assert strategy.others["en"].startswith("all relevant ministries")


def test_s26_malis_ministry_announced_and_no_number_was_told() -> None:
    money = Commitment.objects.get()
    assert money.institution is not None
    assert (money.institution.acronym, money.status, money.amount, money.currency, money.fiscal_year) == (
        "MMEIA", "announced", None, "", "",
    )  # fmt: skip
    assert "following year" in money.statements["en"]


def test_s27_the_statistics_office_leads_with_onis_specialist_whose_name_is_not_told() -> None:
    [strategy] = actions("CI").values()
    assert strategy.lead is not None
    assert strategy.expert_institution is not None
    assert (strategy.lead.category, strategy.expert_institution.acronym) == ("statistics", "ONI")
    assert [one.acronym for one in strategy.contributors.all()] == ["ONI"]
    assert strategy.expert_roles["en"] == "Data specialist"


def test_s22_each_answers_what_dakar_recommended_to_its_own_twg() -> None:
    for action in DataAction.objects.select_related("recommendation__cascaded_from__twg__region"):
        asked = action.recommendation
        assert asked is not None
        assert asked.twg_id == action.twg_id
        assert asked.cascaded_from is not None
        assert asked.cascaded_from.twg.region is not None


def test_the_pages_show_it_in_three_languages() -> None:
    twg = Twg.objects.get(country="ML", kind="twg")
    somebody = twg.memberships.filter(role="secretariat").first()
    assert somebody is not None
    plan, money = DataPlan.objects.get(twg=twg), Commitment.objects.get()
    for language, title, unknown in (("en", "Data plan of Mali", "amount not known"),
                                     ("fr", "Plan de données du Mali", "montant inconnu"),
                                     ("pt", "Plano de dados do Mali", "montante desconhecido")):  # fmt: skip
        type(somebody.person).objects.filter(pk=somebody.person_id).update(language=language)
        client = browser(type(somebody.person).objects.get(pk=somebody.person_id))
        assert title in client.get(f"/data-plans/{plan.pk}/").content.decode()
        assert unknown in client.get(f"/commitments/{money.pk}/").content.decode()


def test_a_second_load_changes_nothing_and_the_history_holds() -> None:
    before = DataAction.objects.count(), Output.objects.count()
    report = loading.load(reading.read(WCA))
    assert (report.new, report.differences) == (0, [])
    assert (DataAction.objects.count(), Output.objects.count()) == before
    assert history.verify().broken is None
