"""Pages on which texts are read, written and compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workflow.documents import diff
from workflow.documents.markdown import render as as_html
from workflow.engine import kinds
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.panels import panels_of

from . import papers, selectors, services
from .errors import Diverged
from .figures import finder
from .forms import DraftForm, SectionForm
from .models import Revision, Scratch, Text, TextSection

REVISIONS_SHOWN = 12


@login_required
@require_POST
def text_open(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Open a subject's text with its sections; whoever writes it presses this once."""
    if kind not in papers.kinds_of_paper():
        raise Http404
    subject = get_object_or_404(papers.of(kind).readers(request.user), pk=pk)
    text = services.open_text(subject, actor=request.user)
    return redirect("text", text.pk)


@login_required
@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """A text: its parts and sections, how far each is, who is at work, its drafts."""
    found: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    parts = selectors.progress(found, request.user)
    context = {
        "text": found,
        "about": found.about,
        "parts": parts,
        "words": sum(part.words for part in parts),
        "missing_sources": sum(part.missing_sources for part in parts),
        "drafts": list(found.drafts.all()),
        "enclosures": selectors.enclosures(found),
        "may_write": services.may_write(found, request.user),
        "may_take": found.paper.takers(found.about, request.user),
        "closed": found.paper.closed(found.about),
        "crumbs": selectors.crumbs_of(found, request.user),
        "panels": panels_of(found, request.user, "text"),
    }
    return render(request, "workflow/writing/text.html", context)


@login_required
@require_GET
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """A section as it stands: its text, its revisions, and what other rooms hang on it."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    revisions = selectors.revision_lines(found, request.user)
    context = {
        "section": found,
        "text": found.text,
        "html": as_html(found.body, figure=finder(found.text), prefix=f"s{found.pk}"),
        "revisions": revisions[:REVISIONS_SHOWN],
        "revision_count": len(revisions),
        "may_write": services.may_write(found.text, request.user),
        "closed": found.text.paper.closed(found.text.about),
        "at_work": selectors.at_work(found.text, but=request.user).get(found.pk, []),
        "crumbs": [*selectors.crumbs_of(found.text, request.user), (_("Text"), reverse("text", args=[found.text_id]))],
        "panels": panels_of(found, request.user, "section"),
    }
    return render(request, "workflow/writing/section.html", context)


def _to_write(request: HttpRequest, pk: int) -> TextSection:
    """The section, for those who write it (403 for other readers, 404 for all else)."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    services.require(found.text.paper.writers, found.text.about, request.user)
    services.check_open(found.text)
    return found


@login_required
@FORM
def section_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a section. What is typed is kept beside it until it is saved; a stale text is merged, never lost."""
    found = _to_write(request, pk)
    scratch = Scratch.objects.filter(section=found, person=request.user).first()
    begun = {"body": scratch.body, "base": scratch.base} if scratch else {"body": found.body, "base": found.number}
    form = SectionForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            merged = request.POST.get("merged") == "yes"
            services.save(
                found, told["body"], actor=request.user, base=told["base"], note=told["note"],
                way=Revision.Way.MERGED if merged else Revision.Way.TYPED,
            )  # fmt: skip
        except Diverged as error:
            return _merge(request, error, told["note"])
        messages.success(request, _("Saved."))
        return redirect("section", found.pk)
    if scratch and scratch.base != found.number and not form.is_bound:
        return _merge(request, Diverged(found, mine=scratch.body, base=scratch.base), "", status=200)
    return _editor(request, found, form, status=422 if form.errors else 200, scratch=scratch)


def _editor(request: HttpRequest, found: TextSection, form: SectionForm, *, status: int, **more: Any) -> HttpResponse:
    context = {
        "section": found,
        "form": form,
        "enclosures": selectors.enclosures(found.text),
        "at_work": selectors.at_work(found.text, but=request.user).get(found.pk, []),
        "crumbs": [*selectors.crumbs_of(found.text, request.user), (_("Text"), reverse("text", args=[found.text_id])),
                   (str(found), reverse("section", args=[found.pk]))],
        "panels": panels_of(found, request.user, "section-edit"),
        **more,
    }  # fmt: skip
    return render(request, "workflow/writing/section_edit.html", context, status=status)


def _merge(request: HttpRequest, error: Diverged, note: str, *, status: int = 409) -> HttpResponse:
    """Both texts, and one that holds both: the later of two people settles what differs."""
    found: TextSection = error.section
    base = Revision.objects.filter(section=found, number=error.base).first()
    theirs = Revision.objects.filter(section=found, number=found.number).defer("body").get()
    selectors.hide_names([theirs], request.user)
    merge = diff.merge(
        base.body if base else "", error.mine, found.body, mine_label=_("Yours"), theirs_label=theirs.author_name
    )
    form = SectionForm(initial={"body": merge.text, "base": found.number, "note": note})
    more = {
        "theirs": theirs,
        "conflicts": merge.conflicts,
        "difference": diff.inline(diff.compare(base.body if base else "", found.body)),
        "mine": error.mine,
        "merged": True,
    }
    return _editor(request, found, form, status=status, **more)


@login_required
@require_POST
def section_scratch(request: HttpRequest, pk: int) -> JsonResponse:
    """What is typed, kept as one types; the answer says who else is at work and which revision stands now."""
    found = _to_write(request, pk)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    if request.POST.get("forget"):
        services.drop_scratch(found, request.user)
    else:
        services.keep_scratch(found, request.user, form.cleaned_data["body"], base=form.cleaned_data["base"])
    others = selectors.at_work(found.text, but=request.user).get(found.pk, [])
    return JsonResponse({"number": found.number, "at_work": others})


@login_required
@FORM
def draft_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a named draft: all sections as they stand."""
    found: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    services.require(found.paper.takers, found.about, request.user)
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
    """A named draft, whole: what was frozen on that day. The last one of a published edition is everybody's."""
    found = get_object_or_404(selectors.drafts(request.user), pk=pk)
    figure = finder(found.text)
    parts = [
        (part, [(line, as_html(line.body, figure=figure, prefix=f"s{line.section_id}")) for line in part.sections])
        for part in selectors.parts_of_draft(found)
    ]
    inside = selectors.texts(request.user).filter(pk=found.text_id).exists()
    context = {
        "draft": found,
        "text": found.text,
        "parts": parts,
        "inside": inside,
        "others": found.text.drafts.exclude(pk=found.pk) if inside else [],
        "crumbs": selectors.crumbs_of(found.text, request.user)
        + ([(_("Text"), reverse("text", args=[found.text_id]))] if inside else []),
        "panels": panels_of(found, request.user, "draft"),
    }
    return render(request, "workflow/writing/draft.html", context)


