"""Elements of a Word document's XML: runs, paragraphs, fields, links, bookmarks. The names are Word's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

Element = Any  # lxml's elements carry no types

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without what XML can't hold."""
    return ILLEGAL.sub("", text)


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """`w("jc", val="right")` is `<w:jc w:val="right"/>`."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    for child in children:
        made.append(child)
    return made


def run(text: str, *, bold: bool = False, italic: bool = False, style: str = "") -> Element:
    """Words of one look; a line feed becomes a break."""
    properties = []
    if style:
        properties.append(w("rStyle", val=style))
    if bold:
        properties.append(w("b"))
    if italic:
        properties.append(w("i"))
    made = w("r", *([w("rPr", *properties)] if properties else []))
    for at, line in enumerate(clean(text).split("\n")):
        if at:
            made.append(w("br"))
        if line:
            told = w("t")
            told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            told.text = line
            made.append(told)
    return made


def paragraph(style: str, *content: Element, properties: Iterable[Element] = ()) -> Element:
    """A paragraph under a style's id, with further properties in the order that Word asks for."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def field(instruction: str, shown: str = "", *, dirty: bool = False) -> list[Element]:
    """A field with what it shows until Word works it out anew; `dirty` asks Word to do so on opening."""
    begin = w("fldChar", fldCharType="begin", **({"dirty": "true"} if dirty else {}))
    code = w("instrText")
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    code.text = f" {instruction} "
    return [
        w("r", begin), w("r", code), w("r", w("fldChar", fldCharType="separate")), run(shown),
        w("r", w("fldChar", fldCharType="end")),
    ]  # fmt: skip


def bookmark(number: int, name: str, *content: Element) -> list[Element]:
    """Content under a name that links and fields refer to; `number` is unique in the document."""
    return [w("bookmarkStart", id=number, name=name), *content, w("bookmarkEnd", id=number)]


def link_within(name: str, *content: Element) -> Element:
    """A link to a bookmark."""
    return w("hyperlink", *content, anchor=name, history=1)


def link_out(part: Any, url: str, *content: Element) -> Element:
    """A link to a page; the address is kept in the part that holds the paragraph."""
    made = w("hyperlink", *content, history=1)
    made.set(qn("r:id"), part.relate_to(clean(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    return made
