"""A Word file is brought in, looked at, and taken over in one go: all of it or nothing (S13)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import factories as f
from tests.documents.making import docx, p, png, style, styles, with_pictures
from tests.documents.making import picture as drawing
from workflow.documents import bounds
from workflow.engine import clock, history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.writing import pace, word_import
from workflow.writing.errors import Diverged
from workflow.writing.models import Enclosure, Revision, WordFile

from .making import Scene, get, post, scene, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    return scene()


def word(*blocks: tuple[str, str], picture: bool = False) -> bytes:
    """A document: headings with a paragraph each, perhaps with a picture at its end."""
    body = "".join((p(heading, style="Heading1") if heading else "") + p(escape(text)) for heading, text in blocks)
    known = styles(style("Heading1", "heading 1"))
    if picture:
        return with_pictures(body + p(drawing("rId1")), ("a.png", png(40, 30)), more=known)
    return docx(body, known)


DRAFT = (("", "Foreword."), ("C.1 Section C1", "Remittances grew."), ("Section E1", "The act of 2000."))


def upload(data: bytes, name: str = "draft.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def bring(ghana: Scene, *blocks: tuple[str, str], **more: Any) -> WordFile:
    return word_import.bring(ghana.text, upload(word(*(blocks or DRAFT), **more)), actor=ghana.consultant)


def take(ghana: Scene, brought: WordFile, targets: dict[int, str], **more: Any) -> int:
    sections = {place: ghana.section(place) for place in targets.values()}
    seen = more.pop("seen", {section.pk: section.number for section in sections.values()})
    numbers = {index: sections[place].pk for index, place in targets.items()}
    told = {"way": word_import.REPLACE, "actor": ghana.consultant} | more
    return word_import.take_over(brought, numbers, seen, **told)


def stored(folder: str) -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / folder).rglob("*") if path.is_file()]


def test_nothing_is_written_before_somebody_has_looked(ghana: Scene) -> None:
    brought = bring(ghana)
    assert not Revision.objects.exists()
    blocks = word_import.preview(brought, word_import.read(brought))
    assert [(block.title, block.section) for block in blocks] == [
        ("", None), ("C.1 Section C1", ghana.section("C.1").pk), ("Section E1", ghana.section("E.1").pk),
    ]  # fmt: skip


def test_what_stands_under_a_part_s_heading_goes_to_its_first_section(ghana: Scene) -> None:
    brought = bring(
        ghana, ("C.1 Section C1", "Remittances."), ("Part E", "An introduction."), ("E.1 Section E1", "Acts.")
    )
    blocks = word_import.preview(brought, word_import.read(brought))
    assert [(block.section, block.follows) for block in blocks] == [
        (ghana.section(place).pk, False) for place in ("C.1", "E.1", "E.1")
    ]


def test_a_part_that_names_no_section_follows_the_one_before_it_and_is_pointed_out(ghana: Scene) -> None:
    brought = bring(ghana, ("C.1 Section C1", "Remittances grew."), ("Something else", "Unknown."))
    blocks = word_import.preview(brought, word_import.read(brought))
    assert [(block.section, block.follows) for block in blocks] == [
        (ghana.section("C.1").pk, False),
        (ghana.section("C.1").pk, True),
    ]
    assert words(get(ghana.consultant, "word-file", brought.pk)).count("names no section") == 1


def test_it_is_taken_over_section_by_section_as_one_revision_each(
    ghana: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    brought = bring(ghana)
    with django_capture_on_commit_callbacks(execute=True):
        assert take(ghana, brought, {0: "A.1", 1: "C.1", 2: "E.1"}) == 3
    assert [ghana.section(place).body for place in ("A.1", "C.1", "E.1")] == [
        "Foreword.", "Remittances grew.", "The act of 2000.",
    ]  # fmt: skip
    revision = ghana.section("C.1").revisions.get()
    assert (revision.way, revision.note, revision.author) == ("imported", "From draft.docx", ghana.consultant)
    event = history.events_of(ghana.text).last()
    assert event is not None
    assert event.name == "imported"
    assert (event.data["file"], event.data["sections"], event.data["sha256"]) == ("draft.docx", 3, brought.sha256)
    assert not WordFile.objects.exists()
    assert stored("word") == []
    assert history.verify().broken is None


def test_two_blocks_of_one_section_stand_in_the_order_of_the_file(ghana: Scene) -> None:
    take(ghana, bring(ghana), {0: "C.1", 1: "C.1"})
    assert ghana.section("C.1").body == "Foreword.\n\nRemittances grew."


def test_what_stands_there_is_replaced_or_followed(ghana: Scene) -> None:
    ghana.write("It stood.")
    take(ghana, bring(ghana), {1: "C.1"}, way=word_import.APPEND)
    assert ghana.section().body == "It stood.\n\nRemittances grew."
    take(ghana, bring(ghana), {1: "C.1"})
    assert ghana.section().body == "Remittances grew."
    assert ghana.section().revisions.count() == 3


def test_pictures_become_figures_whose_sources_are_still_missing(ghana: Scene) -> None:
    brought = bring(ghana, ("C.1 Section C1", "See:"), picture=True)
    take(ghana, brought, {0: "C.1"})
    figure = Enclosure.objects.get()
    assert (figure.number, figure.kind, figure.lacks_source) == (1, "figure", True)
    assert ghana.section().figures == [1]
    assert f'src="/enclosures/{figure.pk}/"' in words(get(ghana.secretariat, "section", ghana.section().pk))
    assert "1 table or figure without a source" in words(get(ghana.secretariat, "text", ghana.text.pk))


def test_a_section_revised_since_it_was_looked_at_stops_all_of_it(ghana: Scene) -> None:
    brought = bring(ghana, *DRAFT, picture=True)
    seen = {ghana.section(place).pk: 0 for place in ("A.1", "C.1", "E.1")}
    ghana.write("Meanwhile.", "E.1", by=ghana.secretariat)
    with pytest.raises(Diverged):
        take(ghana, brought, {0: "A.1", 1: "C.1", 2: "E.1"}, seen=seen)
    assert [ghana.section(place).number for place in ("A.1", "C.1", "E.1")] == [0, 0, 1]
    assert not Enclosure.objects.exists()
    assert stored("enclosures") == []
    assert WordFile.objects.count() == 1
    assert history.verify().broken is None


def test_a_section_of_another_text_is_no_target(ghana: Scene) -> None:
    brought, theirs = bring(ghana), scene("ML").section()
    for targets in ({1: theirs.pk}, {1: 999_999}, {99: ghana.section().pk}):
        with pytest.raises(ValidationError):
            word_import.take_over(brought, targets, {}, way=word_import.REPLACE, actor=ghana.consultant)
    theirs.refresh_from_db()
    assert theirs.number == 0
    assert not Revision.objects.exists()


def test_a_file_is_taken_over_once(ghana: Scene) -> None:
    brought = bring(ghana)
    again = WordFile.objects.get()
    take(ghana, brought, {1: "C.1"})
    with pytest.raises((Unmet, FileNotFoundError)):
        take(ghana, again, {2: "E.1"})
    assert ghana.section("E.1").number == 0


@pytest.mark.parametrize("role", ["chair", "member", "observer"])
def test_readers_bring_nothing_in(ghana: Scene, role: str) -> None:
    reader = f.seat(ghana.twg, role)
    with pytest.raises(NotPermitted):
        word_import.bring(ghana.text, upload(word(*DRAFT)), actor=reader)
    assert get(reader, "text-import", ghana.text.pk).status_code == 403


def test_a_frozen_text_takes_no_file(ghana: Scene) -> None:
    brought = bring(ghana)
    ghana.write("It stands.")
    f.perform(ghana.edition, "submit_draft")
    f.perform(ghana.edition, "request_endorsement")
    with pytest.raises(Unmet):
        bring(ghana)
    with pytest.raises(Unmet):
        take(ghana, brought, {1: "C.1"})


def test_a_file_that_nobody_took_is_forgotten_after_a_week(
    ghana: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    bring(ghana)
    old = bring(ghana)
    WordFile.objects.filter(pk=old.pk).update(brought_at=timezone.now() - timedelta(days=7, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert clock.tick(force=True)["Word files forgotten"] == 1
    assert WordFile.objects.count() == 1
    assert len(stored("word")) == 1


# -- the pages --------------------------------------------------------------------------------------------


def send(ghana: Scene, data: bytes, name: str = "draft.docx") -> Any:
    return post(ghana.consultant, "text-import", ghana.text.pk, file=upload(data, name))


def fields(ghana: Scene, brought: WordFile, **places: str) -> dict[str, str]:
    """What the form of the preview sends: `b1="C.1"` puts block 1 there."""
    page = get(ghana.consultant, "word-file", brought.pk)
    form = page.context["form"]
    told = {"way": "replace", "seen": form["seen"].value()}
    return told | {f"block_{name[1:]}": str(ghana.section(place).pk) for name, place in places.items()}


def test_the_whole_way_on_the_pages(ghana: Scene) -> None:
    answer = send(ghana, word(*DRAFT))
    brought = WordFile.objects.get()
    assert answer.url == f"/word/{brought.pk}/"
    page = words(get(ghana.consultant, "word-file", brought.pk))
    for told in ("Before the first heading", "Remittances grew.", "Nothing: all of the file was understood."):
        assert told in page
    assert f'value="{ghana.section("E.1").pk}" selected' in page
    answer = post(ghana.consultant, "word-file", brought.pk, **fields(ghana, brought, b1="C.1", b2="E.1"))
    assert answer.url == f"/texts/{ghana.text.pk}/"
    assert ghana.section("E.1").body == "The act of 2000."
    assert get(ghana.consultant, "word-file", brought.pk).status_code == 404


def test_what_could_not_be_kept_is_counted(ghana: Scene) -> None:
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    body = p("Text with a chart", "<w:r><w:object/></w:r>", comment)
    send(ghana, docx(body))
    page = words(get(ghana.consultant, "word-file", WordFile.objects.get().pk))
    assert "What can&#x27;t be kept" in page or "What can't be kept" in page
    assert "Nothing: all of the file was understood." not in page


def test_a_long_part_is_read_in_full_on_a_page_of_its_own(ghana: Scene) -> None:
    send(ghana, word(("C.1 Section C1", "begin " + "word " * 300 + "the very end")))
    brought = WordFile.objects.get()
    page = words(get(ghana.consultant, "word-file", brought.pk))
    assert "the very end" not in page
    assert 'href="?part=0"' in page
    assert "the very end" in words(get(ghana.consultant, "word-file", brought.pk, part=0))
    for nonsense in ("9", "x", "-1"):
        assert get(ghana.consultant, "word-file", brought.pk, part=nonsense).status_code == 404


def test_a_part_too_long_for_a_section_is_pointed_out_and_stops_all_of_it(ghana: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr(bounds, "MOST_CHARACTERS", 60)
    send(ghana, word(("C.1 Section C1", "Remittances grew."), ("E.1 Section E1", "The act of 2000. " * 5)))
    brought = WordFile.objects.get()
    for more in ({}, {"part": 1}):
        assert "has 84 characters; 60 is the most" in words(get(ghana.consultant, "word-file", brought.pk, **more))
    answer = post(ghana.consultant, "word-file", brought.pk, **fields(ghana, brought, b0="C.1", b1="E.1"))
    assert answer.status_code == 422
    assert "E.1 Section E1: This section has 84 characters" in words(answer)
    assert not Revision.objects.exists()


def test_who_was_overtaken_is_told_and_looks_again(ghana: Scene) -> None:
    send(ghana, word(*DRAFT))
    brought = WordFile.objects.get()
    told = fields(ghana, brought, b1="C.1", b2="E.1")
    ghana.write("Meanwhile.", "E.1", by=ghana.secretariat)
    answer = post(ghana.consultant, "word-file", brought.pk, **told)
    assert answer.status_code == 409
    page = words(answer)
    assert "E.1 Section E1 was revised since you looked." in page
    assert f'value="{ghana.section("C.1").pk}" selected' in page, "the choices are kept"
    assert ghana.section("C.1").number == 0
    again = fields(ghana, brought, b1="C.1", b2="E.1")
    assert post(ghana.consultant, "word-file", brought.pk, **again).status_code == 302
    assert ghana.section("E.1").number == 2


def test_choosing_nothing_says_so(ghana: Scene) -> None:
    send(ghana, word(*DRAFT))
    brought = WordFile.objects.get()
    answer = post(ghana.consultant, "word-file", brought.pk, **fields(ghana, brought))
    assert answer.status_code == 422
    assert "Choose at least one section" in words(answer)


@pytest.mark.parametrize("seen", ["", "x", "1:x", "1:2:3", "9" * 400, "1:0 1:0"])
def test_a_form_that_was_bent_writes_nothing_unseen(ghana: Scene, seen: str) -> None:
    ghana.write("It stands.")
    send(ghana, word(*DRAFT))
    brought = WordFile.objects.get()
    told = fields(ghana, brought, b1="C.1") | {"seen": seen}
    assert post(ghana.consultant, "word-file", brought.pk, **told).status_code in (409, 422)
    assert ghana.section().body == "It stands."


def test_a_target_in_another_text_is_refused_by_the_form(ghana: Scene) -> None:
    send(ghana, word(*DRAFT))
    brought = WordFile.objects.get()
    told = fields(ghana, brought) | {"block_1": str(scene("ML").section().pk)}
    assert post(ghana.consultant, "word-file", brought.pk, **told).status_code == 422
    assert not Revision.objects.exists()


def test_the_file_is_its_bringer_s_alone(ghana: Scene) -> None:
    brought = bring(ghana)
    for other in (ghana.secretariat, f.seat(ghana.twg, "member"), scene("ML").consultant):
        assert get(other, "word-file", brought.pk).status_code == 404
        assert post(other, "word-forget", brought.pk).status_code == 404
    assert WordFile.objects.count() == 1


def test_it_is_given_up_with_one_button(ghana: Scene, django_capture_on_commit_callbacks: Any) -> None:
    brought = bring(ghana)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(ghana.consultant, "word-forget", brought.pk).url == f"/texts/{ghana.text.pk}/"
    assert not WordFile.objects.exists()
    assert stored("word") == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.docx"),
        (b"PK\x03\x04 broken", "broken.docx"),
        (b"{\\rtf1 hello}", "letter.docx"),
        (png(), "picture.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old.doc"),
    ],
    ids=["empty", "broken", "rtf", "picture", "old"],
)
def test_what_is_no_word_file_is_refused_on_its_field(ghana: Scene, data: bytes, name: str) -> None:
    answer = send(ghana, data, name)
    assert answer.status_code == 422
    assert "Word file: " in words(answer)
    assert not WordFile.objects.exists()
    assert stored("word") == []


def test_a_file_too_large_is_413(ghana: Scene, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 100
    assert send(ghana, word(*DRAFT)).status_code == 413
    assert not WordFile.objects.exists()


def test_scripts_in_a_word_file_are_words(ghana: Scene) -> None:
    send(ghana, word(("C.1 Section C1", "<script>alert(1)</script> [x](javascript:alert(1))")))
    brought = WordFile.objects.get()
    pages = [get(ghana.consultant, "word-file", brought.pk, part=0)]
    take(ghana, brought, {0: "C.1"})
    pages.append(get(ghana.consultant, "section", ghana.section().pk))
    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert 'href="javascript' not in page.content.decode()


def test_bringing_one_after_the_other_is_slowed_down(ghana: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pace.RATES, "upload", "3/min")
    statuses = [send(ghana, b"no word file").status_code for _time in range(4)]
    assert statuses == [422] * 3 + [429]
