"""A ministry without a connection fills in a spreadsheet: its rows become its comments, all of them or none (S13)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories as f
from tests.groups.reading import browser
from tests.groups.test_import import csv_of
from workflow.comments import clearance, matrix_files, offline
from workflow.comments.matrix import comments, rows
from workflow.comments.matrix_files import LAYOUT
from workflow.comments.models import Remark, Round
from workflow.engine.errors import Unmet
from workflow.groups import sheets
from workflow.groups.fates import Plan
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db
HEAD = "number,place,section,quote,comment,kind,weight"


@pytest.fixture
def march(ghana: Twg, interior: tuple[Institution, Person]) -> Round:
    return m.opened(ghana)


def planned(march: Round, institution: Institution, *rows: str) -> Plan:
    return offline.plan(sheets.read("c.csv", csv_of(*rows, head=HEAD), offline.LAYOUT), march, institution)


def fates(plan: Plan) -> list[str]:
    return [fate.fate for fate in plan.fates]


def errors(plan: Plan) -> list[tuple[int, str]]:
    return [(fate.line, column) for fate in plan.fates for column, _message in fate.errors]


def test_the_form_lists_the_sections_and_offers_the_values(march: Round, interior: tuple[Institution, Person]) -> None:
    answer = browser(interior[1]).get(reverse("offline-form", args=[march.pk]))
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][1:3] == ("place", "section")
    assert rows[1][1] == m.first(march).place
    assert {cell.value for cell in book.worksheets[1]["A"]} >= {"kind", "correction", "question"}


def test_an_untouched_form_brings_nothing_and_breaks_nothing(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    content, _type = sheets.as_xlsx(offline.LAYOUT, offline.form_rows(march))
    plan = offline.plan(sheets.read("form.xlsx", content, offline.LAYOUT), march, interior[0])
    assert plan.fates == []


def test_each_row_becomes_a_comment_of_the_institution(march: Round, interior: tuple[Institution, Person]) -> None:
    place = m.first(march).place
    plan = planned(
        march, interior[0],
        f",{place},,returns from Libya,The figure is too high.,data,must",
        ",,,,The draft as a whole is fair.,,",
    )  # fmt: skip
    assert fates(plan) == ["new", "new"]
    assert offline.apply(plan.to_do, march, interior[0], actor=interior[1]) == 2
    first, second = Remark.objects.order_by("number")
    assert (first.institution, first.user, first.section, first.kind, first.weight) == (
        interior[0], interior[1], m.first(march), "data", "must",
    )  # fmt: skip
    assert first.quote == "returns from Libya"
    assert (second.section, second.kind) == (None, "correction")


def test_kind_and_weight_are_read_in_any_language_and_any_case(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    plan = planned(march, interior[0], f",{m.first(march).place},,,One.,DATA,Should")
    assert plan.fates[0].fields["kind"] == "data"
    assert plan.fates[0].fields["weight"] == "should"


def test_every_mistake_is_told_by_row_and_column_and_nothing_is_written(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    place = m.first(march).place
    plan = planned(
        march, interior[0],
        f",{place},,,Fine.,,",
        ",Z.9,,,No such section.,,",
        f",{place},,,Odd kind.,gossip,perhaps",
        f",{place},,words that stand nowhere,Quoted.,,",
        f"77,{place},,,Somebody's number.,,",
        f",{place},,,{'x' * 8001},,",
    )  # fmt: skip
    assert errors(plan) == [
        (3, "place"), (4, "kind"), (4, "weight"), (5, "quote"), (6, "number"), (7, "comment"),
    ]  # fmt: skip
    assert not Remark.objects.exists()


def test_what_is_there_already_is_not_made_twice(march: Round, interior: tuple[Institution, Person]) -> None:
    said = m.comment(march, interior[1], "The figure is too high.")
    place = m.first(march).place
    plan = planned(
        march, interior[0],
        f"{said.number},{place},,,The figure is too high.,,",
        f",{place},,,the figure  is too HIGH.,,",
        f",{place},,,Another one.,,",
        f",{place},,,Another one.,,",
    )  # fmt: skip
    assert fates(plan) == ["unchanged", "unchanged", "new", "unchanged"]


def test_the_file_of_another_round_is_not_taken_for_this_ones(
    ghana: Twg, march: Round, interior: tuple[Institution, Person]
) -> None:
    m.comment(march, interior[1], "Said in March.")
    may = m.opened(ghana, march.draft, name="May round")
    m.comment(may, interior[1], "Said in May.")
    content, _type = sheets.as_xlsx(
        LAYOUT, (list(row.values()) for row in rows(comments(may, interior[1], {}), codes=True))
    )
    plan = offline.plan(sheets.read("may.xlsx", content, offline.LAYOUT), march, interior[0])
    assert errors(plan) == [(2, "number")]
    assert "says something else" in plan.fates[0].errors[0][1]
    plan = offline.plan(sheets.read("may.xlsx", content, offline.LAYOUT), may, interior[0])
    assert fates(plan) == ["unchanged"], "its own round knows it again"


@pytest.mark.parametrize("number", ["-1", "1.5", "9" * 30, "one", "٣"])
def test_a_number_that_is_none_is_told(march: Round, interior: tuple[Institution, Person], number: str) -> None:
    m.comment(march, interior[1])
    assert errors(planned(march, interior[0], f"{number},,,,Mine.,,")) == [(2, "number")]


def test_a_row_without_its_comment_is_not_passed_over(march: Round, interior: tuple[Institution, Person]) -> None:
    place = m.first(march).place
    plan = planned(march, interior[0], f",{place},,returns from Libya,,,", f",{place},,,,data,", f",{place},,,,,")
    assert errors(plan) == [(2, "comment"), (3, "comment")]


def test_a_formula_comes_in_as_words_and_goes_out_as_words(march: Round, interior: tuple[Institution, Person]) -> None:
    for formula in ("=HYPERLINK(0)", "@SUM(A1)", "-2+3", "+1"):
        offline.apply(planned(march, interior[0], f",,,,{formula},,").to_do, march, interior[0], actor=interior[1])
    made = matrix_files.now(march, interior[1], {}, "xlsx")
    sheet = load_workbook(io.BytesIO(made.content)).worksheets[0]
    cells = [row[5] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["'=HYPERLINK(0)", "'@SUM(A1)", "'-2+3", "'+1"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert (
        fates(offline.plan(sheets.read("m.xlsx", made.content, offline.LAYOUT), march, interior[0]))
        == ["unchanged"] * 4
    )


def test_more_than_can_be_made_at_once_is_refused_before_anything_is_made(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    some = csv_of(*[f",,,,Comment {n}.,," for n in range(offline.MOST_NEW + 1)], head=HEAD)
    answer = upload(interior[1], march, some)
    assert answer.status_code == 413
    assert "201 new comments; 200 at a time is the most" in answer.content.decode()
    far_too_many = csv_of(*[",,,,x,,"] * 50_000, head=HEAD)
    assert upload(interior[1], march, far_too_many).status_code == 413
    assert not Remark.objects.exists()


def test_all_rows_or_none_when_the_round_closes_between_dry_run_and_confirmation(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    plan = planned(march, interior[0], ",,,,One.,,", ",,,,Two.,,")
    m.closed(march)
    with pytest.raises(Unmet, match="no more comments"):
        offline.apply(plan.to_do, march, interior[0], actor=interior[1])
    assert not Remark.objects.exists()


def test_where_comments_are_cleared_first_a_colleagues_rows_stay_inside(
    ghana: Twg, march: Round, interior: tuple[Institution, Person]
) -> None:
    clearance.switch(ghana, interior[0], on=True, actor=interior[1])
    colleague = m.colleague(ghana, interior[0])
    plan = planned(march, interior[0], ",,,,One.,,")
    offline.apply(plan.to_do, march, interior[0], actor=colleague)
    assert Remark.objects.get().inside


def upload(who: Person, march: Round, content: bytes, name: str = "c.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return browser(who).post(reverse("offline-import", args=[march.pk]), {"file": file})


def test_on_the_page_a_dry_run_comes_first_and_then_the_button(
    march: Round, interior: tuple[Institution, Person]
) -> None:
    client = browser(interior[1])
    path = reverse("offline-import", args=[march.pk])
    answer = client.post(path, {"file": SimpleUploadedFile("c.csv", csv_of(",,,,The whole is fair.,,", head=HEAD))})
    assert answer.status_code == 200
    assert not Remark.objects.exists()
    answer = client.post(path, {"digest": answer.context["plan"].digest})
    assert answer.url == reverse("round-mine", args=[march.pk])
    assert Remark.objects.get().comment == "The whole is fair."


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("c.csv", b"", 422),
        ("c.xlsx", b"PK\x03\x04 broken", 422),
        ("c.exe", b"MZ", 422),
        ("c.csv", b"a,b\n1,2\n", 422),
        ("c.csv", b"place,comment\n" + b"x" * (5 * 1024 * 1024), 413),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_reason(
    march: Round, interior: tuple[Institution, Person], name: str, content: bytes, status: int
) -> None:
    assert upload(interior[1], march, content, name).status_code == status
    assert not Remark.objects.exists()


def test_only_institutions_that_are_asked_bring_comments_in(ghana: Twg, march: Round) -> None:
    keeper = f.seat(ghana, "secretariat", "The secretariat")
    assert upload(keeper, march, csv_of(",,,,One.,,", head=HEAD)).status_code == 409
    assert not Remark.objects.exists()
