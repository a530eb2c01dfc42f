"""Pages of hand-overs: all of them, one, its signed record, and the answer behind a link (S21)."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from workflow.documents import pdf_out
from workflow.engine import readers, together
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.export import attached
from workflow.engine.selectors import actions
from workflow.engine.together import Wanted
from workflow.groups import panels, sheets
from workflow.groups.bearers import private, serve
from workflow.groups.form_tools import FORM, save_form, status_of
from workflow.profiles.models import Edition

from . import exporting, links, paper, rules, selectors, services, signing, staff
from .flow import KEEPERS, KNOWING, HandoverFlow, settled
from .forms import AnswerForm
from .models import Handover, HandoverRecord, HandoverState

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 8


@login_required
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Across countries: who takes each profile over, how far the checklist is, what is lacking (S21, S46)."""
    found = selectors.listed(selectors.handovers(request.user))
    context = {"page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "workflow/handover/handovers.html", context)


@login_required
@require_GET
def checklists_export(request: HttpRequest, form: str) -> HttpResponse:
    """Every checklist that the person reads, as a spreadsheet."""
    rows = exporting.item_rows(selectors.items(request.user))
    return sheets.download(form, exporting.ITEMS, rows, name="palabre-checklists")


@login_required
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over: who is asked, what comes next, the checklist, what is lacking, the record."""
    subject: Handover = get_object_or_404(selectors.handovers(request.user), pk=pk)
    wanted: dict[str, Wanted[Any]] = {
        "lines": selectors.checklist(subject),
        "needs": selectors.needs_of(subject),
        "records": selectors.records_of(subject),
        "known": selectors.known_of(subject),
        "trained": staff.wanted(subject.edition.update_institution_id),
        "events": readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE),
    }
    read = together.answers(wanted | panels.wanted(subject, request.user, "handover"))
    signed = subject.state == HandoverState.SIGNED
    context = {
        "subject": subject,
        "edition": subject.edition,
        "twg": subject.twg,
        "late": selectors.days_late(subject),
        "actions": actions(subject, request.user),
        "may_list": KEEPERS(subject, request.user) and not settled(subject),
        "may_say": KNOWING(subject, request.user),
        "signed": signed,
        "no_pdf": pdf_out.available(),
        "panels": panels.shown(read, "handover"),
        "crumbs": [
            (subject.twg.name, reverse("twg", args=[subject.twg.code])),
            (str(subject.edition), reverse("edition", args=[subject.edition_id])),
        ],
        **{name: read[name] for name in wanted},
    }
    return render(request, "workflow/handover/handover.html", context)


@login_required
@require_POST
def handover_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the hand-over of an edition that had come so far before there were any."""
    edition = get_object_or_404(Edition.objects.all().internal_to(request.user), pk=pk)
    begun = services.begin(edition, actor=request.user)
    return redirect("handover", pk=begun.pk)


# -- the signed record --------------------------------------------------------------------------------------


def _signed(request: HttpRequest, pk: int) -> HandoverRecord:
    """The newest record of a hand-over that the person reads; 404 while there is none."""
    subject = get_object_or_404(selectors.handovers(request.user), pk=pk)
    record = HandoverRecord.objects.filter(handover=subject).last()
    if record is None:
        raise Http404
    return record


@login_required
@require_GET
def record_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed record, to be verified with `manage.py verify_record`."""
    text = json.dumps(signing.document_of(_signed(request, pk)), ensure_ascii=False, indent=1)
    return attached(text.encode(), "application/json", f"handover-{pk}.json")


@login_required
@require_GET
def record_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The record on paper, in the TWG's first language, with the signature of the JSON beneath."""
    record = _signed(request, pk)
    if reason := pdf_out.available():
        raise Unmet(reason)
    twg = record.handover.twg
    language = next((code for code in twg.languages if code in ("en", "fr", "pt")), "en")
    with translation.override(language), timezone.override(twg.time_zone):
        return attached(pdf_out.write(paper.book_of(record, language)), "application/pdf", f"handover-{pk}.pdf")


# -- by the link in a mail ----------------------------------------------------------------------------------


@never_cache
@FORM
def handover_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and the answer of one institution's person, signed in or not. Only the button answers."""
    opened = links.read(token)
    if opened is None:
        return private(render(request, "workflow/handover/link_over.html", status=410))
    person, subject = serve(opened.person), opened.handover
    form = AnswerForm(request.POST or None)
    context = {
        "subject": subject, "edition": subject.edition, "twg": subject.twg, "form": form, "over": opened.over,
        "asked": list(rules.CHECKLIST.items()), "bearer": person,
    }  # fmt: skip
    if opened.over:
        status = 409 if request.method == "POST" else 200
        return private(render(request, "workflow/handover/link.html", context, status=status))

    def save() -> None:
        transition, answers = form.transition
        engine.perform(HandoverFlow(subject), transition, actor=person, data=answers)

    said = _("Thank you: the answer of your institution is recorded.")
    saved = save_form(request, form, save, back=request.path, said=said)
    return private(saved or render(request, "workflow/handover/link.html", context, status=status_of(form)))
