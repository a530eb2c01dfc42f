"""The inventory as spreadsheets, both ways: every row's fate first, then all rows or none (S09, S39)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.inventory import importing, spreadsheets
from recommendations.inventory.models import DataGap, DataSource
from tests import factories as f
from tests.groups.reading import browser
from tests.groups.test_import import csv_of
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted
from workflow.groups import sheets
from workflow.groups.fates import Plan
from workflow.groups.models import Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db
SOURCES = "code,kind,name_en,custodian,users,periodicity,latest,quality,sections,questions,confidence"
GAPS = "code,section,source,severity,gap_en,improvement_en"


@pytest.fixture
def ghana() -> Twg:
    twg = f.twg("GH")
    f.edition(twg)
    return twg


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    f.institution("Statistical Service", code="gh-gss")
    f.institution("Ministry of Interior", code="gh-moi")
    return f.seat(ghana, "secretariat")


def sources(ghana: Twg, *rows: str, head: str = SOURCES) -> Plan:
    sheet = sheets.read("sources.csv", csv_of(*rows, head=head), spreadsheets.SOURCES)
    return importing.plan(importing.SOURCES, ghana, sheet)


def gaps(ghana: Twg, *rows: str, head: str = GAPS) -> Plan:
    sheet = sheets.read("gaps.csv", csv_of(*rows, head=head), spreadsheets.GAPS)
    return importing.plan(importing.GAPS, ghana, sheet)


def wrong(plan: Plan) -> dict[str, str]:
    return {column: message for fate in plan.fates for column, message in fate.errors}


def test_sources_come_in_with_their_institutions_places_and_questions(ghana: Twg, secretariat: Person) -> None:
    plan = sources(
        ghana,
        "census,Population census,Census,GH-GSS,gh-moi; gh-gss,Every ten years,2000,good,A; c,"
        "Country of birth; absent,stated",
        "cards,border,Landing cards,,,,,,,,",
    )  # fmt: skip
    assert (plan.new, plan.errors) == (2, 0), plan.problems
    assert not DataSource.objects.exists()
    assert importing.apply(importing.SOURCES, ghana, plan.to_do, actor=secretariat) == 2
    census = DataSource.objects.get(key="census")
    assert (census.custodian.code if census.custodian else "", census.sections) == ("gh-gss", ["A", "C"])
    assert (census.questions, census.periodicity) == (["birth_country", "absent"], "ten_years")
    assert {user.code for user in census.users.all()} == {"gh-gss", "gh-moi"}
    assert [event.name for event in history.events_of(census)] == ["imported"]


@pytest.mark.parametrize(("row", "column", "words"), [
    (",census,Census,,,,,,,,", "code", "missing"),
    ("cen sus,census,Census,,,,,,,,", "code", ""),
    ("census,,Census,,,,,,,,", "kind", "missing"),
    ("census,rumour,Census,,,,,,,,", "kind", "none of what"),
    ("census,census,,,,,,,,,", "name_en", "at least one language"),
    ("census,census,Census,nobody,,,,,,,", "custodian", "no institution"),
    ("census,census,Census,,nobody,,,,,,", "users", "no institution"),
    ("census,census,Census,,,never,,,,,", "periodicity", "none of what"),
    ("census,census,Census,,,,soon,,,,", "latest", "not a date"),
    ("census,census,Census,,,,,,Z.9,,", "sections", "Z.9"),
    ("census,census,Census,,,,,,third,,", "sections", "C or C.2"),
    ("census,census,Census,,,,,,,shoe size,", "questions", "none of what"),
    ("cards,border,Cards,,,,,,,absent,", "questions", "census or a survey"),
])  # fmt: skip
def test_each_mistake_stands_at_its_row_and_column(
    ghana: Twg, secretariat: Person, row: str, column: str, words: str
) -> None:
    plan = sources(ghana, "other,census,Other,,,,,,,,", row)
    assert [fate.line for fate in plan.fates if fate.errors] == [3]
    assert words in wrong(plan)[column]


def test_a_code_that_stands_twice_and_a_withdrawn_source_are_mistakes(ghana: Twg, secretariat: Person) -> None:
    assert "more than once" in wrong(sources(ghana, "a,census,One,,,,,,,,", "A,census,Two,,,,,,,,"))["code"]
    m.press(m.source(ghana, key="census"), "withdraw", note="Twice.")
    assert "withdrawn" in wrong(sources(ghana, "census,census,Census,,,,,,,,"))["code"]


def test_what_is_exported_and_untouched_comes_back_unchanged(ghana: Twg, secretariat: Person) -> None:
    office = f.institution("Office", code="gh-office")
    census = m.source(
        ghana, custodian=office, users=[office], questions=["absent", "birth_country"], url="https://gss.example/"
    )
    m.gap(ghana, data_source=census)
    client = browser(secretariat)
    for name, layout, register in (
        ("data-sources", spreadsheets.SOURCES, importing.SOURCES), ("data-gaps", spreadsheets.GAPS, importing.GAPS),
    ):  # fmt: skip
        for ending in ("csv", "xlsx"):
            content = client.get(reverse(f"{name}-export", args=[ghana.code, ending])).content
            plan = importing.plan(register, ghana, sheets.read(f"it.{ending}", content, layout))
            assert (plan.unchanged, plan.new, plan.changed, plan.errors) == (1, 0, 0, 0), plan.problems


def test_a_changed_cell_changes_that_and_an_empty_quality_takes_it_back(ghana: Twg, secretariat: Person) -> None:
    census = m.source(ghana, key="census")
    plan = sources(ghana, "census,census,Census of 2010,poor", head="code,kind,name_en,quality")
    [fate] = plan.fates
    assert {column for column, _before, _after in fate.changes} == {"name_en", "quality"}
    importing.apply(importing.SOURCES, ghana, plan.to_do, actor=secretariat)
    census.refresh_from_db()
    assert (census.quality, census.names["fr"], census.sections) == ("poor", m.CENSUS["fr"], ["A", "B"])
    emptied = sources(ghana, "census,census,,Recensement", head="code,kind,quality,name_fr")
    importing.apply(importing.SOURCES, ghana, emptied.to_do, actor=secretariat)
    census.refresh_from_db()
    assert census.quality == ""


def test_gaps_come_in_with_their_source_and_section(ghana: Twg, secretariat: Person) -> None:
    census = m.source(ghana, key="census")
    plan = gaps(
        ghana, "undercount,B,CENSUS,high,Emigrants are not counted,Ask for absent members", "why,D,,Medium,Reasons,"
    )
    assert (plan.new, plan.errors) == (2, 0), plan.problems
    importing.apply(importing.GAPS, ghana, plan.to_do, actor=secretariat)
    undercount = DataGap.objects.get(key="undercount")
    assert (undercount.data_source, undercount.section, undercount.severity) == (census, "B", "high")
    again = gaps(ghana, "undercount,B,census,low,Emigrants are not counted,Ask for absent members")
    assert again.fates[0].changes == [("severity", "high", "low")]


@pytest.mark.parametrize(("row", "column", "words"), [
    ("g,,,high,Gap,", "section", "missing"), ("g,Z,,high,Gap,", "section", "no part or section"),
    ("g,B,,,Gap,", "severity", "missing"), ("g,B,,grim,Gap,", "severity", "none of what"),
    ("g,B,nothing,high,Gap,", "source", "no source"), ("g,B,,high,,", "gap_en", "what is missing"),
])  # fmt: skip
def test_each_mistake_of_a_gap_stands_at_its_column(
    ghana: Twg, secretariat: Person, row: str, column: str, words: str
) -> None:
    assert words in wrong(gaps(ghana, row))[column]


def test_a_gap_that_is_over_takes_no_rows(ghana: Twg, secretariat: Person) -> None:
    m.press(m.gap(ghana, key="undercount"), "drop", note="No gap.")
    assert "over" in wrong(gaps(ghana, "undercount,B,,low,Other,"))["code"]


def test_all_rows_or_none_when_somebody_was_faster(ghana: Twg, secretariat: Person) -> None:
    plan = sources(ghana, "cards,border,Cards,,,,,,,,", "census,census,Census,,,,,,,,")
    m.source(ghana, key="census")
    with pytest.raises(Conflict):
        importing.apply(importing.SOURCES, ghana, plan.to_do, actor=secretariat)
    assert not DataSource.objects.filter(key="cards").exists()


def test_who_does_not_keep_the_inventory_imports_nothing(ghana: Twg, secretariat: Person) -> None:
    member = f.seat(ghana, "member")
    plan = sources(ghana, "census,census,Census,,,,,,,,")
    with pytest.raises(NotPermitted):
        importing.apply(importing.SOURCES, ghana, plan.to_do, actor=member)
    assert browser(member).get(reverse("data-sources-import", args=[ghana.code])).status_code == 403


def test_the_page_shows_a_dry_run_and_its_button_writes(ghana: Twg, secretariat: Person) -> None:
    client, url = browser(secretariat), reverse("data-gaps-import", args=[ghana.code])
    upload = SimpleUploadedFile("gaps.csv", csv_of("why,D,,high,Reasons,", head=GAPS))
    dry = client.post(url, {"file": upload})
    assert dry.status_code == 200
    assert not DataGap.objects.exists()
    digest = dry.context["plan"].digest
    assert client.post(url, {"digest": digest}).status_code == 302
    assert DataGap.objects.get().key == "why"
    hostile = SimpleUploadedFile("gaps.xlsx", b"PK\x03\x04 not a workbook")
    assert client.post(url, {"file": hostile}).status_code == 422
