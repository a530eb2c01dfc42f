"""Lists that count and footnotes: what Word keeps in parts of their own, beside the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn

from .word_xml import Element, paragraph, run, w


class Numbering:
    """Lists: one definition for points, one for numbers, and a number of its own for every list that counts."""

    def __init__(self, document: Any) -> None:
        self._root = document.part.numbering_part.element
        numbers = [int(n) for n in self._root.xpath("//w:abstractNum/@w:abstractNumId")]
        self._points, self._counted = max(numbers, default=0) + 1, max(numbers, default=0) + 2
        first = self._root.find(qn("w:num"))
        place = list(self._root).index(first) if first is not None else len(self._root)
        self._root.insert(place, self._abstract(self._points, ordered=False))
        self._root.insert(place + 1, self._abstract(self._counted, ordered=True))
        self._last = max((int(n) for n in self._root.xpath("//w:num/@w:numId")), default=0)
        self.points = self._add(self._points, [])

    def counted(self, start: int, level: int) -> int:
        """A new list that counts from `start`."""
        return self._add(self._counted, [w("lvlOverride", w("startOverride", val=start), ilvl=level)])

    def _add(self, abstract: int, overrides: Sequence[Element]) -> int:
        self._last += 1
        self._root.append(w("num", w("abstractNumId", val=abstract), *overrides, numId=self._last))
        return self._last

    @staticmethod
    def _abstract(number: int, *, ordered: bool) -> Element:
        made = w("abstractNum", w("multiLevelType", val="hybridMultilevel"), abstractNumId=number)
        for level in range(9):
            style = ("decimal", "lowerLetter", "lowerRoman")[level % 3] if ordered else "bullet"
            text = f"%{level + 1}." if ordered else "•–◦"[level % 3]
            made.append(
                w("lvl", w("start", val=1), w("numFmt", val=style), w("lvlText", val=text), w("lvlJc", val="left"),
                  w("pPr", w("ind", left=360 * (level + 1), hanging=360)), ilvl=level)
            )  # fmt: skip
        return made


class Notes:
    """Word's own footnotes, which python-docx does not know."""

    def __init__(self, document: Any) -> None:
        self.part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", document.part.package)
        self._document, self._count = document, 0
        separator = paragraph("FootnoteText", w("r", w("separator")))
        continued = paragraph("FootnoteText", w("r", w("continuationSeparator")))
        self._root = w("footnotes", w("footnote", separator, type="separator", id=-1),
                       w("footnote", continued, type="continuationSeparator", id=0))  # fmt: skip

    def add(self) -> int:
        """A new note; returns its number."""
        self._count += 1
        self._root.append(w("footnote", id=self._count))
        return self._count

    def fill(self, number: int, blocks: list[Element]) -> None:
        """Give a note its paragraphs; the first one bears its mark."""
        blocks = blocks or [paragraph("FootnoteText")]
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        for child in reversed([mark, run(" ")]):
            blocks[0].insert(1, child)
        note = self._root[number + 1]
        for block in blocks:
            note.append(block)

    @staticmethod
    def mark(number: int) -> Element:
        """The raised number in the text."""
        return w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteReference", id=number))

    def close(self) -> None:
        """Put the notes into the document, if there are any."""
        if not self._count:
            return
        self.part._blob = serialize_part_xml(self._root)
        self._document.part.relate_to(self.part, RELATIONSHIP_TYPE.FOOTNOTES)
        known = w("footnotePr", w("footnote", id=-1), w("footnote", id=0))
        settings = self._document.settings.element
        after = settings.find(qn("w:compat"))
        settings.insert(list(settings).index(after) if after is not None else len(settings), known)
