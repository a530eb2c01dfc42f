"""The schedule on paper: drawn in the PDF, page by page, in words in both files (S14)."""

from __future__ import annotations

import io

import pytest
from docx import Document
from pypdf import PdfReader

from recommendations.dataplan import gantt, printing, schedules, selectors
from workflow.documents import pdf_out, word_out

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> m.Country:
    return m.country()


def described(pdf: PdfReader) -> list[str]:
    """What a screen reader says of each picture."""
    objects = (pdf.get_object(number) for number in range(1, len(pdf.xref_objStm) + 1))
    return [str(one["/Alt"]) for one in objects if isinstance(one, dict) and "/Alt" in one]


def test_the_pdf_draws_the_actions_and_word_has_their_table(at: m.Country) -> None:
    plan = m.plan(at.twg)
    first = m.action(plan, "Map & count", starts="2010-01", due="2010-03")
    m.action(plan, "A survey", starts="2010-04", due="2010-06", needs=[first])
    book = printing.book_of(plan, None, at.secretariat)
    [drawn] = [drawing for part in book.parts for section in part.sections for drawing in section.drawings]
    assert "Map &amp; count" in drawn.svg
    assert drawn.svg.count('class="rail') == 2
    written = PdfReader(io.BytesIO(pdf_out.write(book)))
    assert "The actions in time" in described(written)
    assert "2010-01" not in drawn.svg
    page = next(text for text in (page.extract_text() for page in written.pages) if "Jan 2010" in text)
    assert "A survey" in page
    tables = [cell.text for table in Document(io.BytesIO(word_out.write(book))).tables for cell in table._cells]
    assert "Map & count" in tables


def test_nobody_finds_in_the_drawing_what_the_page_hides_from_them(at: m.Country) -> None:
    plan = m.plan(at.twg)
    m.action(plan, "Behind doors", due="2010-03", decision=m.closed_decision(at))
    m.action(plan, "In the open", due="2010-03")
    observer = m.f.seat(at.twg, "observer")
    book = printing.book_of(plan, None, observer)
    drawn = "".join(drawing.svg for part in book.parts for section in part.sections for drawing in section.drawings)
    assert "In the open" in drawn
    assert "Behind doors" not in drawn


def test_a_long_schedule_is_drawn_in_pieces_that_fit_a_page(at: m.Country) -> None:
    plan = m.plan(at.twg)
    before: list[m.DataAction] = []
    for month in range(1, 6):
        before = [m.action(plan, f"Action {month}", starts=f"2010-0{month}", due=f"2010-0{month}", needs=before)]
    found = selectors.actions(at.secretariat).filter(plan=plan).order_by(*selectors.BY_START)
    whole = gantt.draw(schedules.schedule(found, at.secretariat), m.timezone.localdate())
    pieces = list(gantt.pages(whole, 2))
    assert [[bar.label for bar in piece.bars] for piece in pieces] == [
        ["Action 1", "Action 2"], ["Action 3", "Action 4"], ["Action 5"],
    ]  # fmt: skip
    assert {piece.bars[0].y for piece in pieces} == {whole.bars[0].y}
    assert [len(piece.links) for piece in pieces] == [1, 1, 0]
    assert all(piece.ticks == whole.ticks for piece in pieces)
    assert list(gantt.pages(gantt.Drawing([]), 2)) == []
