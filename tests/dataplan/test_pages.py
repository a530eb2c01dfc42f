"""The pages of data plans as people find them: read, filtered, filled in, sent again when they are stale."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.dataplan.models import Commitment, DataAction, DataPlan, Output
from recommendations.register.services import cascade
from tests import factories as f
from tests.groups.reading import browser
from tests.inventory import making as inventory
from tests.register.making import recommendation

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> m.Country:
    return m.country()


def test_who_has_no_plan_yet_is_told_what_one_is_and_the_secretariat_begins_it(at: m.Country) -> None:
    assert "Begin a data plan" not in m.page(at.officer, "data-plan-of", at.twg.code)
    assert "Begin a data plan" in m.page(at.secretariat, "data-plan-of", at.twg.code)
    answer = m.send(at.secretariat, "data-plan-new", at.twg.code, titles_en="National plan", confidence="stated")
    plan = DataPlan.objects.get()
    assert answer.url == reverse("data-plan", args=[plan.pk])
    assert browser(at.officer).get(reverse("data-plan-of", args=[at.twg.code])).url == answer.url


def test_a_plan_without_a_title_is_asked_for_one_and_loses_nothing(at: m.Country) -> None:
    answer = m.send(at.secretariat, "data-plan-new", at.twg.code, summaries_en="What we want.", confidence="stated")
    assert answer.status_code == 422
    assert "What we want." in answer.content.decode()
    assert "Give it in at least one language." in answer.content.decode()


def test_the_page_of_a_plan_shows_strategy_actions_money_and_what_can_happen_next(at: m.Country) -> None:
    plan = m.plan(at.twg)
    late = m.action(plan, "Border survey", lead=at.office, due="2009-06", cost=500, currency="XOF")
    m.money(late, amount=200, currency="XOF")
    m.money(late)
    page = m.page(at.secretariat, "data-plan", plan.pk)
    for told in ("Border survey", "National Statistical Office", "years late", "500", "Begin the text",
                 "Endorse the data plan", "1 commitment has no amount yet", "Prepare a ballot"):  # fmt: skip
        assert told in page, told
    assert "Plan an action" not in m.page(at.officer, "data-plan", plan.pk)


def test_the_list_is_filtered_by_state_kind_and_what_is_stuck(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "Late one", due="2009")
    m.press(m.action(plan, "Blocked one", kind="legal"), "block", note="No law.")
    m.action(plan, "Calm one", due=m.soon(90))

    def shown(**query: str) -> list[str]:
        page = m.page(at.officer, "data-plan", plan.pk, **query)
        return [title for title in ("Late one", "Blocked one", "Calm one") if f">{title}</a>" in page]

    assert shown() == ["Late one", "Blocked one", "Calm one"]
    assert shown(stuck="on") == ["Late one", "Blocked one"]
    assert shown(state="blocked") == shown(kind="legal") == ["Blocked one"]
    assert shown(state="nonsense") == ["Late one", "Blocked one", "Calm one"]
    assert "No action found" in m.page(at.officer, "data-plan", plan.pk, state="done")


def test_an_action_is_planned_through_the_form_with_all_that_belongs_to_it(at: m.Country) -> None:
    plan = m.plan(at.twg)
    first, body = m.action(plan, "First"), m.task_force(at.twg)
    answer = m.send(
        at.secretariat, "data-action-new", plan.pk, titles_fr="Base de données", kind="database", lead=at.office.pk,
        contributors=[at.oni.pk], expert_name="A. Koffi", expert_roles_en="Data specialist",
        expert_institution=at.oni.pk, task_force=body.pk, starts="2010-01", due="2010-06", needs=[first.pk],
        cost="1250.50", currency="xof", decision=m.open_decision(at).pk, confidence="stated",
    )  # fmt: skip
    made = DataAction.objects.exclude(pk=first.pk).get()
    assert answer.url == reverse("data-action", args=[made.pk])
    page = m.page(at.officer, "data-action", made.pk)
    for told in ("Base de données", "A. Koffi", "Data specialist", "1,250.50", "XOF", "Expert group", "June 2010",
                 "Hire a consultant.", ">First</a>"):  # fmt: skip
        assert told in page, told
    assert "Base de données" in m.page(at.officer, "data-action", first.pk)


def test_an_experts_name_is_for_those_who_read_names(at: m.Country) -> None:
    made = m.action(m.plan(at.twg), expert_name="A. Koffi", expert_roles={"en": "Data specialist"})
    page = m.page(f.seat(at.twg, "observer"), "data-action", made.pk)
    assert "Koffi" not in page
    assert "Data specialist" in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("due", "sometime", "is not a date"),
        ("due", "2008", "due before it begins"),
        ("currency", "fr", "three letters"),
        ("cost", "much", "Enter a number"),
        ("cost", "5", "an amount"),
        ("lead", "999999", "valid choice"),
        ("kind", "miracle", "valid choice"),
        ("needs", "999999", "not one of the available"),
    ],
)
def test_bad_input_is_told_on_its_field(at: m.Country, field: str, value: str, message: str) -> None:
    plan = m.plan(at.twg)
    told = {"titles_en": "Survey", "kind": "survey", "starts": "2010", "confidence": "stated", field: value}
    answer = m.send(at.secretariat, "data-action-new", plan.pk, **told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message.casefold() in page.casefold()
    assert 'value="Survey"' in page
    assert not DataAction.objects.exists()


def test_a_circle_is_told_on_the_field(at: m.Country) -> None:
    plan = m.plan(at.twg)
    first = m.action(plan, "First")
    second = m.action(plan, "Second", needs=[first])
    answer = m.send(
        at.secretariat, "data-action-edit", first.pk, titles_en="First", kind="survey", needs=[second.pk],
        confidence="stated", version=first.version,
    )  # fmt: skip
    assert answer.status_code == 422
    assert "First → Second → First" in answer.content.decode()


def test_a_stale_form_is_answered_with_who_was_faster_and_what_was_typed(at: m.Country) -> None:
    made = m.action(m.plan(at.twg), lead=at.office)
    m.press(made, "start", actor=at.officer)
    answer = m.send(at.secretariat, "data-action-edit", made.pk, titles_en="My own words", kind="survey",
                    confidence="stated", version=1)  # fmt: skip
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()
    assert "The statistician" in answer.content.decode()


def test_money_and_outputs_are_recorded_and_changed_on_their_pages(at: m.Country) -> None:
    made, body = m.action(m.plan(at.twg)), m.task_force(at.twg)
    m.send(at.secretariat, "commitment-new", made.pk, institution=at.office.pk, fiscal_year="2010", confidence="stated")
    one = Commitment.objects.get()
    assert "amount not known" in m.page(at.officer, "commitment", one.pk)
    m.send(at.chair, "commitment-edit", one.pk, institution=at.office.pk, amount="10", currency="EUR",
           confidence="stated", version=one.version)  # fmt: skip
    assert "10 EUR" in m.page(at.officer, "data-action", made.pk)
    m.send(at.secretariat, "output-new", body.code, titles_en="The strategy", confidence="stated")
    delivered = Output.objects.get()
    m.send(at.secretariat, "output-edit", delivered.pk, titles_en="The strategy", url="https://example.org/",
           confidence="stated", version=delivered.version)  # fmt: skip
    assert "https://example.org/" in m.page(at.officer, "output", delivered.pk)
    assert "The strategy" in m.page(at.officer, "twg", body.code)
    m.page(at.secretariat, "output-new", at.twg.code, status=404)


def test_the_schedule_draws_bars_and_tells_the_critical_path_and_what_slips(at: m.Country) -> None:
    plan = m.plan(at.twg)
    hire = m.action(plan, "Hire", starts="2010-01-01", due="2010-01-31")
    m.action(plan, "Design", starts="2010-02-01", due="2010-03-31", needs=[hire])
    m.action(plan, "Servers", starts="2010-02-10", due="2010-02-20", needs=[hire])
    m.action(plan, "Undated")
    page = m.page(at.officer, "data-plan-schedule", plan.pk)
    assert page.count('<rect class="rail critical"') == 2
    assert "Undated (date open)" in page
    path = page[page.index("Each day lost") : page.index("What slips if this slips?")]
    assert path.index(">Hire</a>") < path.index(">Design</a>")
    assert "Servers" not in path
    slipped = m.page(at.officer, "data-plan-schedule", plan.pk, action=str(hire.pk), days="14")
    assert "What would be later" in slipped
    assert "14 days" in slipped
    assert "5 days" in slipped
    for nonsense in ({"action": "x", "days": "-1"}, {"action": "9" * 40, "days": "9" * 40}, {"action": "0"}):
        assert "What would be later" not in m.page(at.officer, "data-plan-schedule", plan.pk, **nonsense)


def test_years_that_end_the_calendar_are_drawn_too(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "For ever", starts="0001", due="9999")
    page = m.page(at.officer, "data-plan-schedule", plan.pk)
    assert "For ever" in page
    one = DataAction.objects.get()
    assert "For ever" in m.page(at.officer, "data-plan-schedule", plan.pk, action=str(one.pk), days="3650")


def test_across_countries_each_plan_is_one_line_for_those_who_read_them(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.press(m.action(plan), "finish")
    assert "Data plan" in m.page(f.monitor(at.project), "data-plans")
    assert "No data plan yet" in m.page(f.seat(f.twg("ML"), "secretariat"), "data-plans")


def test_the_files_hold_what_the_page_shows(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "=Formula", due="2010-05", contributors=[at.oni], expert_name="A. Koffi")
    sheet = m.page(at.officer, "data-actions-export", plan.pk, "csv")
    assert "'=Formula" in sheet
    assert "A. Koffi" in sheet
    assert "Koffi" not in m.page(f.seat(at.twg, "observer"), "data-actions-export", plan.pk, "csv")
    for ending in ("docx", "pdf"):
        answer = browser(at.officer).get(reverse("data-plan-export", args=[plan.pk, ending]))
        assert answer.status_code == 200, answer.content
        assert answer["Content-Disposition"] == f'attachment; filename="data-plan.{ending}"'
        assert len(answer.content) > 1000


def test_one_press_asks_and_says_how_many(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, lead=at.office)
    answer = browser(at.secretariat).post(reverse("data-plan-ask", args=[plan.pk]), follow=True)
    assert "Asked after 1 action, by mail." in answer.content.decode()
    assert browser(at.officer).post(reverse("data-plan-ask", args=[plan.pk])).status_code == 403


def test_the_pages_ask_as_much_with_many_actions_as_with_few(at: m.Country) -> None:
    plan = m.plan(at.twg)

    def asked() -> dict[str, int]:
        counts = {}
        for name, args in (("data-plan", [plan.pk]), ("data-plan-schedule", [plan.pk]), ("data-plans", []),
                           ("data-actions-export", [plan.pk, "csv"]), ("twg", [at.twg.code])):  # fmt: skip
            client = browser(at.secretariat)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(name, args=args)).status_code == 200
            counts[name] = len(seen)
        return counts

    def more() -> None:
        made = m.action(plan, lead=at.office, contributors=[at.oni], cost=5, currency="XOF", due=m.soon(20))
        m.money(made, amount=5, currency="XOF")
        m.action(plan, needs=[made], lead=f.institution())

    more()
    little = asked()
    for _one in range(6):
        more()
    assert asked() == little
    assert max(little.values()) < 10, little


def test_a_recommendation_a_gap_and_a_source_show_what_is_done_about_them(at: m.Country) -> None:
    asked, source = recommendation(at.twg, state="accepted"), inventory.source(at.twg)
    gap = inventory.gap(at.twg)
    made = m.action(m.plan(at.twg), "Border survey", recommendation=asked, gaps=[gap], data_sources=[source])
    for name, subject in (("recommendation", asked), ("data-gap", gap), ("data-source", source)):
        page = m.page(at.officer, name, subject.pk)
        assert f'<a href="/data-actions/{made.pk}/">Border survey</a>' in page
    page = m.page(at.officer, "data-action", made.pk)
    for subject in (asked, gap, source):
        assert str(subject) in page


def test_what_each_country_does_about_a_regions_recommendation_stands_on_its_page() -> None:
    here = m.country()
    region = f.regional_twg(here.project, countries="CI,ML")
    dakar = recommendation(region, state="issued")
    [item] = cascade(dakar, [here.twg], actor=None)
    m.action(m.plan(here.twg), "National strategy", recommendation=item)
    assert "National strategy" in m.page(f.monitor(here.project), "recommendation", dakar.pk)
    assert "National strategy" not in m.page(f.seat(region, "observer"), "recommendation", dakar.pk)


def test_without_a_single_date_there_is_no_chart_and_the_page_says_why(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "Undated")
    page = m.page(at.officer, "data-plan-schedule", plan.pk)
    assert "<svg height" not in page
    assert "No action has a date yet" in page
    assert "Undated" in page[page.index("The same as a table") :]


def test_an_action_is_planned_on_a_short_page_that_asks_nothing_without_an_answer(at: m.Country) -> None:
    plan = m.plan(at.twg)
    asked = m.page(at.secretariat, "data-action-new", plan.pk)
    assert "Needs first" not in asked, "there is no other action"
    assert "Data gaps it closes" not in asked
    assert asked.index("<summary>Who else takes part") < asked.index("Contributing institutions")
    m.action(plan, "Hire")
    assert "Needs first" in m.page(at.secretariat, "data-action-new", plan.pk)
