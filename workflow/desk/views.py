"""Home, overview and search."""

from __future__ import annotations

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflow.engine import context as pages
from workflow.engine import inbox
from workflow.engine.export import safe_cell
from workflow.groups import access
from workflow.profiles.selectors import read_once

from . import selectors
from .forms import OverviewFilter


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, by due date; what is coming; where each profile stands."""
    person = request.user
    seated = access.holds_any_seat(person)
    with read_once():
        items = inbox.of(person) if seated else inbox.Inbox()
        context = {
            "seated": seated,
            "waiting": items.waiting,
            "coming": items.coming,
            "rows": selectors.standing_editions(person),
            "may_open": seated and access.keeper(None, person),
            "today": timezone.localdate(),
        }
    return render(request, "workflow/desk/home.html", context)


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Countries by stage, days in stage, the late ones marked (S40)."""
    form = OverviewFilter(request.GET or None, person=request.user)
    everything = selectors.standing_editions(request.user)
    rows = [row for row in everything if not form.is_bound or form.keeps(row)]
    context = {
        "form": form,
        "rows": rows,
        "total": len(everything),
        "counts": selectors.by_stage(rows),
        "bars": selectors.days_by_stage(rows),
        "late": sum(bool(row.late) for row in rows),
        "across": pages.across(request),
    }
    return render(request, "workflow/desk/overview.html", context)


COLUMNS = ("country", "twg", "profile", "edition", "stage", "stage_since", "days_in_stage", "days_late", "returns")


@login_required
@require_safe
def overview_export(request: HttpRequest) -> HttpResponse:
    """The overview's table for a spreadsheet."""
    form = OverviewFilter(request.GET or None, person=request.user)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="palabre-overview.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in selectors.standing_editions(request.user):
        if form.is_bound and not form.keeps(row):
            continue
        now = row.standing.current
        cells = (
            row.edition.twg.place,
            row.edition.twg.name,
            row.edition.profile.title,
            row.edition.label,
            row.edition.stage,
            now.since.date().isoformat() if now and now.since else "",
            "" if row.days is None else row.days,
            row.late,
            row.standing.returns,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search over TWGs, profiles, editions, institutions, people and projects."""
    question = request.GET.get("q", "").strip()
    if len(question) > selectors.MOST_WORDS:
        # Sent on, not only cut here: the page's frame repeats the address in several places.
        return redirect(reverse("search", query={"q": question[: selectors.MOST_WORDS]}))
    context = {"question": question, "groups": selectors.search(question, request.user)}
    return render(request, "workflow/desk/search.html", context)
