"""A text, a draft, a published edition as Word and PDF, in its language; and who may take it along."""

from __future__ import annotations

import io
from typing import Any

import docx
import pypdf
import pytest

from tests import factories as f
from tests.documents.making import png
from tests.writing.test_files import add
from workflow.documents import pdf_out
from workflow.writing import pace

from .making import Scene, get, scene, words

pytestmark = pytest.mark.django_db

needs_pango = pytest.mark.skipif(bool(pdf_out.available()), reason="PDF files can't be made here")


@pytest.fixture
def mali() -> Scene:
    made = scene("ML", languages=["fr"], names={"en": "TWG Mali", "fr": "GTT Mali"})
    made.write("Les transferts **augmentent**.\n\n![](figure:1)", "C.1")
    made.write("La loi de 2004.", "E.1")
    return made


def in_word(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    document = docx.Document(io.BytesIO(answer.content))
    told = [p.text for p in document.paragraphs]
    heads = [p.text for section in document.sections for p in section.header.paragraphs]
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join(told + heads + cells)


def in_pdf(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


def test_the_text_as_it_stands_is_a_word_document_in_its_own_language(mali: Scene) -> None:
    text = in_word(get(mali.consultant, "text-export", mali.text.pk, "docx"))
    for told in ("Les transferts augmentent.", "La loi de 2004.", "Section C1", "GTT Mali"):
        assert told in text
    assert "TWG Mali" not in text


def test_a_draft_says_which_one_it_is_and_stays_as_it_was(mali: Scene) -> None:
    draft = mali.take("pour la table ronde de mars")
    mali.write("Les transferts baissent.", "C.1")
    text = in_word(get(mali.consultant, "draft-export", draft.pk, "docx"))
    assert "Les transferts augmentent." in text
    assert "baissent" not in text
    assert "pour la table ronde de mars" in text
    assert "baissent" in in_word(get(mali.consultant, "text-export", mali.text.pk, "docx"))


def test_a_figure_is_printed_with_its_source_as_the_draft_had_it(mali: Scene) -> None:
    from workflow.writing import figures

    figure = add(mali, png(60, 40), source="Banque du Mali")
    draft = mali.take()
    figures.describe(figure, {"source": "FMI"}, actor=mali.consultant)
    assert "Banque du Mali" in in_word(get(mali.consultant, "draft-export", draft.pk, "docx"))
    assert "FMI" in in_word(get(mali.consultant, "text-export", mali.text.pk, "docx"))


@needs_pango
def test_the_same_as_pdf(mali: Scene) -> None:
    add(mali, png(60, 40), source="Banque du Mali")
    draft = mali.take("pour mars")
    text = " ".join(in_pdf(get(mali.consultant, "draft-export", draft.pk, "pdf")).split())
    for told in ("transferts augmentent", "La loi de 2004.", "Banque du Mali", "pour mars"):
        assert told in text


def test_where_no_pdf_can_be_made_the_button_is_grey_and_says_why(mali: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr(pdf_out, "available", lambda: "Pango is missing on this server.")
    draft = mali.take()
    for name, pk in (("text", mali.text.pk), ("draft", draft.pk)):
        page = words(get(mali.consultant, name, pk))
        assert "Pango is missing on this server." in page
        assert "export.pdf" not in page
        assert "export.docx" in page
    for name, pk in (("text-export", mali.text.pk), ("draft-export", draft.pk)):
        answer = get(mali.consultant, name, pk, "pdf")
        assert answer.status_code == 409
        assert "Pango is missing on this server." in words(answer)


def test_other_endings_are_not_found(mali: Scene) -> None:
    from .making import browser

    for ending in ("odt", "html", "docx.exe", "..", "DOCX"):
        assert browser(mali.consultant).get(f"/texts/{mali.text.pk}/export.{ending}").status_code == 404


def test_a_name_that_is_no_file_name_becomes_one() -> None:
    twg = f.twg("GH", of=f.project())
    profile = f.profile(twg, names={"en": '../"Profil"; rm -rf\r\n'})
    edition = f.edition(profile, stage="drafting")
    from workflow.writing import services

    text = services.open_text(edition, actor=None)
    answer = get(f.seat(twg, "consultant"), "text-export", text.pk, "docx")
    assert answer["Content-Disposition"] == 'attachment; filename="profil-rm-rf-edition-2009.docx"'


def test_exports_are_slowed_down_for_whoever_asks_too_often(mali: Scene, monkeypatch: Any) -> None:
    monkeypatch.setitem(pace.RATES, "export", "2/min")
    statuses = [get(mali.consultant, "text-export", mali.text.pk, "docx").status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    assert get(mali.secretariat, "text-export", mali.text.pk, "docx").status_code == 200


# -- the public -------------------------------------------------------------------------------------------


def test_what_is_published_is_everybody_s_to_read_and_to_take_along(mali: Scene) -> None:
    first = mali.take("un")
    mali.write("La loi de 2004, modifiée.", "E.1")
    f.bring(mali.edition, "published")
    last = mali.text.drafts.first()
    assert last is not None
    assert last.number == 2
    page = words(get(None, "edition", mali.edition.pk))
    for address in (f"/drafts/{last.pk}/", f"/drafts/{last.pk}/export.docx"):
        assert f'href="{address}"' in page
    shown = words(get(None, "draft", last.pk))
    assert "La loi de 2004, modifiée." in shown
    for inside in ("Draft 2", "for the TWG", "/texts/", "/history/", "Compare", "GTT Mali", "TWG Mali", "Ama"):
        assert inside not in shown
    text = in_word(get(None, "draft-export", last.pk, "docx"))
    assert "La loi de 2004, modifiée." in text
    assert "for the TWG" not in text
    assert get(None, "draft", first.pk).status_code == 404
    assert get(None, "draft-export", first.pk, "docx").status_code == 404
    assert get(None, "draft-compare", last.pk).status_code == 302
    for name, pk in (("text", mali.text.pk), ("section", mali.section().pk), ("text-export", mali.text.pk)):
        args = [pk, "docx"] if name == "text-export" else [pk]
        assert get(None, name, *args).status_code == 302
        assert get(scene("NE").consultant, name, *args).status_code == 404


def test_before_the_publication_nobody_outside_reads_any_draft(mali: Scene) -> None:
    draft = mali.take()
    f.bring(mali.edition, "handover")
    outsiders = [None, f.person(), scene("NE").consultant, f.administrator(), f.monitor(f.project("Another"))]
    for outsider in outsiders:
        assert get(outsider, "draft", draft.pk).status_code == 404
        assert get(outsider, "draft-export", draft.pk, "docx").status_code == 404
    regional = f.seat(f.regional_twg(mali.twg.project, countries="ML"), "secretariat")
    assert get(regional, "edition", mali.edition.pk).status_code == 200
    assert get(regional, "draft", draft.pk).status_code == 404
    assert get(f.monitor(mali.twg.project), "draft", draft.pk).status_code == 200


def test_figures_of_what_is_published_are_everybody_s_and_no_others(mali: Scene) -> None:
    shown = add(mali)
    mali.write("![](figure:1)", "C.1")
    unused = add(mali)
    paper = add(mali, kind="attachment")
    for enclosure in (shown, unused, paper):
        assert get(None, "enclosure", enclosure.pk).status_code == 404
    f.bring(mali.edition, "published")
    assert get(None, "enclosure", shown.pk).status_code == 200
    assert get(None, "enclosure", unused.pk).status_code == 404
    assert get(None, "enclosure", paper.pk).status_code == 404
    assert get(mali.secretariat, "enclosure", paper.pk).status_code == 200


def test_an_edition_without_a_text_in_palabre_is_published_without_one() -> None:
    edition = f.edition(f.twg("GH"), stage="published")
    page = words(get(None, "edition", edition.pk))
    assert "The published text" not in page
    assert "Part A" in page
