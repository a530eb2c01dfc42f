"""Figures and attachments: judged by content, numbered, sourced, withdrawn and never deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from tests.documents.making import PDF, png
from workflow.engine import history, live, together
from workflow.engine.errors import NotPermitted, Unmet
from workflow.writing import figures
from workflow.writing.models import Enclosure, Text
from workflow.writing.progress import progress

from .making import Scene, get, post, scene, words

pytestmark = pytest.mark.django_db

SOURCED = {"caption": "Remittances, 2000 to 2008", "source": "Bank of Ghana", "year": "2008"}


@pytest.fixture
def ghana() -> Scene:
    return scene()


def upload(data: bytes = b"", name: str = "chart.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or png())


def add(ghana: Scene, data: bytes = b"", name: str = "chart.png", kind: str = "figure", **more: str) -> Enclosure:
    return figures.add(ghana.text, upload(data, name), SOURCED | more, actor=ghana.consultant, kind=kind)


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_figure_is_added_numbered_and_shown_where_the_text_names_it(ghana: Scene) -> None:
    figure = add(ghana)
    assert (figure.number, figure.content_type, figure.size) == (1, "image/png", len(png()))
    ghana.write("![](figure:1)")
    assert ghana.section().figures == [1]
    page = words(get(ghana.secretariat, "section", ghana.section().pk))
    assert f'src="/enclosures/{figure.pk}/"' in page
    for told in SOURCED.values():
        assert told in page
    answer = get(ghana.secretariat, "enclosure", figure.pk)
    assert body_of(answer) == png()
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="chart.png"'
    event = history.events_of(ghana.text).last()
    assert event is not None
    assert (event.name, event.data["sha256"], event.data["source"]) == ("enclosed", figure.sha256, "Bank of Ghana")


def test_what_has_not_changed_is_not_sent_again(ghana: Scene) -> None:
    from .making import browser

    figure = add(ghana)
    client = browser(ghana.secretariat)
    etag = client.get(f"/enclosures/{figure.pk}/")["ETag"]
    assert client.get(f"/enclosures/{figure.pk}/", headers={"If-None-Match": etag}).status_code == 304
    outsider = browser(scene("ML").consultant)
    assert outsider.get(f"/enclosures/{figure.pk}/", headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize("missing", ["source", "year"])
def test_a_figure_carries_its_source_and_year(ghana: Scene, missing: str) -> None:
    with pytest.raises(ValidationError) as told:
        add(ghana, **{missing: " "})
    assert set(told.value.message_dict) == {missing}
    assert not Enclosure.objects.exists()
    assert stored() == []


def test_an_attachment_needs_no_source_and_is_downloaded(ghana: Scene) -> None:
    paper = add(ghana, PDF, "act 2000.pdf", kind="attachment", source="", year="")
    answer = get(ghana.secretariat, "enclosure", paper.pk)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("data", "name", "kind", "said"),
    [
        (b"<html><script>alert(1)</script>", "chart.png", "figure", "none of what can be sent here"),
        (b"GIF89a" + b"x" * 40, "chart.png", "figure", "none of what can be sent here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "chart.svg", "figure", "none of what can be sent here"),
        (PDF, "chart.png", "figure", "none of what can be sent here"),
        (b"MZ\x90\x00" + b"\0" * 40, "act.pdf", "attachment", "none of what can be sent here"),
        (b"PK\x03\x04 not an archive", "act.docx", "attachment", ""),
        (b"%PDF-1.7 cut off", "act.pdf", "attachment", "damaged"),
    ],
    ids=["html", "gif", "svg", "pdf as figure", "program", "broken zip", "cut pdf"],
)
def test_files_are_judged_by_what_they_are(ghana: Scene, data: bytes, name: str, kind: str, said: str) -> None:
    answer = post(ghana.consultant, "enclosure-new", ghana.text.pk, kind=kind, file=upload(data, name), **SOURCED)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Enclosure.objects.exists()
    assert stored() == []


def test_a_file_over_10_mb_is_413_and_nothing_is_stored(ghana: Scene, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 50
    answer = post(ghana.consultant, "enclosure-new", ghana.text.pk, kind="figure", file=upload(), **SOURCED)
    assert answer.status_code == 413
    assert "larger than" in words(answer)
    assert 'value="Bank of Ghana"' in words(answer), "what was typed is given back"
    assert stored() == []


@pytest.mark.parametrize("name", ["../../../etc/passwd.png", "..\\..\\boot.png", "/abs/olute.png", "a\u202egnp.png"])
def test_a_name_with_tricks_is_only_a_name(ghana: Scene, name: str) -> None:
    figure = add(ghana, name=name)
    assert "/" not in figure.name
    assert "\\" not in figure.name
    assert "\u202e" not in figure.name
    [path] = stored()
    assert path.name == f"{figure.sha256[:16]}.png"
    assert Path(settings.MEDIA_ROOT) in path.parents


def test_a_caption_that_does_not_fit_leaves_no_file_behind(ghana: Scene) -> None:
    with pytest.raises(ValidationError):
        add(ghana, caption="x" * 301)
    with pytest.raises(ValidationError):
        add(ghana, caption=" ")
    assert stored() == []
    assert history.events_of(ghana.text).count() == 1


def test_what_fails_after_the_file_was_written_takes_it_back(ghana: Scene, monkeypatch: Any) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(live, "announce", fail)
    with pytest.raises(RuntimeError):
        add(ghana)
    assert stored() == []
    assert not Enclosure.objects.exists()


# -- described, withdrawn ---------------------------------------------------------------------------------


def test_caption_and_source_are_set_right_and_drafts_keep_theirs(ghana: Scene) -> None:
    figure = add(ghana)
    ghana.write("![](figure:1)")
    draft = ghana.take()
    answer = post(ghana.consultant, "enclosure-edit", figure.pk, caption="Remittances", source="IMF", year="2009")
    assert answer.url == f"/texts/{ghana.text.pk}/files/"
    assert "IMF" in words(get(ghana.secretariat, "section", ghana.section().pk))
    kept = words(get(ghana.secretariat, "draft", draft.pk))
    assert "Bank of Ghana" in kept
    assert "IMF" not in kept
    event = history.events_of(ghana.text).filter(name="described").get()
    assert event.data == {"number": 1, "caption": "Remittances", "source": "IMF", "year": "2009"}
    assert history.verify().broken is None


def test_a_figure_does_not_lose_its_source_again(ghana: Scene) -> None:
    figure = add(ghana)
    answer = post(ghana.consultant, "enclosure-edit", figure.pk, caption="Remittances", source="", year="2009")
    assert answer.status_code == 422
    figure.refresh_from_db()
    assert figure.source == "Bank of Ghana"


def test_a_withdrawn_figure_is_gone_from_the_text_and_stays_in_the_draft(ghana: Scene) -> None:
    figure = add(ghana)
    ghana.write("![](figure:1)")
    draft = ghana.take()
    assert post(ghana.consultant, "enclosure-withdraw", figure.pk, note="").status_code == 422
    assert post(ghana.consultant, "enclosure-withdraw", figure.pk, note="Wrong series.").status_code == 302
    address = f'src="/enclosures/{figure.pk}/"'
    assert address not in words(get(ghana.secretariat, "section", ghana.section().pk))
    assert "Remittances, 2000 to 2008" not in words(get(ghana.secretariat, "text-files", ghana.text.pk))
    assert address in words(get(ghana.secretariat, "draft", draft.pk))
    assert get(ghana.secretariat, "enclosure", figure.pk).status_code == 200
    assert get(ghana.consultant, "enclosure-withdraw", figure.pk).status_code == 404
    assert add(ghana).number == 2, "a number is given once"
    assert history.verify().broken is None


@pytest.mark.parametrize("role", ["chair", "member", "observer"])
def test_readers_add_and_change_nothing(ghana: Scene, role: str) -> None:
    figure, reader = add(ghana), f.seat(ghana.twg, role)
    assert get(reader, "enclosure", figure.pk).status_code == 200
    for name, pk in (
        ("enclosure-new", ghana.text.pk),
        ("enclosure-edit", figure.pk),
        ("enclosure-withdraw", figure.pk),
    ):
        assert get(reader, name, pk).status_code == 403
    with pytest.raises(NotPermitted):
        figures.add(ghana.text, upload(), SOURCED, actor=reader, kind="figure")
    with pytest.raises(NotPermitted):
        figures.withdraw(figure, actor=reader, note="x")
    with pytest.raises(NotPermitted):
        figures.describe(figure, {"caption": "x"}, actor=reader)


def test_a_frozen_text_takes_no_files(ghana: Scene) -> None:
    figure = add(ghana)
    ghana.write("![](figure:1)")
    f.perform(ghana.edition, "submit_draft")
    f.perform(ghana.edition, "request_endorsement")
    with pytest.raises(Unmet):
        add(ghana)
    with pytest.raises(Unmet):
        figures.describe(figure, {"caption": "x"}, actor=ghana.consultant)
    with pytest.raises(Unmet):
        figures.withdraw(figure, actor=ghana.consultant, note="x")


def test_a_file_lost_from_the_storage_is_not_found_and_nothing_breaks(ghana: Scene) -> None:
    figure = add(ghana)
    figure.file.storage.delete(figure.file.name)
    assert get(ghana.secretariat, "enclosure", figure.pk).status_code == 404


# -- how far it is ----------------------------------------------------------------------------------------


def test_tables_and_figures_without_a_source_are_counted_by_section_and_part(ghana: Scene) -> None:
    sourced, bare = add(ghana), add(ghana)
    Enclosure.objects.filter(pk=bare.pk).update(source="")  # as one that came with a Word file
    Text.objects.filter(pk=ghana.text.pk).update(sourced_figures=[sourced.number])
    ghana.text.refresh_from_db()
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    ghana.write(f"{table}\nSource: INSTAT, 2008\n\n{table}\nText.\n\n![](figure:{sourced.number})")
    ghana.write(f"![](figure:{bare.number}) ![](figure:77)", "E.1")

    parts = {part.letter: part for part in together.answer(progress(ghana.text, ghana.secretariat))}
    assert {letter: part.missing_sources for letter, part in parts.items()} == dict.fromkeys("ABDF", 0) | {
        "C": 1,
        "E": 2,
    }
    assert (parts["C"].written, parts["A"].written) == (1, 0)
    page = words(get(ghana.secretariat, "text", ghana.text.pk))
    assert "3 tables or figures without a source" in page
    assert "source missing" in words(get(ghana.secretariat, "text-files", ghana.text.pk))
    bare.refresh_from_db()
    figures.describe(bare, {"source": "INSTAT"}, actor=ghana.consultant)
    assert "2 tables or figures without a source" in words(get(ghana.secretariat, "text", ghana.text.pk))
