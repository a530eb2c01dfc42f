"""Files of a data plan: its actions as a spreadsheet, the whole as Word or PDF."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from workflow.documents import pdf_out
from workflow.engine.errors import Unmet
from workflow.groups import access, sheets
from workflow.writing import printing as papers_printing
from workflow.writing import services as writing
from workflow.writing.figures import TYPES
from workflow.writing.hooks import language_of_twg
from workflow.writing.pace import at_a_pace

from . import exporting, printing, selectors
from .forms import ActionFilter
from .views import find


@login_required
@require_GET
@at_a_pace("export")
def actions_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The actions as the plan's page filters them."""
    plan = find(request, pk)
    found = ActionFilter(request.GET or None).found(selectors.actions(request.user).filter(plan=plan), plan)
    rows = exporting.rows(
        selectors.with_everything(found.order_by(*selectors.SOONEST), request.user),
        access.may_read_addresses(request.user, plan.twg),
    )
    return sheets.download(ending, exporting.LAYOUT, rows, name=f"palabre-data-plan-{plan.twg.code}")


@login_required
@require_GET
@at_a_pace("export")
def plan_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Strategy, actions, schedule and money as a document, in the language of the strategy."""
    plan = find(request, pk)
    if ending == "pdf" and (reason := pdf_out.available()):
        raise Unmet(reason)
    text = writing.text_of(plan)
    with translation.override(text.language if text else language_of_twg(plan)):
        content = papers_printing.WRITERS[ending](printing.book_of(plan, text, request.user))
        name = slugify(plan.title)[:80] or "data-plan"
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
