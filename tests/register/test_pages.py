"""The pages of the register: lists with filters, one of them, files, forms that lose nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from recommendations.register import exporting, services
from recommendations.register.models import ProgressReport, Recommendation, ReportFile
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine.models import FileJob

from .making import press, recommendation

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house("GH")


def page(who: Any, path: str) -> str:
    answer = browser(who).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(**changed: str) -> dict[str, str]:
    return {"texts_en": "Count who crosses", "ground": "data", "priority": "", **changed}


# -- written ----------------------------------------------------------------------------------------------


def test_the_secretariat_drafts_in_two_languages_and_issues_it(house: m.House) -> None:
    client = browser(house.secretariat)
    answer = client.post(
        f"/twgs/{house.twg.code}/recommendations/new/",
        sent(texts_fr="Compter les passages", lead=str(house.ministry.pk), due="2010-01-31", rhythm="3"),
    )
    made = Recommendation.objects.get()
    assert answer.headers["Location"] == f"/recommendations/{made.pk}/"
    assert (made.texts, made.lead, made.due, made.rhythm) == (
        {"en": "Count who crosses", "fr": "Compter les passages"}, house.ministry, date(2010, 1, 31), 3,
    )  # fmt: skip
    client.post(f"/do/recommendation/{made.pk}/issue/", {"version": made.version})
    shown = page(house.director, f"/recommendations/{made.pk}/")
    assert "Count who crosses" in shown


@pytest.mark.parametrize(
    ("field", "wrong"), [("ground", ""), ("texts_en", " "), ("due", "soon"), ("rhythm", "99"), ("lead", "0")]
)
def test_bad_input_is_told_on_its_field_and_nothing_typed_is_lost(house: m.House, field: str, wrong: str) -> None:
    answer = browser(house.secretariat).post(
        f"/twgs/{house.twg.code}/recommendations/new/", sent(rationales_en="Kept words", **{field: wrong})
    )
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert field in answer.context["form"].errors
    assert not Recommendation.objects.exists()


def test_a_stale_form_gives_back_what_was_typed(house: m.House) -> None:
    made = recommendation(house.twg)
    seen = str(made.version)
    services.change(made, {"priority": "high"}, actor=house.chair)
    answer = browser(house.secretariat).post(
        f"/recommendations/{made.pk}/edit/", sent(texts_en="My own words", version=seen)
    )
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()


def test_progress_is_reported_with_files_which_readers_download(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    files = [SimpleUploadedFile("posts.csv", b"year,posts\n2009,4\n"), SimpleUploadedFile("more.csv", b"a,b\n1,2\n")]
    answer = browser(house.director).post(
        f"/do/recommendation/{made.pk}/report/", {"version": made.version, "percent": "25", "note": "Four posts.",
                                               "evidence": files},
    )  # fmt: skip
    assert answer.status_code == 302
    assert [file.name for file in ReportFile.objects.all()] == ["posts.csv", "more.csv"]
    first = ReportFile.objects.first()
    assert first is not None
    shown = page(house.activist, f"/recommendations/{made.pk}/")
    assert "Four posts." in shown
    assert f"/progress-files/{first.pk}/" in shown
    given = browser(house.activist).get(f"/progress-files/{first.pk}/")
    assert (b"".join(given.streaming_content), given.headers["X-Content-Type-Options"]) == (  # type: ignore[attr-defined]
        b"year,posts\n2009,4\n", "nosniff",
    )  # fmt: skip
    assert browser(f.person()).get(f"/progress-files/{first.pk}/").status_code == 404


def test_a_hostile_file_is_refused_and_nothing_is_kept(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    page_ = SimpleUploadedFile("report.pdf", b"<html><script>alert(1)</script></html>")
    answer = browser(house.director).post(
        f"/do/recommendation/{made.pk}/report/", {"version": made.version, "percent": "25", "note": "Typed",
                                               "evidence": page_},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Typed" in answer.content.decode()
    assert not ProgressReport.objects.exists()
    assert not ReportFile.objects.exists()


# -- read -------------------------------------------------------------------------------------------------


def test_what_people_write_is_shown_as_text(house: m.House) -> None:
    made = recommendation(house.twg, texts={"en": "<script>alert(1)</script>"}, state="issued")
    for path in (f"/recommendations/{made.pk}/", "/recommendations/", f"/twgs/{house.twg.code}/"):
        shown = page(house.director, path)
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown


def test_the_lists_filters_find_what_they_say(house: m.House, time_machine_at: Any) -> None:
    time_machine_at("2010-03-01 09:00:00Z")
    late = recommendation(house.twg, state="accepted", due=date(2010, 1, 1), texts={"en": "Réunir les données"})
    policy = recommendation(house.twg, state="issued", ground="policy", priority="high", lead=house.ministry)
    draft = recommendation(house.twg)
    for query, found in (
        ("", {late, policy, draft}),
        ("late=on", {late}),
        ("ground=policy", {policy}),
        ("state=drafted", {draft}),
        ("priority=high", {policy}),
        (f"lead={house.ministry.pk}", {policy}),
        ("q=donnees+reunir", {late}),
        ("q=nothing", set()),
        ("state=nonsense", {late, policy, draft}),
        (f"twg={house.twg.code}", {late, policy, draft}),
    ):
        for path in ("/recommendations/", f"/twgs/{house.twg.code}/recommendations/"):
            shown = page(house.secretariat, f"{path}?{query}")
            assert {one for one in (late, policy, draft) if f"/recommendations/{one.pk}/" in shown} == found, query


def test_iom_reads_how_each_country_stands_and_a_country_its_own(time_machine_at: Any) -> None:
    time_machine_at("2010-03-01 09:00:00Z")
    project = f.project()
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    recommendation(ghana, state="implemented")
    recommendation(ghana, state="issued", due=date(2010, 1, 1))
    mine = recommendation(mali, state="verified")
    shown = page(f.monitor(project), "/recommendations/")
    assert "3 recommendations · 2 implemented (1 of them verified)" in shown
    assert "1 late" in shown
    theirs = page(f.seat(mali, "secretariat"), "/recommendations/")
    assert f"/recommendations/{mine.pk}/" in theirs
    assert f"/twgs/{ghana.code}/recommendations/" not in theirs


def test_the_home_page_says_what_waits_for_whom(house: m.House, time_machine_at: Any) -> None:
    time_machine_at("2010-01-01 09:00:00Z")
    owed = recommendation(house.twg, state="accepted", lead=house.ministry, rhythm=2, texts={"en": "Owed"})
    recommendation(house.twg, state="issued", texts={"en": "Unanswered"}, due=date(2010, 2, 1))
    recommendation(house.twg, state="implemented", texts={"en": "To be verified"})
    recommendation(house.twg, texts={"en": "Only drafted"})
    press(owed, "report", percent=10)
    time_machine_at("2010-03-02 09:00:00Z")
    director, secretariat = page(house.director, "/"), page(house.secretariat, "/")
    assert [word in director for word in ("Owed", "Unanswered", "To be verified", "Only drafted")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert [word in secretariat for word in ("Owed", "Unanswered", "To be verified", "Only drafted")] == [
        False, True, True, True,
    ]  # fmt: skip
    assert "1 recommendation is late" in secretariat
    assert "Unanswered" not in page(house.activist, "/")


def test_the_search_finds_them_by_their_words(house: m.House) -> None:
    recommendation(house.twg, texts={"fr": "Équipes nationales"}, state="issued")
    assert "R1" in page(house.director, "/search/?q=equipes")
    assert "R1" not in page(f.person(), "/search/?q=equipes")


def test_names_of_who_reported_are_for_those_who_may_read_names(house: m.House) -> None:
    made = recommendation(house.twg, state="accepted", lead=house.ministry)
    press(made, "report", actor=house.director, percent=10)
    assert "The director" in page(house.activist, f"/recommendations/{made.pk}/")
    assert "The director" not in page(house.observer, f"/recommendations/{made.pk}/")


# -- files ------------------------------------------------------------------------------------------------


def test_lists_leave_as_excel_csv_word_and_pdf(house: m.House) -> None:
    recommendation(house.twg, state="in_progress", lead=house.ministry, texts={"en": "=HYPERLINK(1)", "fr": "Compter"})
    client = browser(house.director)
    book = load_workbook(io.BytesIO(client.get("/recommendations/export.xlsx").content)).active
    assert book is not None
    [head, row] = list(book.iter_rows(values_only=True))
    told = dict(zip(head, row, strict=True))
    assert (told["number"], told["state"], told["percent"], told["lead"]) == (
        "R1", "in_progress", "30", house.ministry.name,
    )  # fmt: skip
    assert told["text_en"] == "'=HYPERLINK(1)"
    assert "Compter" in client.get("/recommendations/export.csv").content.decode("utf-8-sig")
    assert client.get("/recommendations/export.docx").content.startswith(b"PK")
    assert client.get("/recommendations/export.pdf").content.startswith(b"%PDF-")


def test_a_long_list_is_made_by_the_worker_and_kept_from_who_lost_their_seat(
    house: m.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exporting.AT_ONCE, "csv", 1)
    for _time in range(2):
        recommendation(house.twg, state="issued")
    answer = browser(house.director).get(f"/recommendations/export.csv?twg={house.twg.code}")
    job = FileJob.objects.get()
    assert answer.headers["Location"] == f"/files/{job.pk}/"
    assert exporting._may_have(house.director, job.params)
    f.seat_of(house.director).delete()
    fresh = type(house.director).objects.get(pk=house.director.pk)
    assert not exporting._may_have(fresh, job.params)


# -- questions --------------------------------------------------------------------------------------------


def test_lists_and_pages_ask_the_same_however_much_there_is(house: m.House) -> None:
    def asked() -> list[int]:
        counts = []
        first = Recommendation.objects.earliest("pk")
        for path in ("/recommendations/", f"/twgs/{house.twg.code}/recommendations/", f"/recommendations/{first.pk}/",
                     "/recommendations/export.csv", f"/twgs/{house.twg.code}/"):  # fmt: skip
            client = browser(house.secretariat)
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    recommendation(house.twg, state="in_progress", lead=house.ministry, supporting=[house.association])
    before = asked()
    for _time in range(5):
        made = recommendation(house.twg, state="in_progress", lead=house.ministry, supporting=[f.institution()])
        press(made, "report", percent=60)
    assert asked() == before
    assert max(before) < 10
