"""A text or a draft as a document to print: Word and PDF, in the text's language (S13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from .figures import TYPES
from .models import Draft, DraftSection, Enclosure, Text
from .pace import at_a_pace

WRITERS: dict[str, Callable[[Book], bytes]] = {"docx": word_out.write, "pdf": pdf_out.write}
Found = Callable[[int], BookFigure | None]


def book_of_text(text: Text) -> Book:
    """The text as it stands now, marked as a draft of today."""
    lines = text.sections.standing().order_by("position")
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    return _book(text, lines, _("As it stands on %(day)s") % {"day": day}, _figures(text, None), draft=True)


def book_of_draft(draft: Draft) -> Book:
    """A named draft as it was frozen; what is published bears no draft's mark."""
    public = Draft.objects.filter(selectors.published(), pk=draft.pk).exists()
    lines = DraftSection.objects.filter(draft=draft).select_related("revision").order_by("position")
    told = _figures(draft.text, {figure["number"]: figure for figure in draft.figures})
    return _book(draft.text, lines, "" if public else str(draft), told, draft=not public)


def _book(text: Text, lines: Iterable[Any], note: str, figure: Found, *, draft: bool) -> Book:
    """The document, in the language that is spoken here: see `speaking`."""
    parts: dict[str, tuple[str, list[BookSection]]] = {}
    for line in lines:
        _title, sections = parts.setdefault(line.part, (words.in_language(line.part_titles), []))
        sections.append(BookSection(line.place, words.in_language(line.titles), line.body))
    twg = text.twg
    cover = [(_("Technical Working Group"), twg.name), (_("Country or region"), str(twg.place))] if twg else []
    return Book(
        title=str(text.about), subtitle="", cover=cover, language=text.language, note=note, figure=figure, draft=draft,
        parts=[BookPart(letter, title, sections) for letter, (title, sections) in parts.items()],
    )  # fmt: skip


def _figures(text: Text, frozen: dict[int, dict[str, Any]] | None) -> Found:
    """Pictures by number, with what is said of them now, or was said in the draft (`frozen`)."""
    found = Enclosure.objects.filter(text=text, kind=Enclosure.Kind.FIGURE)
    known = {e.number: e for e in (found.filter(withdrawn_at=None) if frozen is None else found)}

    def find(number: int) -> BookFigure | None:
        enclosure = known.get(number)
        if enclosure is None or (frozen is not None and number not in frozen):
            return None
        told = frozen[number] if frozen is not None else vars(enclosure)
        with enclosure.file.open("rb") as file:
            return BookFigure(file.read(), told["caption"], told["source"], told["year"], told["caption"])

    return find


def written(book: Callable[[], Book], text: Text, ending: str) -> bytes:
    """The file, in the text's language. Raises Unmet where this server can't make it."""
    if ending == "pdf" and (reason := pdf_out.available()):
        raise Unmet(reason)
    with translation.override(text.language):
        return WRITERS[ending](book())


def answer(book: Callable[[], Book], text: Text, ending: str, name: str) -> HttpResponse:
    """The file as a download, kept by no cache on the way."""
    response = HttpResponse(written(book, text, ending), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:80] or "text"}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
@at_a_pace("export")
def text_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The text as it stands now, for the TWG's inside."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    return answer(lambda: book_of_text(text), text, ending, str(text))


@require_GET
@at_a_pace("export")
def draft_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """A named draft; the last one of a published edition is everybody's."""
    draft: Draft = get_object_or_404(selectors.drafts(request.user), pk=pk)
    return answer(lambda: book_of_draft(draft), draft.text, ending, f"{draft.text} {draft.number}")
