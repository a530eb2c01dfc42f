"""Pages on which meetings are read: of all TWGs, a TWG's list, one meeting, its agenda on paper."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import history, readers
from workflow.engine.selectors import actions
from workflow.groups import access, panels
from workflow.groups.models import Twg

from . import cadence, polling, selectors
from .cadence import TOOK_PLACE
from .flow import RUNNERS
from .models import Meeting, MeetingState

ON_A_PAGE = 25
EVENTS_ON_A_PAGE = 5
FOLDER = "meetings/scheduling"


def crumbs_of(twg: Twg) -> list[tuple[str, str]]:
    return [(twg.name, reverse("twg", args=[twg.code])), (_("Meetings"), reverse("meetings", args=[twg.code]))]


@login_required
@require_GET
def all_meetings(request: HttpRequest) -> HttpResponse:
    """What lies ahead in every TWG that one reads, and which of them has not met for too long (S17)."""
    page = Paginator(selectors.ahead(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": selectors.rhythms(request.user)}
    return render(request, f"{FOLDER}/all_meetings.html", context)


@login_required
@require_GET
def meetings(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's meetings: what is planned, what was held, when the next one is due."""
    twg = get_object_or_404(Twg.objects.internal_to(request.user).select_related("region"), code=code)
    page = Paginator(selectors.of_twg(request.user, twg), ON_A_PAGE).get_page(request.GET.get("page"))
    runs = bool(RUNNERS(twg, request.user))
    due, known = selectors.about_all(twg, request.user)
    context = {
        "twg": twg,
        "page_obj": page,
        "cadence": due,
        "proposed": cadence.proposed(twg, request.user, due) if runs and not due.planned else None,
        "known": known,
        "runs": runs,
        "crumbs": crumbs_of(twg)[:1],
    }
    return render(request, f"{FOLDER}/meetings.html", context)


def meeting_or_404(request: HttpRequest, pk: int) -> Meeting:
    found: Meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    return found


@login_required
@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting: when and where, what is on the agenda, who comes, what is mine to answer, what happened."""
    found = meeting_or_404(request, pk)
    runs = RUNNERS(found, request.user)
    events = list(history.events_of(found).order_by("-sequence")[:EVENTS_ON_A_PAGE])
    rows = selectors.invited(found)
    mine = next((row for row in rows if row.person_id == request.user.pk), None)
    context = {
        "meeting": found,
        "runs": runs,
        "mine": mine,
        "answered": mine is not None and selectors.has_answered(mine, found),
        "agenda": selectors.agenda(found, request.user),
        "invited": rows if access.may_read_addresses(request.user, found.twg) else [],
        "counts": selectors.counts(rows),
        "asked": len(rows),
        "ahead": found.state in selectors.AHEAD,
        "over": found.state in TOOK_PLACE,
        "dated": found.state in (MeetingState.SCHEDULED, *TOOK_PLACE),  # before, nobody is asked whether they come
        "together": list(found.with_twgs.select_related("region")),
        "dates": polling.results(found) if runs and found.state == MeetingState.POLLING else [],
        "actions": actions(found, request.user),
        "panels": panels.panels_of(found, request.user, "meeting"),
        "events": readers.lines_for(events, request.user),
        "crumbs": crumbs_of(found.twg),
    }
    if context["dates"]:
        context["best"] = polling.best(context["dates"])  # type: ignore[arg-type]
    return render(request, f"{FOLDER}/meeting.html", context)


@login_required
@require_GET
def agenda_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda as it is handed out."""
    found = meeting_or_404(request, pk)
    context: dict[str, Any] = {"meeting": found, "agenda": selectors.agenda(found, request.user)}
    return render(request, f"{FOLDER}/agenda_print.html", context)
