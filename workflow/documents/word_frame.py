"""The frame of a Word document: paper, styles, numbering, notes, head and foot of the page, language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor

from .word_xml import Element, clean, field, paragraph, run, w

LOCALES = {"en": "en-GB", "fr": "fr-FR", "pt": "pt-PT"}
DEEP, MUTED = RGBColor(0x07, 0x44, 0x37), RGBColor(0x52, 0x60, 0x5A)
MARGIN = Mm(25)
TABLE_STYLE = "PalabreTable"
# Built-in styles: name, size in points, bold, space before and after in points.
BUILT_IN = (
    ("Title", 30, True, 0, 10), ("Subtitle", 15, False, 0, 24), ("Heading 1", 20, True, 0, 12),
    ("Heading 2", 15, True, 18, 6), ("Heading 3", 12.5, True, 14, 4), ("Heading 4", 11.5, True, 12, 4),
    ("Heading 5", 11, True, 10, 3), ("Heading 6", 11, False, 10, 3), ("Caption", 10, True, 10, 4),
    ("Quote", 11, False, 6, 6), ("List Paragraph", 11, False, 0, 4), ("Header", 9, False, 0, 0),
    ("Footer", 9, False, 0, 0), ("TOC Heading", 20, True, 0, 12),
)  # fmt: skip
# Styles of our own, under the names that Word knows where it has one.
OWN = (
    ("toc 1", "TOC1", 11, 8, 2), ("toc 2", "TOC2", 10.5, 0, 2), ("footnote text", "FootnoteText", 9, 0, 2),
    ("Source", "Source", 9, 2, 12), ("Table Text", "TableText", 9.5, 1, 1), ("Code", "Code", 9, 4, 8),
    ("Figure", "Figure", 11, 10, 2), ("Cover Text", "CoverText", 11, 0, 2), ("Draft Mark", "DraftMark", 11, 0, 12),
)  # fmt: skip


def new(title: str, language: str, *, landscape: bool = False) -> Any:
    """An empty document on A4, in a language, with Palabre's styles."""
    document = Document()
    _paper(document.sections[0], landscape)
    _styles(document)
    _language(document, LOCALES.get(language, language))
    told = document.core_properties
    told.title, told.language, told.author = clean(title)[:250], LOCALES.get(language, language), "Palabre"
    told.comments, told.subject, told.keywords = "", "", ""
    told.created = told.modified = _now()
    return document


def _now() -> datetime:
    return timezone.now().replace(tzinfo=None, microsecond=0)


def _paper(section: Any, landscape: bool) -> None:
    wide, high = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (high, wide) if landscape else (wide, high)
    side = Mm(15) if landscape else MARGIN
    section.left_margin = section.right_margin = side
    section.top_margin = section.bottom_margin = Mm(20) if landscape else MARGIN
    section.header_distance = section.footer_distance = Mm(12)


# -- styles -----------------------------------------------------------------------------------------------


def _styles(document: Any) -> None:
    _clear_out(document)
    for name, size, bold, before, after in BUILT_IN:
        _set(document.styles[name], size, bold, before, after)
    for name, style_id, size, before, after in OWN:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), style_id)
        style.base_style = document.styles["Normal"]
        _set(style, size, None, before, after)
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    document.styles["Figure"].paragraph_format.keep_with_next = True
    document.styles["Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Caption"].paragraph_format.keep_with_next = True
    for name in ("Source", "Header", "Footer", "Cover Text"):
        document.styles[name].font.color.rgb = MUTED
    for name in ("Title", "Subtitle", "Caption", "Draft Mark", *(f"Heading {level}" for level in range(1, 7))):
        document.styles[name].font.color.rgb = DEEP
    for name in ("Draft Mark", "toc 1"):
        document.styles[name].font.bold = True
    document.styles["Code"].font.name = "Consolas"
    _contents_tabs(document)
    _character_styles(document)
    document.styles.element.append(parse_xml(_TABLE_XML))


def _clear_out(document: Any) -> None:
    """The hundred looks of tables that python-docx's template brings along are nothing to choose from."""
    root = document.styles.element
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in ("TableNormal", "TableGrid"):
            root.remove(style)


def _set(style: Any, size: float, bold: bool | None, before: float, after: float) -> None:
    style.font.size, style.font.italic = Pt(size), None
    style.font.bold = bold
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for name in ("w:pBdr", "w:tabs"):  # what python-docx's template brings along
        for old in style.element.findall(f".//{qn(name)}"):
            old.getparent().remove(old)


def _contents_tabs(document: Any) -> None:
    """Entries of the table of contents end in a page number, flush right after dots."""
    for style_id, indent in (("toc 1", 0), ("toc 2", 280)):
        properties = document.styles[style_id].element.get_or_add_pPr()
        properties.insert_element_before(
            w("tabs", w("tab", val="right", leader="dot", pos=9060)),
            "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
        )  # fmt: skip
        if indent:
            document.styles[style_id].paragraph_format.left_indent = indent * 635


def _character_styles(document: Any) -> None:
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, DEEP
    code = document.styles.add_style("Code Char", WD_STYLE_TYPE.CHARACTER)
    code.element.set(qn("w:styleId"), "CodeChar")
    code.font.name = "Consolas"
    mark = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.element.set(qn("w:styleId"), "FootnoteReference")
    mark.font.superscript = True


_TABLE_XML = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">
<w:name w:val="Palabre Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:color="074437"/>
<w:bottom w:val="single" w:sz="8" w:color="074437"/>
<w:insideH w:val="single" w:sz="4" w:color="D8DFDB"/></w:tblBorders>
<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="6" w:color="074437"/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="E5F0EC"/>
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>"""


def _language(document: Any, locale: str) -> None:
    for told in document.styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), locale)
    settings = document.settings.element
    for told in settings.findall(qn("w:themeFontLang")):
        told.set(qn("w:val"), locale)


# -- head and foot ----------------------------------------------------------------------------------------


def head_and_foot(document: Any, title: str, mark: str, *, cover: bool) -> None:
    """The title and a mark above, “Page 3 of 12” below; none of it on a cover."""
    section = document.sections[0]
    section.different_first_page_header_footer = cover
    width = section.page_width - section.left_margin - section.right_margin
    tab = w(
        "tabs",
        w("tab", val="clear", pos=4320),
        w("tab", val="clear", pos=8640),
        w("tab", val="right", pos=int(width / 635)),
    )
    line = w("pBdr", w("bottom", val="single", sz=4, space=4, color="D8DFDB"))
    content = [run(title), w("r", w("tab")), run(mark, bold=True)]
    _replace(section.header, paragraph("Header", *content, properties=[line, tab]))
    _replace(section.footer, paragraph("Footer", *_page_of(), properties=[w("jc", val="right")]))


def _replace(part: Any, element: Element) -> None:
    part.is_linked_to_previous = False
    root = part._element
    for old in list(root):
        root.remove(old)
    root.append(element)


def _page_of() -> list[Element]:
    """The sentence with two fields where its numbers stand, in whatever order the language wants them."""
    told = _("Page %(page)s of %(pages)s") % {"page": "\x01", "pages": "\x02"}
    made: list[Element] = []
    for piece in told.replace("\x01", "\0\x01\0").replace("\x02", "\0\x02\0").split("\0"):
        made += {"\x01": field("PAGE", "1"), "\x02": field("NUMPAGES", "1")}.get(piece, [run(piece)])
    return made
