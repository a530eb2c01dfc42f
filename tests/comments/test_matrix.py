"""The comment matrix: who said what, what became of it, on a page and as files (S13)."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.comments import matrix_files
from workflow.comments.models import Round
from workflow.engine import file_jobs
from workflow.engine.models import FileJob
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant", "The consultant")


@pytest.fixture
def march(ghana: Twg, interior: tuple[Institution, Person]) -> Round:
    return m.opened(ghana)


def page(who: Person, round_: Round, **query: Any) -> str:
    response = browser(who).get(reverse("round-matrix", args=[round_.pk]), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def sheet(content: bytes) -> list[dict[str, str]]:
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    head = [str(cell) for cell in next(rows)]
    return [dict(zip(head, [str(cell or "") for cell in row], strict=True)) for row in rows]


def export(who: Person, round_: Round, ending: str = "xlsx", **query: Any) -> Any:
    return browser(who).get(reverse("matrix-export", args=[round_.pk, ending]), query)


def test_the_matrix_tells_who_said_what_where_and_what_became_of_it(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    said = m.comment(march, interior[1], "The returns of 2008 are missing.", fields={"kind": "data", "weight": "must"})
    revision = m.write(m.first(march), "Now with the returns of 2008.", note="Returns of 2008 added")
    m.answer(said, "in_part", "Added for 2008; 2009 is not out yet.", by=consultant, revision=revision.number)
    text = page(consultant, march)
    for word in ("Ministry of Interior", "The returns of 2008 are missing.", "data · must", "accepted in part",
                 "Added for 2008; 2009 is not out yet.", f"Revision {revision.number}"):  # fmt: skip
        assert word in text, word


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "policy"}, {"Of policy"}),
        ({"weight": "may"}, {"Of data"}),
        ({"disposition": "waiting"}, {"Of policy"}),
        ({"disposition": "accepted"}, {"Of data"}),
        ({"section": "whole"}, {"Of policy"}),
        ({"q": "OF DATA"}, {"Of data"}),
        ({"q": "nothing like it"}, set()),
        ({}, {"Of data", "Of policy"}),
    ],
)
def test_filters_narrow_the_matrix_and_the_file_alike(
    march: Round, interior: tuple[Institution, Person], consultant: Person, query: dict[str, str], found: set[str]
) -> None:
    m.answer(m.comment(march, interior[1], "Of data", fields={"kind": "data", "weight": "may"}), by=consultant)
    m.comment(march, interior[1], "Of policy", fields={"kind": "policy", "weight": "must"}, section=None)
    text = page(consultant, march, **query)
    assert {words for words in ("Of data", "Of policy") if words in text} == found
    assert {row["comment"] for row in sheet(export(consultant, march, **query).content)} == found


def test_a_filter_that_makes_no_sense_is_told_and_filters_nothing(march: Round, consultant: Person) -> None:
    response = browser(consultant).get(reverse("round-matrix", args=[march.pk]), {"kind": "nonsense"})
    assert response.status_code == 422


def test_a_reopened_comment_shows_no_answer_as_if_it_still_held(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    said = m.comment(march, interior[1])
    m.answer(said, "not_accepted", "We keep the figure.", by=consultant)
    m.press(said, "reopen", actor=interior[1], note="The source is ours.")
    assert "We keep the figure." not in page(consultant, march)
    (row,) = sheet(export(consultant, march).content)
    assert (row["disposition"], row["answer"]) == ("", "")


def test_what_is_inside_an_institution_is_in_nobodys_matrix_but_counts_for_none(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    m.comment(march, interior[1], "Between us.", inside=True)
    for who in (consultant, interior[1]):
        assert "Between us." not in page(who, march)
        assert sheet(export(who, march).content) == []


def test_whoever_does_not_know_the_round_finds_neither_matrix_nor_file(march: Round) -> None:
    stranger = f.seat(f.twg("ML"), "secretariat", "Mali's secretariat")
    for path in (
        reverse("round-matrix", args=[march.pk]),
        reverse("matrix-export", args=[march.pk, "xlsx"]),
        reverse("offline-form", args=[march.pk]),
        reverse("offline-import", args=[march.pk]),
    ):
        assert browser(stranger).get(path).status_code == 404, path


def test_the_word_file_is_a_wide_table_in_the_language_of_the_text(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    m.comment(march, interior[1], "Le chiffre est faux & <b>trop haut</b>.")
    text = march.draft.text
    text.language = "fr"
    type(text).objects.filter(pk=text.pk).update(language="fr")
    response = export(consultant, march, "docx")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        body = archive.read("word/document.xml").decode()
    assert 'w:orient="landscape"' in body
    assert "Le chiffre est faux &amp; &lt;b&gt;trop haut&lt;/b&gt;." in body


def test_a_comment_that_looks_like_a_formula_is_none_in_excel(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    m.comment(march, interior[1], '=HYPERLINK("http://evil.example","Press")')
    (row,) = sheet(export(consultant, march).content)
    assert row["comment"].startswith("'=")


def test_the_page_asks_as_much_for_sixty_comments_as_for_one(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    m.comment(march, interior[1], "First.")
    url = reverse("round-matrix", args=[march.pk])
    asked = questions(browser(consultant), url)
    assert asked < 10
    for number in range(60):
        m.comment(march, interior[1], f"Comment {number}.")
    assert questions(browser(consultant), url) == asked
    assert "61 comments" in page(consultant, march)


# -- a long one is made by the worker --------------------------------------------------------------------


@pytest.fixture
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_files, "AT_ONCE", 2)


def ordered(who: Person, march: Round, interior: tuple[Institution, Person]) -> FileJob:
    for number in range(3):
        m.comment(march, interior[1], f"Comment {number}.")
    response = export(who, march)
    job = FileJob.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("file-job", args=[job.pk])
    return job


@pytest.mark.usefixtures("short_limit")
def test_a_long_matrix_is_made_by_the_worker_and_fetched_when_it_is_ready(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    job = ordered(consultant, march, interior)
    client = browser(consultant)
    assert "It is being made" in client.get(reverse("file-job", args=[job.pk])).content.decode()
    assert client.get(reverse("file-download", args=[job.pk])).status_code == 404, "not yet"
    m.deliver()
    assert "The file is ready." in client.get(reverse("file-job", args=[job.pk])).content.decode()
    answer = client.get(reverse("file-download", args=[job.pk]))
    assert len(sheet(b"".join(answer.streaming_content))) == 3
    job.refresh_from_db()
    assert (job.done, job.total, job.percent) == (3, 3, 100)


@pytest.mark.usefixtures("short_limit")
def test_pressing_twice_orders_once(march: Round, interior: tuple[Institution, Person], consultant: Person) -> None:
    job = ordered(consultant, march, interior)
    assert export(consultant, march).url == reverse("file-job", args=[job.pk])
    assert FileJob.objects.count() == 1


@pytest.mark.usefixtures("short_limit")
def test_a_file_is_for_whoever_ordered_it_and_only_while_they_may_read_it(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    from workflow.groups import services as groups

    job = ordered(consultant, march, interior)
    m.deliver()
    for other in (interior[1], f.administrator()):
        for name in ("file-job", "file-download"):
            assert browser(other).get(reverse(name, args=[job.pk])).status_code == 404
    groups.end_seat(f.seat_of(consultant), until="2001-01-01", note="Left.", actor=None)
    assert browser(consultant).get(reverse("file-download", args=[job.pk])).status_code == 404


@pytest.mark.usefixtures("short_limit")
def test_a_file_is_not_made_for_somebody_who_has_lost_their_seat_meanwhile(
    march: Round, interior: tuple[Institution, Person], consultant: Person
) -> None:
    from workflow.groups import services as groups

    job = ordered(consultant, march, interior)
    groups.end_seat(f.seat_of(consultant), until="2001-01-01", note="Left.", actor=None)
    m.deliver()
    job.refresh_from_db()
    assert (job.state, job.file.name) == ("waiting", "")


@pytest.mark.usefixtures("short_limit")
def test_files_are_forgotten_after_two_days_with_what_lay_on_the_disk(
    march: Round, interior: tuple[Institution, Person], consultant: Person, django_capture_on_commit_callbacks: Any
) -> None:
    job = ordered(consultant, march, interior)
    m.deliver()
    job.refresh_from_db()
    storage, name = job.file.storage, job.file.name
    assert file_jobs.forget(timezone.now()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert file_jobs.forget(timezone.now() + timedelta(days=3)) == 1
    assert not storage.exists(name)
