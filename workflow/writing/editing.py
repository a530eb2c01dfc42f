"""The editor: what is typed is kept as it is typed, looked at before it is saved, merged when it is stale."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from workflow.documents import diff
from workflow.documents.markdown import render as as_html
from workflow.engine import refusals, together
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.together import Wanted
from workflow.groups import panels
from workflow.groups.form_tools import FORM, attempt, status_of, typed
from workflow.groups.services import require

from . import at_work, merging, selectors, services
from .errors import Diverged
from .figures import finder
from .forms import SectionForm
from .models import Revision, Scratch, TextSection
from .pace import at_a_pace
from .views import closed_for, guidance_of


def _for_writers(request: HttpRequest, pk: int) -> TextSection:
    """The section, for those who write it (403 for other readers, 404 for all else)."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    require(found.text.paper.writers, found.text.about, request.user)
    return found


def _to_write(request: HttpRequest, pk: int) -> TextSection:
    """The same, while it can be written. Raises Unmet with the reason otherwise."""
    found = _for_writers(request, pk)
    if reason := closed_for(found):
        raise Unmet(reason)
    return found


@login_required
@FORM
def section_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a section. What is typed is kept beside it until it is saved; a stale text is merged, never lost."""
    if request.method == "POST":
        return _sent(request, pk)
    found = _to_write(request, pk)
    scratch = Scratch.objects.filter(section=found, person_id=request.user.pk or 0).first()
    if scratch and scratch.base != found.number:
        return _merge(request, Diverged(found, mine=scratch.body, base=scratch.base), scratch.note, status=200)
    begun = scratch or Scratch(body=found.body, base=found.number)
    form = SectionForm(
        initial={"body": begun.body, "base": begun.base, "note": begun.note}, language=found.text.language
    )
    return _editor(request, found, form, scratch=scratch)


def _sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Save, or look first: what can't be saved is kept as it was typed."""
    found = _for_writers(request, pk)
    form = SectionForm(request.POST, language=found.text.language)
    if not form.is_valid():
        return _editor(request, found, form)
    told = form.cleaned_data
    if "preview" in request.POST:
        return _preview(request, found, form)
    if places := diff.unsettled(told["body"]):
        return _unsettled(request, found, form, places)
    way = Revision.Way.MERGED if _merging(request) else Revision.Way.TYPED
    try:
        if attempt(form, lambda: (services.save(found, **told, actor=request.user, way=way), True)) is None:
            return _editor(request, found, form)
    except Diverged as error:
        at_work.keep_scratch(found, request.user, told["body"], base=told["base"], note=told["note"])
        return _merge(request, error, told["note"])
    except Unmet as error:  # the text was closed while it was typed: give back what can't be kept
        return refusals.page(request, Conflict(found, [], error.reason), kept=typed(form))
    at_work.leave(found, request.user)
    messages.success(request, _("Saved."))
    return redirect(selectors.where_read(found))


def _preview(request: HttpRequest, found: TextSection, form: SectionForm) -> HttpResponse:
    """The text as it will be read, above the editor that goes on."""
    told = form.cleaned_data
    attempt(form, lambda: at_work.keep_scratch(found, request.user, **told))
    html = as_html(told["body"], figure=finder(found.text), prefix=f"s{found.pk}")
    return _editor(request, found, form, preview=html)


def _merging(request: HttpRequest) -> bool:
    """Whether what is sent is the text of a merge."""
    return request.POST.get("merged") == "yes"


def _unsettled(request: HttpRequest, found: TextSection, form: SectionForm, places: int) -> HttpResponse:
    """Nobody means to keep two wordings side by side: the merge is not done."""
    said = ngettext(
        "%(count)d place still shows both wordings: keep what is right, and take the lines with === out.",
        "%(count)d places still show both wordings: keep what is right, and take the lines with === out.",
        places,
    )
    form.add_error("body", said % {"count": places})
    return _editor(request, found, form)


def _editor(
    request: HttpRequest, found: TextSection, form: SectionForm, *, status: int | None = None, **more: Any
) -> HttpResponse:
    wanted: dict[str, Wanted[Any]] = {
        "at work": selectors.at_work(request.user, pk=found.pk),
        "figures": selectors.figures(found.text),
    }
    read = together.answers(wanted | panels.wanted(found, request.user, "section-edit"))
    context = {
        "section": found,
        "text": found.text,
        "form": form,
        "guidance": guidance_of(found),
        "figures": read["figures"],
        "at_work": read["at work"].get(found.pk, []),
        "crumbs": selectors.crumbs_to_section(found, request.user),
        "panels": panels.shown(read, "section-edit"),
        "merging": _merging(request),
        **more,
    }
    return render(request, "workflow/writing/section_edit.html", context, status=status or status_of(form))


def _merge(request: HttpRequest, error: Diverged, note: str, *, status: int = 409) -> HttpResponse:
    """Both texts, and one that holds both: the later of two people settles what differs."""
    found: TextSection = error.section
    proposal = merging.propose(error, request.user)
    form = SectionForm(
        initial={"body": proposal.text, "base": found.number, "note": note}, language=found.text.language
    )
    return _editor(request, found, form, status=status, proposal=proposal, merging=True)


@login_required
@require_POST
def section_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """The person gives up what they had typed; the section stays as it is."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    at_work.drop_scratch(found, request.user)
    at_work.leave(found, request.user)
    messages.success(request, _("What you had typed is given up."))
    return redirect(selectors.where_read(found))


# -- what the open editor says and asks -------------------------------------------------------------------


@login_required
@require_POST
@at_a_pace("scratch")
def section_scratch(request: HttpRequest, pk: int) -> JsonResponse:
    """What is typed, kept as one types (`body`, `base`), or only that the editor is open, or that it is being left."""
    found = _to_write(request, pk)
    if "body" in request.POST:
        form = SectionForm(request.POST)
        kept = form.is_valid() and attempt(
            form, lambda: (at_work.keep_scratch(found, request.user, **form.cleaned_data), True)
        )
        if not kept:
            return JsonResponse({"errors": form.errors}, status=status_of(form))
    (at_work.leave if request.POST.get("leaving") else at_work.come)(found, request.user)
    return JsonResponse({"number": found.number})


@login_required
@require_GET
def section_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else is at work on a section, and whether somebody has saved it since `base`: the editor's live lines."""
    found: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    base = request.GET.get("base", "")
    context = {
        "section": found,
        "base": base if base.isdecimal() else found.number,
        "newer": base.isdecimal() and found.number > int(base[:9]),
        "at_work": together.answer(selectors.at_work(request.user, pk=found.pk)).get(found.pk, []),
    }
    return render(request, "workflow/writing/now.html", context)
