"""A book as a tagged PDF: cover, contents with page numbers, head and foot on every page (S13).

WeasyPrint draws it with Pango, which is a library of the machine: `available` tells when it is missing.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from . import images, markdown
from .book import Book, BookDrawing, BookFigure, BookPart, BookSection
from .word_frame import LOCALES
from .word_xml import clean

STYLE = Path(__file__).with_name("print.css")
PICTURES = "https://figures.invalid/"  # no machine bears this name: only `_fetcher` answers to it
TYPES = {"png": "image/png", "jpeg": "image/jpeg"}
DRAWN = '<figure><img src="{}" alt="{}"></figure>'
# By the name under which the page asks for them: a figure's number, or a section's anchor and a drawing's number.
Pictures = dict[str, BookFigure | BookDrawing | None]


def available() -> str:
    """Why no PDF can be made on this machine, or nothing when it can."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        logging.getLogger(__name__).warning("PDF files can't be made: %s", error)
        return _("PDF files can't be made on this server: Pango, its library for setting text, is missing.")
    return ""


def write(book: Book) -> bytes:
    """The document, tagged for screen readers (PDF/UA), with its title, its language and its bookmarks."""
    from weasyprint import CSS, HTML

    pictures: Pictures = {}
    with translation.override(book.language):
        page = HTML(string=_html(book, pictures), base_url=PICTURES, url_fetcher=_fetcher(pictures))
        styles = [CSS(filename=str(STYLE)), CSS(string=_page_of())]
        return bytes(page.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1", custom_metadata=False))


def _fetcher(pictures: Pictures) -> Any:
    """Answers with the book's own pictures; nothing is read from the network or from the disk."""
    from weasyprint.urls import URLFetcherResponse

    def fetch(url: str, *_more: Any, **_options: Any) -> Any:
        found = re.fullmatch(re.escape(PICTURES) + r"(\d{1,6}|s\d{1,6}-\d{1,6})", url)
        picture = pictures.get(found[1]) if found else None
        if picture is None:
            raise ValueError(f"not in this book: {url}")
        if isinstance(picture, BookDrawing):
            return URLFetcherResponse(url, picture.svg.encode(), {"Content-Type": "image/svg+xml"})
        kind = "png" if picture.data.startswith(images.PNG) else "jpeg"
        return URLFetcherResponse(url, picture.data, {"Content-Type": TYPES[kind]})

    return fetch


# -- the page's HTML --------------------------------------------------------------------------------------


def _html(book: Book, pictures: Pictures) -> str:
    body = [_cover(book), _contents(book)]
    numbers = iter(range(1, 1_000_000))
    for at, part in enumerate(book.parts, start=1):
        sections = [_section(section, f"s{next(numbers)}", book, pictures) for section in part.sections]
        body.append(
            format_html('<section><h1 id="p{}">{}</h1>{}</section>', at, part.heading, mark_safe("".join(sections)))  # noqa: S308
        )
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="author" content="{}"></head><body>{}</body></html>',
        LOCALES.get(book.language, book.language), clean(book.title), clean(book.subtitle),
        mark_safe("".join(body)),  # noqa: S308
    )  # fmt: skip


def _cover(book: Book) -> SafeString:
    mark = " · ".join(told for told in (_("Draft") if book.draft else "", book.note) if told)
    facts = [_("%(label)s: %(text)s") % {"label": label, "text": text} for label, text in book.cover]
    lines = [
        ("draft", _("Draft") if book.draft else ""), ("title", book.title), ("subtitle", book.subtitle),
        *(("fact", fact) for fact in facts), ("note", book.note),
    ]  # fmt: skip
    told = [(name, clean(text)) for name, text in lines if text]
    shown = format_html_join("", '<p class="{}">{}</p>', told)
    return format_html('<section class="cover" data-mark="{}">{}</section>', clean(mark), shown)


def _contents(book: Book) -> SafeString:
    """Parts and sections; the style adds the pages."""
    numbers = iter(range(1, 1_000_000))
    lines = [_entry(f"p{at}", part, [next(numbers) for _s in part.sections]) for at, part in enumerate(book.parts, 1)]
    if not lines:
        return SafeString("")
    return format_html(
        '<nav class="contents"><h1>{}</h1><ol>{}</ol></nav>', _("Table of contents"), mark_safe("".join(lines))  # noqa: S308
    )  # fmt: skip


def _entry(anchor: str, part: BookPart, numbers: list[int]) -> SafeString:
    told = [(number, _title(section)) for number, section in zip(numbers, part.sections, strict=True)]
    below = format_html_join("", '<li><a href="#s{}">{}</a></li>', told)
    return format_html('<li><a href="#{}">{}</a><ol>{}</ol></li>', anchor, part.heading, below)


def _title(section: BookSection) -> str:
    return f"{section.place} {section.title}".strip()


def _section(section: BookSection, anchor: str, book: Book, pictures: Pictures) -> SafeString:
    def find(number: int) -> markdown.Figure | None:
        if str(number) not in pictures:
            known = book.figure(number)
            pictures[str(number)] = known if known and images.is_sane(known.data) else None
        found = pictures[str(number)]
        if not isinstance(found, BookFigure):
            return None
        return markdown.Figure(str(number), found.caption, found.source, found.year, found.alt)

    text = markdown.render(clean(section.body), figure=find, prefix=anchor, level=3)
    named = [(f"{anchor}-{at}", drawing) for at, drawing in enumerate(section.drawings, start=1)]
    pictures.update(named)
    drawn = format_html_join("", DRAWN, ((name, clean(drawing.alt)) for name, drawing in named))
    return format_html('<section><h2 id="{}">{}</h2>{}{}</section>', anchor, _title(section), drawn, text)


def _page_of() -> str:
    """“Page 3 of 12” in the language's order, as a style."""
    told = _("Page %(page)s of %(pages)s") % {"page": "\x01", "pages": "\x02"}
    pieces = [piece for piece in re.split("(\x01|\x02)", told) if piece]
    counters = {"\x01": "counter(page)", "\x02": "counter(pages)"}
    content = " ".join(counters.get(piece) or _css_string(piece) for piece in pieces)
    return f"@page {{ @bottom-right {{ content: {content} }} }}"


def _css_string(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
