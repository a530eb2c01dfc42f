"""Markdown's tokens as paragraphs, lists, tables, figures and notes of a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from markdown_it.token import Token

from . import images
from . import tokens as streams
from .book import BookFigure
from .elements import end_of, rows_of, without_notes
from .labels import figure_title, missing, source_line
from .word_frame import TABLE_STYLE
from .word_parts import Notes, Numbering
from .word_xml import Element, bookmark, clean, link_out, link_within, paragraph, run, w

WIDTH, HEIGHT = Mm(156), Mm(200)  # the most that a figure takes of a page
KEPT_WHOLE = 14  # rows of a table that is not broken over two pages
FIRST_HEADING = 3  # parts and sections have the first two


@dataclass(frozen=True)
class _Place:
    """Where blocks go: the part that keeps their links, their style, the list and the item that they are in."""

    part: Any
    style: str = "Normal"
    lists: tuple[int, ...] = ()
    item: list[bool] = field(default_factory=lambda: [False])  # whether the item's mark is still to come


class Body:
    """Writes the sections of one document."""

    def __init__(self, document: Any, find: Callable[[int], BookFigure | None]) -> None:
        self._document, self._find = document, find
        self._numbering, self.notes = Numbering(document), Notes(document)
        self.ids = count(1)
        self._section = 0
        self._note_tokens: dict[int, list[Token]] = {}
        self._shown: set[int] = set()

    def section(self, text: str) -> list[Element]:
        """The blocks of one section's text."""
        self._section += 1
        stream = streams.read(text)
        self._shown = {t.meta["number"] for t in stream if t.type == "figure" and t.meta["number"] is not None}
        stream, self._note_tokens = without_notes(stream)
        return self._blocks(stream, _Place(self._document.part))

    # -- blocks

    def _blocks(self, stream: list[Token], place: _Place) -> list[Element]:
        made: list[Element] = []
        at = 0
        while at < len(stream):
            token = stream[at]
            end = end_of(stream, at)
            inner = stream[at + 1 : end]
            made += self._block(token, inner, place)
            at = end + 1
        return made

    def _block(self, token: Token, inner: list[Token], place: _Place) -> list[Element]:
        if token.type == "heading_open":
            style = f"Heading{min(FIRST_HEADING + token.meta['rank'] - 1, 6)}"
            return [paragraph(style, *self._inline(inner[0], place))]
        if token.type in ("paragraph_open", "source_open"):
            style = "Source" if token.type == "source_open" else place.style
            return [self._paragraph(style, self._inline(inner[0], place), place)]
        if token.type == "figure":
            return self._figure(token, place)
        if token.type == "table_open":
            return self._table(token, inner, place)
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return self._list(token, inner, place)
        if token.type == "blockquote_open":
            return self._blocks(inner, replace(place, style="Quote"))
        if token.type in ("fence", "code_block"):
            return [self._paragraph("Code", [run(token.content.rstrip("\n"))], place)]
        if token.type == "hr":
            line = w("pBdr", w("bottom", val="single", sz=4, space=1, color="84918B"))
            return [paragraph("Normal", properties=[line])]
        return []

    def _paragraph(self, style: str, content: list[Element], place: _Place) -> Element:
        """A paragraph; the first one of a list's item bears the mark, the others stand below it."""
        if not place.lists:
            return paragraph(style, *content)
        level = min(len(place.lists), 9) - 1
        if place.item[0]:
            place.item[0] = False
            marks = [w("numPr", w("ilvl", val=level), w("numId", val=place.lists[-1]))]
        else:
            marks = [w("ind", left=360 * (level + 1))]
        return paragraph("ListParagraph" if style == "Normal" else style, *content, properties=marks)

    def _list(self, token: Token, inner: list[Token], place: _Place) -> list[Element]:
        level = min(len(place.lists), 8)
        start = int(token.attrs.get("start", 1))
        ordered = token.type == "ordered_list_open"
        number = self._numbering.counted(start, level) if ordered else self._numbering.points
        made: list[Element] = []
        at = 0
        while at < len(inner):
            end = end_of(inner, at)
            item = replace(place, lists=(*place.lists, number), item=[True])
            made += self._blocks(inner[at + 1 : end], item) or [self._paragraph("Normal", [], item)]
            at = end + 1
        return made

    # -- figures

    def _figure(self, token: Token, place: _Place) -> list[Element]:
        number = token.meta["number"]
        found = self._find(number) if number is not None else None
        picture = self._picture(found, WIDTH, HEIGHT) if found else None
        if found is None or picture is None:
            return [self._paragraph(place.style, [run(f"[{missing(number)}]", bold=True)], place)]
        title = run(figure_title(number, token.meta["caption"] or found.caption))
        named = bookmark(next(self.ids), self._figure_name(number), title)
        made = [paragraph("Figure", picture), paragraph("Caption", *named)]
        source = source_line(found.source, found.year)
        return made + ([paragraph("Source", run(source))] if source else [])

    def _figure_name(self, number: int) -> str:
        return f"figure_{self._section}_{number}"

    def _picture(self, found: BookFigure, width: int, height: int) -> Element | None:
        """The picture at its own size, or as large as fits; None when it can't be drawn."""
        if not images.is_sane(found.data):
            return None
        try:
            drawing = self._document.part.new_pic_inline(io.BytesIO(found.data))
        except Exception:  # noqa: BLE001  python-docx raises just that for half a JPEG; the page tells what is missing
            return None
        shrink = min(1.0, width / max(drawing.extent.cx, 1), height / max(drawing.extent.cy, 1))
        for extent in (drawing.extent, drawing.graphic.graphicData.pic.spPr.xfrm.find(qn("a:ext"))):
            extent.set("cx", str(max(int(int(extent.get("cx")) * shrink), 1)))
            extent.set("cy", str(max(int(int(extent.get("cy")) * shrink), 1)))
        drawing.docPr.set("descr", clean(found.alt or found.caption))
        return w("r", w("drawing", drawing))

    # -- tables

    def _table(self, token: Token, inner: list[Token], place: _Place) -> list[Element]:
        made: list[Element] = []
        if token.meta["caption"]:
            made.append(paragraph("Caption", *self._inline(token.meta["caption"], place)))
        rows = rows_of(inner)
        columns = max(map(len, rows), default=1)
        look = w("tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=0, noVBand=1)
        table = w(
            "tbl", w("tblPr", w("tblStyle", val=TABLE_STYLE), w("tblW", w=5000, type="pct"), look),
            w("tblGrid", *(w("gridCol", w=int(9070 / columns)) for _column in range(columns))),
        )  # fmt: skip
        for at, row in enumerate(rows):
            properties = w("trPr", w("cantSplit"), *([w("tblHeader")] if at == 0 else []))
            kept = len(rows) <= KEPT_WHOLE or at >= len(rows) - 2  # with the source below
            table.append(w("tr", properties, *(self._cell(c, n, token, place, kept) for n, c in enumerate(row))))
        # Word asks for a paragraph after a table; the source is one.
        return [*made, table] + ([] if token.meta["sourced"] else [paragraph("Source")])

    def _cell(self, cell: list[Token], column: int, table: Token, place: _Place, kept: bool) -> Element:
        flush = column in table.meta["numeric"] or "right" in str(cell[0].attrs.get("style", ""))
        look = [*([w("keepNext")] if kept else []), *([w("jc", val="right")] if flush else [])]
        return w("tc", paragraph("TableText", *self._inline(cell[1], place), properties=look))

    # -- runs

    def _inline(self, token: Token, place: _Place) -> list[Element]:
        made: list[Element] = []
        groups: list[tuple[str, list[Element]]] = []  # open links
        bold = italic = 0
        for child in token.children or []:
            if child.type in ("strong_open", "strong_close"):
                bold += child.nesting
            elif child.type in ("em_open", "em_close"):
                italic += child.nesting
            elif child.type == "link_open":
                groups.append((str(child.attrs.get("href", "")), []))
            elif child.type == "link_close" and groups:
                url, content = groups.pop()
                made += self._link(url, content, place)
            else:
                style = "CodeChar" if child.type == "code_inline" else "Hyperlink" if groups else ""
                into = groups[-1][1] if groups else made
                into += self._piece(child, bold > 0, italic > 0, style, place)
        return made

    def _piece(self, child: Token, bold: bool, italic: bool, style: str, place: _Place) -> list[Element]:
        if child.type in ("text", "text_special", "code_inline"):
            return [run(child.content, bold=bold, italic=italic, style=style)] if child.content else []
        if child.type == "softbreak":
            return [run(" ")]
        if child.type == "hardbreak":
            return [w("r", w("br"))]
        if child.type == "footnote_ref":
            return self._note(child, place)
        if child.type == "figure_ref":
            return self._named_figure(child.meta["number"])
        if child.type == "image":
            return [self._small_picture(child)]
        return []

    def _small_picture(self, child: Token) -> Element:
        """A picture in a cell or a heading."""
        number = streams.figure_number(child.attrs.get("src"))
        found = self._find(number) if number is not None else None
        picture = self._picture(found, Mm(60), Mm(60)) if found else None
        return picture if picture is not None else run(f"[{missing(number)}]", bold=True)

    def _named_figure(self, number: int | None) -> list[Element]:
        if number is None:
            return [run(f"[{missing(None)}]", bold=True)]
        return [link_within(self._figure_name(number), run(figure_title(number, "")))]

    def _link(self, url: str, content: list[Element], place: _Place) -> list[Element]:
        number = streams.figure_number(url)
        if number is None:
            return [link_out(place.part, url, *content)]
        return [link_within(self._figure_name(number), *content)] if number in self._shown else content

    def _note(self, child: Token, place: _Place) -> list[Element]:
        """A note called twice stands twice: Word's notes belong to one place each."""
        if place.part is self.notes.part:
            return []  # a note can't have notes
        number = self.notes.add()
        inside = _Place(self.notes.part, "FootnoteText")
        self.notes.fill(number, self._blocks(self._note_tokens.get(child.meta["id"], []), inside))
        return [self.notes.mark(number)]
