"""Pages of named drafts: taken by those who run the text, read by the inside, the last published one by everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.documents import pdf_out
from workflow.documents.markdown import render as as_html
from workflow.engine import together
from workflow.engine.together import Wanted
from workflow.groups import panels
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import reading, selectors, services
from .figures import finder_in
from .forms import DraftForm
from .models import Draft, Text


@login_required
@FORM
def draft_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a named draft: all sections as they stand."""
    found: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    require(found.paper.takers, found.about, request.user)
    form = DraftForm(request.POST or None)
    back = reverse("text", args=[found.pk])

    def save() -> str:
        taken = services.take_draft(found, form.cleaned_data["name"], actor=request.user)
        return reverse("draft", args=[taken.pk])

    said = _("The draft is taken: it stays as it is, whatever is written from now on.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Take a draft"), button=_("Take the draft"), back=back, lead=str(found),
        draft=f"draft-new-{found.pk}",
    )  # fmt: skip


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A named draft, as it was frozen on that day, page by page. The last one of what is published is everybody's."""
    found: Any = get_object_or_404(selectors.drafts(request.user), pk=pk)
    inside = found.inside
    others = selectors.drafts_of(found.text) if inside else Wanted({}, lambda read: [])
    read = together.answers({"drafts": others} | panels.wanted(found, request.user, "draft"))
    lines = reading.lines_of(found)
    page = reading.page_of(lines, request.GET.get("page"))
    context = {
        "draft": found,
        "text": found.text,
        "contents": reading.contents(lines),
        "page": page,
        "parts": _shown(found, page),
        "inside": inside,
        "no_pdf": pdf_out.available(),
        "others": [other for other in read["drafts"] if other != found],
        "crumbs": (selectors.crumbs_to_text if inside else selectors.crumbs_of)(found.text, request.user),
        "panels": panels.shown(read, "draft"),
    }
    return render(request, "workflow/writing/draft.html", context)


def _shown(found: Draft, page: reading.Page) -> list[tuple[str, str, list[tuple[object, object]]]]:
    """The page's sections with their texts as HTML, by part."""
    figure, bodies = finder_in(found), reading.bodies(page.lines)
    parts: dict[str, tuple[str, str, list[tuple[object, object]]]] = {}
    for line in page.lines:
        body = bodies.get(line.revision_id or 0, "")
        html = as_html(body, figure=figure, prefix=f"s{line.section_id}", level=4)
        parts.setdefault(line.part, (line.part, line.part_title, []))[2].append((line, html))
    return list(parts.values())
