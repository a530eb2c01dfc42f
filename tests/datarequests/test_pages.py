"""Pages of data requests, as each kind of person finds them."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.datarequests.models import DataRequest
from workflow.groups import services as groups
from workflow.groups.models import Person, Project

from .making import DUE, WHAT, Country, answered, ask, country, press, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def page(person: Person | None, name: str, *args: Any, **query: Any) -> str:
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


def outsiders(ghana: Country) -> list[Person]:
    return [
        f.seat(ghana.twg, "observer"), f.seat(f.twg("ML", of=ghana.project), "secretariat"),
        f.monitor(f.project()), f.person(), f.administrator(), f.seat(f.regional_twg(), "secretariat"),
    ]  # fmt: skip


# -- one request ---------------------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_why_and_by_when(ghana: Country) -> None:
    request = ask(ghana, needed_by=f.institution("Labour"), data_source="Permit register", section=section(ghana))
    found = page(ghana.officer, "data-request", request.pk)
    for words in (WHAT, "Part C describes who stays.", "1 Jun 2999", "Labour", "Permit register", "A.1 Section A1"):
        assert words in found
    assert reverse("act", args=["request", request.pk, "answer"]) in found
    assert "This is for whoever drafts for the TWG or the secretariat." in found


def test_every_answer_is_on_the_page_with_who_gave_it(ghana: Country) -> None:
    request = answered(ghana)
    press(request, "answer", actor=ghana.officer, note="<script>alert(1)</script>")
    found = page(ghana.consultant, "data-request", request.pk)
    assert found.count("12,431 permits; see the yearbook.") == 1, "the history below does not say it again"
    assert "12,431 permits; see the yearbook." in page(ghana.consultant, "history", "request", request.pk)
    assert "The officer" in found
    assert "<script>alert(1)" not in found
    assert reverse("act", args=["request", request.pk, "receive"]) in found


def test_a_late_request_says_by_how_many_days(ghana: Country, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    request = ask(ghana, due=date(2009, 4, 10))
    time_machine_at("2009-04-10 23:00:00Z")
    assert "day late" not in page(ghana.secretariat, "data-request", request.pk)
    time_machine_at("2009-04-11 00:30:00Z")
    assert "1 day late" in page(ghana.secretariat, "data-request", request.pk)
    press(request, "answer", actor=ghana.officer, note="Here.")
    assert "day late" not in page(ghana.secretariat, "data-request", request.pk)


def test_the_day_ends_where_the_twg_works(ghana: Country, time_machine_at: Any) -> None:
    groups.change_twg(ghana.twg, {"time_zone": "Atlantic/Cape_Verde"}, actor=None)  # an hour behind
    time_machine_at("2009-04-01 09:00:00Z")
    request = ask(ghana, due=date(2009, 4, 10))
    time_machine_at("2009-04-11 00:30:00Z")
    assert DataRequest.objects.get(pk=request.pk).days_late == 0
    assert "is late" not in page(ghana.secretariat, "data-requests", ghana.twg.code)
    time_machine_at("2009-04-11 01:30:00Z")
    assert DataRequest.objects.get(pk=request.pk).days_late == 1


def test_what_one_cannot_see_is_not_there(ghana: Country) -> None:
    request = ask(ghana)
    for person in outsiders(ghana):
        for name in ("data-request", "data-request-edit"):
            assert status(person, name, request.pk) == 404
        for name in ("data-requests", "data-request-new"):
            assert status(person, name, ghana.twg.code) == 404
        assert status(person, "data-requests-export", ghana.twg.code, "csv") == 404
        assert status(person, "history", "request", request.pk) == 404
        assert status(person, "act", "request", request.pk, "answer") == 404


def test_an_anonymous_reader_is_asked_to_sign_in(ghana: Country) -> None:
    request = ask(ghana)
    for name, arg in (("data-request", request.pk), ("data-requests", ghana.twg.code), ("data-answer", 1)):
        assert status(None, name, arg) == 302


# -- asking --------------------------------------------------------------------------------------------------


def form_of(ghana: Country, **fields: Any) -> dict[str, Any]:
    return {"institutions": [ghana.immigration.pk], "what": WHAT, "why": "Part C.", "due": "2999-06-01"} | fields


def test_the_consultant_asks_from_a_sections_page(ghana: Country) -> None:
    part = section(ghana)
    url = f"{reverse('data-request-new', args=[ghana.twg.code])}?section={part.pk}"
    assert url in page(ghana.consultant, "section", part.pk)
    client = browser(ghana.consultant)
    assert f'<option value="{part.pk}" selected>' in client.get(url).content.decode()
    done = client.post(url, form_of(ghana, section=part.pk))
    request = DataRequest.objects.get()
    assert (done.status_code, done["Location"]) == (302, reverse("data-request", args=[request.pk]))
    assert (request.section, request.due) == (part, DUE)
    assert WHAT in page(ghana.consultant, "section", part.pk)
    assert WHAT not in page(f.seat(ghana.twg, "observer"), "section", part.pk), "an observer reads drafts, no requests"


def test_asking_several_leads_to_the_list(ghana: Country) -> None:
    labour = f.institution("Labour")
    f.seat(ghana.twg, "member", institution=labour)
    url = reverse("data-request-new", args=[ghana.twg.code])
    fields = form_of(ghana, institutions=[ghana.immigration.pk, labour.pk])
    done = browser(ghana.secretariat).post(url, fields)
    assert (done.status_code, done["Location"]) == (302, reverse("data-requests", args=[ghana.twg.code]))
    assert DataRequest.objects.count() == 2


def test_pressing_twice_asks_once(ghana: Country) -> None:
    url = reverse("data-request-new", args=[ghana.twg.code])
    client = browser(ghana.secretariat)
    assert client.post(url, form_of(ghana)).status_code == 302
    again = client.post(url, form_of(ghana))
    assert again.status_code == 422
    assert "is asked for this already" in again.content.decode()
    assert DataRequest.objects.count() == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_is_asked(ghana: Country) -> None:
    url = reverse("data-request-new", args=[ghana.twg.code])
    absent = f.institution("Central Bank")
    fields = form_of(ghana, institutions=[absent.pk], due="2001-01-01", section="99999", what="x" * 301, why="")
    answer = browser(ghana.secretariat).post(url, fields)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"institutions", "section", "what", "why"}
    passed = browser(ghana.secretariat).post(url, form_of(ghana, due="2001-01-01"))
    assert set(passed.context["form"].errors) == {"due"}
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "'; drop table", "١"])
def test_an_odd_section_in_the_address_is_no_section(ghana: Country, odd: str) -> None:
    url = reverse("data-request-new", args=[ghana.twg.code])
    assert browser(ghana.consultant).get(url, {"section": odd}).status_code == 200


def test_members_are_told_whose_it_is_to_ask(ghana: Country) -> None:
    assert status(ghana.officer, "data-request-new", ghana.twg.code) == 403
    assert status(ghana.officer, "data-request-edit", ask(ghana).pk) == 403


def test_a_stale_change_gives_back_what_was_typed(ghana: Country) -> None:
    request = ask(ghana)
    fields = form_of(ghana, what="My long words", version=request.version)
    press(request, "decline", actor=ghana.officer, note="No.")
    answer = browser(ghana.consultant).post(reverse("data-request-edit", args=[request.pk]), fields)
    assert answer.status_code == 409
    assert "My long words" in answer.content.decode()


# -- the list ------------------------------------------------------------------------------------------------


@pytest.fixture
def many(ghana: Country, time_machine_at: Any) -> Country:
    time_machine_at("2009-04-01 09:00:00Z")
    labour = f.institution("Labour")
    f.seat(ghana.twg, "member", institution=labour)
    ask(ghana, what="Late one", due=date(2009, 4, 5))
    ask(ghana, what="In time", due=date(2009, 5, 5))
    ask(ghana, what="Of labour", institution=labour, due=date(2009, 5, 6), needed_by=ghana.immigration)
    answered(ghana, what="Answered one", due=date(2009, 4, 5))
    press(ask(ghana, what="Withdrawn one"), "withdraw", note="No.")
    time_machine_at("2009-04-12 09:00:00Z")
    return ghana


def listed(person: Person, ghana: Country, **query: Any) -> list[str]:
    answer = browser(person).get(reverse("data-requests", args=[ghana.twg.code]), query)
    assert answer.status_code == 200
    return [request.what for request in answer.context["page_obj"]]


def test_what_is_waited_for_comes_first_and_the_late_is_marked(many: Country) -> None:
    assert listed(many.officer, many) == ["Late one", "In time", "Of labour", "Answered one", "Withdrawn one"]
    found = page(many.secretariat, "data-requests", many.twg.code)
    assert "7 days late" in found
    assert "1 request is late." in found


def test_the_list_is_filtered_by_state_institution_and_lateness(many: Country) -> None:
    reader = many.secretariat
    assert listed(reader, many, overdue="on") == ["Late one"]
    assert listed(reader, many, state="answered") == ["Answered one"]
    assert listed(reader, many, institution=many.immigration.code, state="asked") == ["Late one", "In time"]
    assert len(listed(reader, many, state="nonsense", institution="nobody")) == 5, "nonsense is no filter"
    assert listed(reader, many, overdue="on", state="answered") == []


def test_who_gives_data_and_who_uses_it_is_counted(many: Country) -> None:
    answer = browser(many.secretariat).get(reverse("data-requests", args=[many.twg.code]))
    rows = {e.name: (e.asked, e.given, e.declined, e.late, e.needed) for e in answer.context["exchanges"]}
    assert rows == {"Immigration Service GH": (3, 1, 0, 1, 1), "Labour": (1, 0, 0, 0, 0)}


def test_an_empty_list_says_what_to_do_first(ghana: Country) -> None:
    assert "Nothing has been asked yet" in page(ghana.consultant, "data-requests", ghana.twg.code)
    ask(ghana)
    assert "Take a part of the filter away." in page(
        ghana.consultant, "data-requests", ghana.twg.code, state="declined"
    )


def test_long_lists_come_in_pages(ghana: Country) -> None:
    for number in range(35):
        ask(ghana, what=f"Series {number:02}")
    assert len(listed(ghana.consultant, ghana)) == 30
    assert listed(ghana.consultant, ghana, page=2) == [f"Series {number}" for number in range(30, 35)]


def test_the_twgs_page_says_what_is_waited_for_to_those_who_may_know(many: Country) -> None:
    found = page(many.secretariat, "twg", many.twg.code)
    for words in ("3 are waited for", "1 of them late", "1 answer is to be looked at", "Late one"):
        assert words in found
    assert reverse("data-request-new", args=[many.twg.code]) in found
    for person in (f.seat(many.twg, "observer"), f.administrator()):
        assert "Late one" not in page(person, "twg", many.twg.code)


def test_an_institutions_page_shows_what_it_was_asked_gave_and_needs(many: Country) -> None:
    found = page(many.officer, "institution", many.immigration.code)
    assert "1 of 3 answered" in found
    assert "Late one" in found
    assert "Of labour" in found[found.index("Data that it needs") :]
    assert "Withdrawn one" not in found
    mali = f.seat(f.twg("ML", of=many.project), "member")
    observer = f.seat(many.twg, "observer")
    for person in (mali, observer, f.administrator()):
        assert "Late one" not in page(person, "institution", many.immigration.code)


def test_the_list_costs_the_same_with_few_requests_or_many(ghana: Country) -> None:
    part = section(ghana)
    reader = browser(f.monitor(ghana.project))
    urls = [
        reverse("data-requests", args=[ghana.twg.code]), reverse("twg", args=[ghana.twg.code]),
        reverse("section", args=[part.pk]), reverse("institution", args=[ghana.immigration.code]),
        reverse("data-requests-export", args=[ghana.twg.code, "csv"]), reverse("home"),
    ]  # fmt: skip

    def grow(times: int) -> None:
        for number in range(times):
            institution = f.institution(f"Ministry {DataRequest.objects.count()}")
            officer = f.seat(ghana.twg, "member", institution=institution)
            request = ask(ghana, institution=institution, section=part, needed_by=ghana.immigration)
            if number % 2:
                press(request, "answer", actor=officer, note="Here.")
            ask(ghana, what=f"Series {DataRequest.objects.count()}", section=part)

    grow(2)
    few = [questions(reader, url) for url in urls]
    grow(6)
    assert [questions(reader, url) for url in urls] == few
    assert few[0] < 10


# -- leaving as a spreadsheet --------------------------------------------------------------------------------


def test_the_list_leaves_as_a_spreadsheet_filtered_as_its_page_is(many: Country) -> None:
    url = reverse("data-requests-export", args=[many.twg.code, "csv"])
    answer = browser(many.secretariat).get(url, {"state": "asked"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["what"], row["days_late"], row["institution"]) for row in rows] == [
        ("Late one", "7", "Immigration Service GH"), ("In time", "", "Immigration Service GH"),
        ("Of labour", "", "Labour"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_exported_cell_is_run_as_a_formula(ghana: Country, form: str) -> None:
    request = ask(ghana, what='=HYPERLINK("https://evil.example")', why="+1", data_source="@SUM(A1)")
    press(request, "answer", actor=ghana.officer, note="-1+cmd|' /C calc'!A0")
    content = browser(ghana.secretariat).get(reverse("data-requests-export", args=[ghana.twg.code, form])).content
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    else:
        cells = [
            str(c.value or "") for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for c in row
        ]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert sum("evil.example" in cell for cell in cells) == 1


def test_iom_reads_the_requests_of_its_projects_and_of_no_other(ghana: Country) -> None:
    ask(ghana)
    other: Project = f.project()
    assert status(f.monitor(ghana.project), "data-requests", ghana.twg.code) == 200
    assert status(f.monitor(other), "data-requests", ghana.twg.code) == 404
