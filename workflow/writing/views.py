"""Pages on which texts and their sections are read."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workflow.documents import pdf_out
from workflow.documents.markdown import render as as_html
from workflow.engine import together
from workflow.engine.together import Wanted
from workflow.groups import panels, words
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import papers, selectors, services
from .figures import finder
from .forms import RestoreForm
from .models import Revision, Text, TextSection
from .progress import progress

REVISIONS_SHOWN = 6
REVISIONS_ON_A_PAGE = 50


@login_required
@require_POST
def text_open(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Open a subject's text with its sections; whoever writes it presses this once."""
    if kind not in papers.kinds_of_paper():
        raise Http404
    subject = get_object_or_404(papers.of(kind).readers(request.user), pk=pk)
    opened = services.open_text(subject, actor=request.user)
    return redirect("text", opened.pk)


@login_required
@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """A text: its parts and sections, how far each is, who is at work, its drafts."""
    found: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    wanted: dict[str, Wanted[Any]] = {"parts": progress(found, request.user), "drafts": selectors.drafts_of(found)}
    read = together.answers(wanted | panels.wanted(found, request.user, "text"))
    parts = read["parts"]
    context = {
        "text": found,
        "about": found.about,
        "parts": parts,
        "words": sum(part.words for part in parts),
        "missing_sources": sum(part.missing_sources for part in parts),
        "drafts": read["drafts"],
        "may_write": services.may_write(found, request.user),
        "may_take": found.paper.takers(found.about, request.user),
        "closed": found.paper.closed(found.about),
        "no_pdf": pdf_out.available(),
        "crumbs": selectors.crumbs_of(found, request.user),
        "panels": panels.shown(read, "text"),
    }
    return render(request, "workflow/writing/text.html", context)


# -- a section --------------------------------------------------------------------------------------------


@login_required
@require_GET
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """A section as it stands: its text, its last revisions, and what other rooms hang on it."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    wanted: dict[str, Wanted[Any]] = {
        "revisions": selectors.last_revisions(found, request.user, REVISIONS_SHOWN),
        "at work": selectors.at_work(request.user, pk=found.pk),
        "scratch": selectors.scratch(found, request.user),
    }
    read = together.answers(wanted | panels.wanted(found, request.user, "section"))
    context = {
        "section": found,
        "text": found.text,
        "html": as_html(found.body, figure=finder(found.text), prefix=f"s{found.pk}"),
        "guidance": guidance_of(found),
        "scratch": read["scratch"],
        "revisions": read["revisions"],
        "may_write": services.may_write(found.text, request.user),
        "closed": closed_for(found),
        "at_work": read["at work"].get(found.pk, []),
        "crumbs": selectors.crumbs_to_text(found.text, request.user),
        "panels": panels.shown(read, "section"),
    }
    return render(request, "workflow/writing/section.html", context)


def guidance_of(found: TextSection) -> Any:
    """What the template asks of the section, in the language of the text."""
    told = words.in_language(found.guidance, found.text.language)
    return as_html(told, prefix=f"g{found.pk}") if told else ""


def closed_for(found: TextSection) -> Any:
    """Why the section can't be written now, or ""."""
    if found.withdrawn_at:
        return _("This section is no longer part of the text.")
    return found.text.paper.closed(found.text.about)


@login_required
@require_GET
def section_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """All revisions of a section, page by page, to open or to compare any two."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    page = Paginator(selectors.revisions(found), REVISIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    selectors.hide_names(page.object_list, request.user)
    context = {
        "section": found,
        "page_obj": page,
        "before": max(found.number - 1, 0),
        "crumbs": selectors.crumbs_to_section(found, request.user),
    }
    return render(request, "workflow/writing/revisions.html", context)


def _revision(request: HttpRequest, pk: int, number: int) -> Revision:
    seen: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    found: Revision = get_object_or_404(Revision, section=seen, number=number)
    found.section = seen
    return found


@login_required
@require_GET
def section_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One revision of a section as it was."""
    found = _revision(request, pk, number)
    selectors.hide_names([found], request.user)
    own = found.section
    context = {
        "section": own,
        "revision": found,
        "html": as_html(found.body, figure=finder(own.text), prefix=f"s{own.pk}"),
        "newest": found.number == own.number,
        "may_restore": services.may_write(own.text, request.user) and not closed_for(own),
        "crumbs": selectors.crumbs_to_section(own, request.user),
    }
    return render(request, "workflow/writing/revision.html", context)


@login_required
@FORM
def section_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take an earlier revision back, as the newest one."""
    found = _revision(request, pk, number)
    own = found.section
    require(own.text.paper.writers, own.text.about, request.user)
    services.check_open(own.text)
    form = RestoreForm(request.POST or None, initial={"base": own.number})
    back = reverse("section", args=[pk])

    def save() -> None:
        told = form.cleaned_data
        services.restore(found, actor=request.user, base=told["base"], note=told["note"])

    said = _("Revision %(number)d stands again.") % {"number": number}
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Take revision %(number)d back") % {"number": number}, button=_("Take it back"),
        back=reverse("section-revision", args=[pk, number]), lead=str(own),
    )  # fmt: skip
