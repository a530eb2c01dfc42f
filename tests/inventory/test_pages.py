"""Pages of the inventory, as each kind of person finds them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from recommendations.inventory import services
from recommendations.inventory.models import DataGap, DataSource
from tests import factories as f
from tests.datarequests import making as requests
from tests.groups.reading import browser, questions
from workflow.engine import inbox
from workflow.groups.models import Person, Project, Twg
from workflow.writing import services as writing

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat")


def page(person: Person | None, name: str, *args: Any, **query: Any) -> str:
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


def test_an_empty_inventory_says_what_to_do_first(ghana: Twg, secretariat: Person) -> None:
    shown = page(secretariat, "data-sources", ghana.code)
    assert "Begin with what everybody knows" in shown
    assert 'class="filters"' not in shown, "there is nothing to filter"
    assert reverse("data-source-new", args=[ghana.code]) in shown
    assert reverse("data-source-new", args=[ghana.code]) not in page(
        f.seat(ghana, "member"), "data-sources", ghana.code
    )


def test_the_secretariat_enters_a_source_with_what_everybody_knows(ghana: Twg, secretariat: Person) -> None:
    f.edition(ghana)
    form = {"names_en": "Census", "kind": "census", "sections": ["A", "E"], "confidence": "stated"}
    answer = browser(secretariat).post(reverse("data-source-new", args=[ghana.code]), form, follow=True)
    assert answer.status_code == 200
    census = DataSource.objects.get()
    assert (census.name, census.sections, census.key) == ("Census", ["A", "E"], "census")
    assert "It is in the inventory." in answer.content.decode()


def test_what_is_wrong_stands_at_its_field_and_its_group_opens(ghana: Twg, secretariat: Person) -> None:
    form = {"kind": "border", "questions": ["absent"], "confidence": "stated", "names_en": "Cards", "latest": "soon"}
    answer = browser(secretariat).post(reverse("data-source-new", args=[ghana.code]), form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“soon” is not a date" in shown
    form["latest"] = "2008"
    answer = browser(secretariat).post(reverse("data-source-new", args=[ghana.code]), form)
    assert answer.status_code == 422
    assert "Only a census or a survey asks questions." in answer.content.decode()
    assert not DataSource.objects.exists()


def test_a_stale_form_shows_both_texts(ghana: Twg, secretariat: Person) -> None:
    missing = m.gap(ghana)
    url = reverse("data-gap-edit", args=[missing.pk])
    form = {"titles_en": "Others", "section": "B", "severity": "low", "confidence": "stated", "version": 0}
    f.edition(ghana)
    answer = browser(secretariat).post(url, form)
    assert answer.status_code == 409
    assert "Others" in answer.content.decode()


def test_the_matrix_says_what_covers_what_and_what_is_missing_where(ghana: Twg, secretariat: Person) -> None:
    f.edition(ghana)
    census = m.source(ghana, sections=["A"])
    m.gap(ghana, section="B", data_source=census)
    shown = page(secretariat, "gap-matrix", ghana.code)
    assert "Emigrants are not counted" in shown
    assert "no source" in shown
    assert f'data-label="{census.name}"' in shown
    assert "?section=B" in shown
    assert "?section=B" not in page(f.seat(ghana, "observer"), "gap-matrix", ghana.code)


def test_the_form_from_the_matrix_knows_section_and_source(ghana: Twg, secretariat: Person) -> None:
    f.edition(ghana)
    census = m.source(ghana)
    shown = browser(secretariat).get(
        reverse("data-gap-new", args=[ghana.code]), {"section": "B", "data_source": census.pk}
    )
    form = shown.context["form"]
    assert (form["section"].value(), str(form["data_source"].value())) == ("B", str(census.pk))


@pytest.mark.parametrize("name", ["data-sources", "data-gaps", "gap-matrix"])
def test_who_is_not_inside_finds_nothing(ghana: Twg, name: str) -> None:
    for person in (f.person(), f.seat(f.twg("ML"), "secretariat"), f.administrator()):
        assert status(person, name, ghana.code) == 404
    assert status(None, name, ghana.code) == 302


def test_a_strangers_address_is_not_there_and_a_members_form_is_refused(ghana: Twg) -> None:
    census, missing = m.source(ghana), m.gap(ghana)
    stranger, member = f.seat(f.twg("ML"), "secretariat"), f.seat(ghana, "member")
    for name, subject in (("data-source", census), ("data-gap", missing)):
        assert status(stranger, name, subject.pk) == status(stranger, f"{name}-edit", subject.pk) == 404
        assert status(member, name, subject.pk) == 200
        assert status(member, f"{name}-edit", subject.pk) == 403
    assert status(member, "data-source-new", ghana.code) == 403


def test_the_regions_secretariat_reads_a_source_and_neither_its_history_nor_its_buttons(ghana: Twg) -> None:
    census = m.source(ghana, custodian=f.institution("Statistical Service"))
    region = f.seat(f.regional_twg(ghana.project), "secretariat")
    shown = page(region, "data-source", census.pk)
    assert "Statistical Service" in shown
    assert "What can happen next" not in shown
    assert 'id="past"' not in shown
    assert "What its custodian was asked for" not in shown
    assert census.name in page(region, "gap-matrix", ghana.code)


def test_beside_a_source_stands_what_its_custodian_was_asked_for() -> None:
    country = requests.country()
    asked = requests.ask(country)
    census = m.source(country.twg, custodian=asked.institution)
    other = m.source(country.twg, custodian=f.institution())
    assert asked.what in page(country.secretariat, "data-source", census.pk)
    assert asked.what not in page(country.secretariat, "data-source", other.pk)
    assert asked.what not in page(f.seat(country.twg, "observer"), "data-source", census.pk)


def test_panels_stand_on_the_pages_of_the_twg_the_edition_the_section_and_the_institution(
    ghana: Twg, secretariat: Person
) -> None:
    office = f.institution("Statistical Service")
    census = m.source(ghana, custodian=office, users=[f.institution("Ministry of Interior", code="interior")])
    m.gap(ghana, section="A")
    edition = f.edition(ghana, stage="drafting")
    text = writing.open_text(edition, actor=None)
    section = text.sections.get(place="A.1")
    for shown in (page(secretariat, "twg", ghana.code), page(secretariat, "edition", edition.pk)):
        assert "Emigrants are not counted" in shown
        assert "1 data source" in shown
    shown = page(secretariat, "section", section.pk)
    assert census.name in shown
    assert "Emigrants are not counted" in shown
    assert "Data that it produces" in page(secretariat, "institution", office.code)
    assert "Data that it uses" in page(secretariat, "institution", "interior")
    assert census.name not in page(f.seat(f.twg("ML"), "member"), "institution", office.code)


def test_iom_compares_countries_and_finds_every_gap(ghana: Twg, project: Project) -> None:
    mali, iom = f.twg("ML", of=project), f.monitor(project)
    f.edition(ghana)
    m.source(ghana, sections=["A"])
    m.gap(mali, section="C", titles={"en": "No register of residence permits"})
    shown = page(iom, "data-comparison")
    assert "1 source" in shown
    assert "1 gap" in shown
    assert "(1 grave)" in shown
    for way in ("kind", "question", "nonsense"):
        page(iom, "data-comparison", by=way)
    page(iom, "data-comparison", by="section", part="C")
    page(iom, "data-comparison", by="section", part="C.2; drop")
    across = page(iom, "gaps-across")
    assert "No register of residence permits" in across
    assert "Mali" in across
    assert "No register of residence permits" not in page(iom, "gaps-across", severity="low")
    assert "No register of residence permits" in page(iom, "gaps-across", section="C")
    assert "No register of residence permits" not in page(f.seat(ghana, "member"), "gaps-across")


def test_the_report_across_countries_is_a_spreadsheet(ghana: Twg, project: Project) -> None:
    m.gap(ghana, data_source=m.source(ghana))
    client = browser(f.monitor(project))
    told = client.get(reverse("gap-report", args=["csv"])).content.decode()
    assert "Ghana" in told
    assert "Emigrants are not counted" in told
    assert client.get(reverse("gap-report", args=["xlsx"])).content[:2] == b"PK"
    assert "A sources" in client.get(reverse("data-comparison-export", args=["csv"])).content.decode().splitlines()[0]


def test_a_secretariats_inbox_has_grave_gaps_without_proposal_and_sources_nobody_looked_at(
    ghana: Twg, secretariat: Person
) -> None:
    with time_machine.travel(datetime(2009, 1, 5, tzinfo=UTC), tick=False):
        m.source(ghana)
    m.source(ghana)
    m.gap(ghana, improvements={})
    m.gap(ghana)
    m.press(m.gap(ghana, improvements={}), "drop", note="No gap.")
    told = {str(item.title): item.url for item in inbox.of(secretariat).waiting if "data-" in item.url}
    assert list(told) == [
        "1 grave gap in the data, and nothing is proposed", "1 data source was not looked at for a year",
    ]  # fmt: skip
    for url, count in zip(told.values(), ("1 gap", "1 data source"), strict=True):
        assert f"<caption>{count}</caption>" in browser(secretariat).get(url).content.decode()
    assert not [i for i in inbox.of(f.seat(ghana, "chair")).waiting if "data-" in i.url]


def test_filters_find_by_kind_place_words_and_custodian(ghana: Twg, secretariat: Person) -> None:
    f.edition(ghana)
    census = m.source(ghana, custodian=f.institution("Statistical Service"), sections=["A"])
    cards = m.source(ghana, kind="border", names={"en": "Landing cards"}, sections=["C"])

    def listed(**query: str) -> set[str]:
        found = browser(secretariat).get(reverse("data-sources", args=[ghana.code]), query)
        return {source.name for source in found.context["page_obj"]}

    assert listed(kind="border") == listed(section="C") == listed(q="landing") == {cards.name}
    assert listed(q="statistical") == listed(section="A") == {census.name}
    assert listed(section="Z") == {census.name, cards.name}


def test_the_search_finds_sources_and_gaps_for_those_inside(ghana: Twg, secretariat: Person) -> None:
    m.source(ghana)
    m.gap(ghana)
    assert "Population and housing census" in page(secretariat, "search", q="housing")
    assert "Emigrants are not counted" in page(secretariat, "search", q="emigrants")
    assert "Population and housing census" not in page(f.seat(f.twg("ML"), "member"), "search", q="housing")


def test_a_publication_is_recorded_and_shows_what_it_helps_with(ghana: Twg, project: Project) -> None:
    iom = f.monitor(project)
    form = {"titles_en": "Mapping study", "project": project.pk, "when": "2009", "confidence": "stated"}
    answer = browser(iom).post(reverse("supporting-publication-new"), form, follow=True)
    assert "Mapping study" in answer.content.decode()
    study = m.publication(project)
    m.source(ghana, publications=[study])
    assert "Population and housing census" in page(iom, "supporting-publication", study.pk)
    assert "Mapping study" in page(f.seat(ghana, "member"), "supporting-publications")
    assert status(f.seat(ghana, "member"), "supporting-publication-edit", study.pk) == 403


@pytest.mark.parametrize("name", ["data-sources", "data-gaps", "gap-matrix"])
def test_more_of_everything_costs_no_more_questions(ghana: Twg, secretariat: Person, name: str) -> None:
    f.edition(ghana)

    def one_more() -> None:
        source = m.source(ghana, custodian=f.institution(), users=[f.institution(), f.institution()])
        m.gap(ghana, data_source=source)

    one_more()
    url = reverse(name, args=[ghana.code])
    little = questions(browser(secretariat), url)
    for _ in range(6):
        one_more()
    assert questions(browser(secretariat), url) == little


def test_history_names_questions_by_their_words(ghana: Twg, secretariat: Person) -> None:
    survey = m.source(ghana, kind="household_survey", by=secretariat)
    services.change_source(survey, {"questions": ["absent", "remittances"]}, actor=secretariat)
    shown = page(secretariat, "history", "data_source", survey.pk)
    assert "Household members living abroad, Remittances received" in shown


def test_a_gap_that_is_over_is_not_among_those_listed_first(ghana: Twg, secretariat: Person) -> None:
    missing = m.gap(ghana)
    m.press(missing, "drop", note="No gap.")
    assert missing.title not in page(secretariat, "data-gaps", ghana.code)
    assert missing.title in page(secretariat, "data-gaps", ghana.code, state="all")
    assert DataGap.objects.count() == 1


@pytest.mark.parametrize("query", [
    {"section": "C.x"}, {"section": "<b>"}, {"data_source": "abc"}, {"data_source": "9" * 40}, {"section": "c\x00"},
])  # fmt: skip
def test_a_forged_address_only_prefills_nothing(ghana: Twg, secretariat: Person, query: dict[str, str]) -> None:
    f.edition(ghana)
    assert browser(secretariat).get(reverse("data-gap-new", args=[ghana.code]), query).status_code == 200


def test_without_a_template_a_gap_is_told_by_its_place(ghana: Twg, secretariat: Person) -> None:
    url = reverse("data-gap-new", args=[ghana.code])
    form = {"titles_en": "No ages", "section": "c", "severity": "low", "confidence": "stated"}
    assert browser(secretariat).post(url, form).status_code == 422
    assert browser(secretariat).post(url, form | {"section": "C.2"}).status_code == 302
    assert DataGap.objects.get().section == "C.2"


def test_a_source_withdrawn_since_stays_the_gaps_when_something_else_is_changed(
    ghana: Twg, secretariat: Person
) -> None:
    f.edition(ghana)
    census = m.source(ghana)
    missing = m.gap(ghana, data_source=census)
    m.press(census, "withdraw", note="Entered twice.")
    client, url = browser(secretariat), reverse("data-gap-edit", args=[missing.pk])
    form = client.get(url).context["form"]
    sent = {field.name: field.value() or "" for field in form} | {"severity": "low", "version": missing.version}
    assert client.post(url, sent | {"data_source": census.pk}).status_code == 302
    missing.refresh_from_db()
    assert (missing.severity, missing.data_source) == ("low", census)
