"""Pages and files of who takes part over time (S18, S30)."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from workflow.groups import access, sheets
from workflow.groups.models import Twg
from workflow.groups.sheets import Layout

from . import analyses
from .analyses import Held

LAYOUT = Layout(
    name="participation",
    columns={
        "date": 12, "meeting": 36, "kind": 18, "name": 30, "institution": 44, "category": 22, "role": 14, "rank": 20,
        "took_part": 12, "arrived": 18, "left": 18,
    },
)  # fmt: skip


def _find(request: HttpRequest, code: str) -> Twg:
    found: Twg = get_object_or_404(Twg.objects.internal_to(request.user).select_related("region"), code=code)
    return found


@login_required
@require_GET
def participation(request: HttpRequest, code: str) -> HttpResponse:
    """Who came, by rank, category and institution; who is drifting away; practice against what was agreed."""
    twg = _find(request, code)
    found = analyses.of(twg, request.user)
    named = access.may_read_addresses(request.user, twg)
    context = {
        "twg": twg,
        "found": found,
        "named": named,
        "by_rank": analyses.stacked(found.ranks, found.held) if named else None,
        "by_category": analyses.stacked(found.categories, found.held),
        "bars": analyses.bars(found),
        "crumbs": [(twg.name, reverse("twg", args=[twg.code]))],
    }
    return render(request, "meetings/attendance/participation.html", context)


@login_required
@require_GET
def participation_file(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Everybody at every meeting as Excel or CSV; without names and ranks for those who read none on the pages."""
    twg = _find(request, code)
    named = access.may_read_addresses(request.user, twg)
    rows = (row for held in analyses.held(twg, request.user) for row in _rows(held, named))
    return sheets.download(ending, LAYOUT, rows, name=f"participation-{twg.code}")


def _rows(held: Held, named: bool) -> Iterator[list[str]]:
    meeting = held.meeting
    zone = ZoneInfo(meeting.zone)
    for row in held.rows:
        times = [at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "" for at in (row.arrived_at, row.left_at)]
        yield [
            meeting.starts_at.astimezone(zone).date().isoformat() if meeting.starts_at else meeting.when,
            meeting.title, meeting.kind, row.name if named else "", row.institution_name, row.category, row.role,
            row.rank if named else "", row.way, *times,
        ]  # fmt: skip
