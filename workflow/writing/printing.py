"""A text or a draft as a document to print: Word and PDF, in the text's language (S13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.documents import pdf_out, word_out
from workflow.documents.book import Book, BookFigure, BookPart, BookSection
from workflow.engine.errors import Unmet
from workflow.groups import words

from . import selectors
from .models import Draft, Enclosure, Text, TextSection

WRITERS = {"docx": word_out.write, "pdf": pdf_out.write}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def book_of(text: Text, lines: Iterable[Any], note: str, *, draft: bool) -> Book:
    """The document. `lines` are sections or frozen sections: place, part, part_titles, titles, body."""
    parts: dict[str, BookPart] = {}
    language = text.language
    for line in lines:
        part = parts.setdefault(line.part, BookPart(line.part, words.in_language(line.part_titles, language), []))
        part.sections.append(BookSection(line.place, words.in_language(line.titles, language), line.body))
    with translation.override(language):
        twg = text.twg
        cover = [(_("Technical Working Group"), twg.name), (_("Country or region"), str(twg.place))] if twg else []
        return Book(
            title=str(text.about), subtitle=twg.name if twg else "", cover=cover, language=language,
            parts=list(parts.values()), figure=_figures(text), note=note, draft=draft,
        )  # fmt: skip


def _figures(text: Text) -> Any:
    known = {e.number: e for e in Enclosure.objects.filter(text=text, kind=Enclosure.Kind.FIGURE)}

    def find(number: int) -> BookFigure | None:
        found = known.get(number)
        if found is None:
            return None
        with found.file.open("rb") as file:
            return BookFigure(file.read(), found.caption, found.source, found.year, found.caption)

    return find


def _answer(book: Book, ending: str, name: str) -> HttpResponse:
    if ending == "pdf" and (reason := pdf_out.available()):
        raise Unmet(reason)
    response = HttpResponse(WRITERS[ending](book), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:80] or "text"}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def text_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The text as it stands now, marked as a draft."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    with translation.override(text.language):
        note = _("As it stands on %(day)s") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
    lines = TextSection.objects.filter(text=text).order_by("position")
    return _answer(book_of(text, lines, note, draft=True), ending, str(text))


@require_GET
def draft_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """A named draft, as it was frozen; the last one of a published edition bears no draft's mark."""
    draft: Draft = get_object_or_404(selectors.drafts(request.user), pk=pk)
    text = draft.text
    public = Draft.objects.filter(selectors._published(), pk=draft.pk).exists()
    lines = [line for part in selectors.parts_of_draft(draft) for line in part.sections]
    with translation.override(text.language):
        note = "" if public else str(draft)
    return _answer(book_of(text, lines, note, draft=not public), ending, f"{text} {draft.number}")
