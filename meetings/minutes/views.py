"""Pages of minutes: prepared, written, read, taken along, corrected by addenda once they are approved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from meetings.scheduling.crumbs import to_meeting
from workflow.documents import pdf_out
from workflow.documents.markdown import render as as_html
from workflow.engine import history, readers
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.groups import access
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require
from workflow.writing import printing as papers_printing
from workflow.writing import services as writing
from workflow.writing.figures import TYPES, finder
from workflow.writing.pace import at_a_pace

from . import annex, printing, selectors, services
from .forms import AddendumForm
from .models import Addendum, Minutes, MinutesState
from .papers import RUNNERS, closed

EVENTS_ON_A_PAGE = 5


@login_required
@require_GET
def meeting_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a meeting, or the button that prepares them."""
    meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    found = selectors.minutes(request.user).filter(meeting=meeting).order_by("closed").first()
    if found is not None:
        return redirect("minutes", found.pk)
    reason = closed(Minutes(meeting=meeting))
    context = {
        "meeting": meeting,
        "may_prepare": RUNNERS(meeting, request.user) and not reason,
        "reason": reason,
        "crumbs": to_meeting(meeting),
    }
    return render(request, "meetings/minutes/none.html", context)


@login_required
@require_POST
def minutes_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry for each item of the agenda; minutes that are there already follow the agenda again."""
    meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    main = services.prepare(meeting, actor=request.user)
    messages.success(request, _("The minutes follow the agenda."))
    return redirect("minutes", main.pk)


@login_required
@require_GET
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said under each item, what was decided, who is to do what, who was there."""
    subject: Minutes = get_object_or_404(selectors.minutes(request.user), pk=pk)
    told = selectors.told(subject, request.user)
    runs = bool(RUNNERS(subject, request.user))
    figures = finder(told.text) if told.text else None
    may_write = runs and not closed(subject)
    events = history.events_of(subject).order_by("-sequence")[:EVENTS_ON_A_PAGE]
    context = {
        "subject": subject,
        "meeting": subject.meeting,
        "text": told.text,
        "told": told,
        "entries": [
            (entry, as_html(entry.section.body, figure=figures, prefix=f"s{entry.section.pk}", level=4))
            for entry in told.entries
        ],
        "annex": annex.annex_for(subject.meeting, request.user),
        "addenda": list(Addendum.objects.filter(minutes=subject)),
        "others": selectors.others_of(subject, request.user),
        "rounds": selectors.rounds_of(subject, request.user),
        "names": access.may_read_addresses(request.user, subject.twg),
        "actions": actions(subject, request.user),
        "may_write": may_write,
        "may_add": runs and subject.state == MinutesState.APPROVED,
        "no_pdf": pdf_out.available(),
        "events": readers.lines_for(list(events), request.user),
        "crumbs": to_meeting(subject.meeting),
    }
    return render(request, "meetings/minutes/minutes.html", context)


@login_required
@FORM
def addendum_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A correction of approved minutes, dated and signed."""
    subject: Minutes = get_object_or_404(selectors.minutes(request.user), pk=pk)
    require(RUNNERS, subject, request.user)
    form = AddendumForm(request.POST or None)
    back = reverse("minutes", args=[subject.pk])

    def save() -> None:
        services.add_addendum(subject, form.cleaned_data["words"], actor=request.user, version=stated_version(request))

    said = _("The addendum stands below the minutes.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Add an addendum"), button=_("Sign it"), back=back, lead=str(subject),
        version=subject.version, draft=f"addendum-{subject.pk}",
    )  # fmt: skip


@login_required
@require_GET
@at_a_pace("export")
def minutes_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The minutes as Word or PDF on the TWG's letterhead."""
    subject: Minutes = get_object_or_404(selectors.minutes(request.user), pk=pk)
    text = writing.text_of(subject)
    if text is None:
        raise Http404
    content = papers_printing.written(lambda: printing.book_of(subject, text, request.user), text, ending)
    with translation.override(text.language):
        name = slugify(str(subject))[:80] or "minutes"
    return _given(content, f"{name}.{ending}", TYPES[ending])


def _given(content: bytes, name: str, kind: str) -> HttpResponse:
    """A download, kept by no cache on the way."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def context_of(row: Any) -> dict[str, Any]:
    """What the page of a decision or an action item says around it."""
    meeting = row.minutes.meeting
    crumbs = [*to_meeting(meeting), (str(row.minutes), reverse("minutes", args=[row.minutes.pk]))]
    return {"subject": row, "minutes": row.minutes, "meeting": meeting, "crumbs": crumbs}
