"""A book as a Word document, as a ministry would circulate it; and a wide table, for a comment matrix (S13)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from django.utils import translation
from django.utils.translation import gettext as _
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from . import word_frame
from .book import Book
from .word_body import Body
from .word_frame import TABLE_STYLE
from .word_xml import Element, bookmark, clean, field, link_within, paragraph, run, w

Entry = tuple[int, str, str]  # level in the contents, words, bookmark
CHARACTER = 115  # width of a letter in a table, in twentieths of a point
TABLE_WIDTH = 15_130  # twentieths of a point between the margins of a landscape page


def write(book: Book) -> bytes:
    """The document: cover, table of contents, parts, sections; figures and tables with their sources."""
    with translation.override(book.language):
        document = word_frame.new(book.title, book.language)
        body = Body(document, book.figure)
        entries, content = _parts(book, body)
        _put(document, [*_cover(book), *_contents(entries), *content])
        word_frame.head_and_foot(document, book.title, _mark(book), cover=True)
        body.notes.close()
        return _bytes(document)


def _mark(book: Book) -> str:
    return " · ".join(told for told in (_("Draft") if book.draft else "", book.note) if told)


def _put(document: Any, blocks: Iterable[Element]) -> None:
    body = document.element.body
    last = body.sectPr
    for block in blocks:
        last.addprevious(block)


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cover(book: Book) -> list[Element]:
    made = [paragraph("Normal", properties=[w("spacing", before=3200)])]
    if book.draft:
        made.append(paragraph("DraftMark", run(_("Draft").upper())))
    made.append(paragraph("Title", run(book.title)))
    if book.subtitle:
        made.append(paragraph("Subtitle", run(book.subtitle)))
    for label, text in book.cover:
        told = _("%(label)s: %(text)s") % {"label": label, "text": text}
        made.append(paragraph("CoverText", run(told)))
    if book.note:
        made.append(paragraph("CoverText", run(book.note, bold=True), properties=[w("spacing", before=360)]))
    return made


def _parts(book: Book, body: Body) -> tuple[list[Entry], list[Element]]:
    entries: list[Entry] = []
    content: list[Element] = []

    def heading(level: int, words: str) -> None:
        name = f"_Toc{len(entries) + 1:09d}"
        entries.append((level, words, name))
        content.append(paragraph(f"Heading{level}", *bookmark(next(body.ids), name, run(words))))

    for part in book.parts:
        heading(1, part.heading)
        for section in part.sections:
            heading(2, f"{section.place} {section.title}".strip())
            content.extend(body.section(section.body))
    return entries, content


def _contents(entries: list[Entry]) -> list[Element]:
    """Word's own field, with its entries filled in, so that they show and lead on before Word has counted the pages.

    Where the pages break is known to Word alone: it is asked to work the field out when the document is opened.
    """
    made = [paragraph("TOCHeading", run(_("Table of contents")), properties=[w("pageBreakBefore")])]
    begin, code, separate, _shown, end = field('TOC \\o "1-2" \\h \\z \\u', dirty=True)
    for at, (level, words, name) in enumerate(entries):
        opening = [begin, code, separate] if at == 0 else []
        made.append(paragraph(f"TOC{level}", *opening, link_within(name, run(words))))
    return [*made, paragraph("Normal", end)] if entries else made


# -- a wide table -----------------------------------------------------------------------------------------


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> bytes:
    """A landscape document with one table, whose heading stands on every page; quick for thousands of rows."""
    with translation.override(language):
        told = [[clean(str(cell)) for cell in row] for row in rows]
        document = word_frame.new(title, language, landscape=True)
        widths = _widths(columns, told)
        repeated = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        xml = "".join(
            [_opening(widths), _row([clean(str(name)) for name in columns], widths, repeated)]
            + [_row(row, widths, "") for row in told]
        )
        heading = paragraph("Heading1", run(title), properties=[w("pageBreakBefore", val="0")])
        _put(document, [heading, parse_xml(f"{xml}</w:tbl>"), paragraph("Source")])
        word_frame.head_and_foot(document, title, "", cover=False)
        return _bytes(document)


def _opening(widths: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], properties: str) -> str:
    told = "".join(_cell(text, width) for text, width in zip(cells, widths, strict=True))
    return f"<w:tr>{properties}{told}</w:tr>"


def _cell(text: str, width: int) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr><w:r>{lines}</w:r></w:p></w:tc>'
    )


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Columns share the page by what they hold; none is narrower than the longest word of its heading."""
    least = [CHARACTER * (max(map(len, name.split()), default=0) + 2) for name in columns]
    room = max(TABLE_WIDTH - sum(least), 0)
    usual = [_usual([len(row[at]) for row in rows]) for at in range(len(columns))]
    needs = [max(min(length, 60) * CHARACTER - few, 0) for length, few in zip(usual, least, strict=True)]
    return [few + room * need // max(sum(needs), 1) for few, need in zip(least, needs, strict=True)]


def _usual(lengths: list[int]) -> int:
    """The length that nine cells of ten keep within."""
    return sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
