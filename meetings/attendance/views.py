"""Pages on which the list of who came is read: the roster, its files, the room's screen, the sheet to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings.scheduling.models import Meeting
from workflow.documents import pdf_out
from workflow.engine import clock, kinds
from workflow.groups import sheets
from workflow.groups.form_tools import FORM
from workflow.groups.sheets import Layout
from workflow.writing.pace import at_a_pace

from . import codes, keeping, places, qr, selectors, sheet_pdf
from .selectors import Line

LAYOUT = Layout(
    name="attendance",
    columns={
        "name": 30, "institution": 44, "category": 22, "role": 14, "rank": 20, "invited": 10, "reply": 16, "came": 8,
        "took_part": 12, "arrived": 18, "left": 18, "in_the_place_of": 30, "replaced_by": 30,
    },
)  # fmt: skip


def find(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who read it; 404 for all others (S31)."""
    found: Meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    return found


def run(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who run it: 404 for who does not see it, 403 for who only reads it."""
    found = find(request, pk)
    places.check_runner(found, request.user)
    return found


def crumbs_to(meeting: Meeting, *, inside: bool = True) -> list[tuple[str, str]]:
    twg = (meeting.twg.name, reverse("twg", args=[meeting.twg.code]))
    own = (meeting.title, kinds.of(meeting).url(meeting))
    return [twg, own, (_("Who came"), reverse("attendance", args=[meeting.pk]))] if inside else [twg, own]


@login_required
@FORM
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was invited, what they replied, who came. Those who run the meeting tick off who is there."""
    found = find(request, pk)
    if request.method == "POST":
        return keeping.tick_off(request, found)
    roster = selectors.roster(found, request.user)
    runs = bool(places.RUNNERS(found, request.user))
    context = {
        "meeting": found,
        "roster": roster,
        "quorum": selectors.quorum(found, roster),
        "named": selectors.reads_names(found, request.user),
        "runs": runs,
        "writes": runs and found.state in places.LISTED,
        "doors": runs and places.signs_in(found),
        "corrects": selectors.may_correct(found, request.user),
        "crumbs": crumbs_to(found, inside=False),
    }
    return render(request, "meetings/attendance/roster.html", context)


@login_required
@require_GET
def attendance_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The list as Excel or CSV, with no more in it than its reader learns from the page."""
    found = find(request, pk)
    roster = selectors.roster(found, request.user)
    named = selectors.reads_names(found, request.user)
    rows = (row_of(line, found, named) for line in roster.lines)
    return sheets.download(ending, LAYOUT, rows, name=f"attendance-{found.pk}")


def row_of(line: Line, meeting: Meeting, named: bool) -> Iterator[str]:
    """A line's cells, in the columns' order: codes where an import reads them, times by the meeting's clock."""
    row = line.attendance
    invited = line.invitation
    yield from (line.name, line.institution, line.category, line.role)
    yield row.rank if row and (named or line.named) else ""
    yield from ("yes" if invited else "no", invited.reply if invited else "", "yes" if line.came else "no")
    yield row.way if row and line.came else ""
    for at in (row.arrived_at, row.left_at) if row else (None, None):
        yield at.astimezone(ZoneInfo(meeting.zone)).strftime("%Y-%m-%d %H:%M") if at else ""
    yield str(row.replaces) if row and row.replaces and line.named else ""
    yield line.replaced_by


@never_cache
@login_required
@require_GET
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """For the room: how many are there, the quorum, and the code to sign in with, which changes every minute."""
    found = run(request, pk)
    places.check_doors(found)
    roster = selectors.roster(found, request.user)
    now = clock.moment()
    context: dict[str, Any] = {
        "meeting": found,
        "roster": roster,
        "here": sum(1 for row in roster.came if row.left_at is None),
        "quorum": selectors.quorum(found, roster, now=True),
        "digits": codes.digits(found, now),
        "qr": qr.svg(codes.address(found, now), _("The code to sign in, as a QR code")),
        "short": codes.short_address(found),
        "again": codes.seconds_left(now),
        "crumbs": crumbs_to(found),
    }
    return render(request, "meetings/attendance/screen.html", context)


@login_required
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """To print and sign: everybody invited, by institution, and empty rows for whoever else comes."""
    found = run(request, pk)
    roster = selectors.roster(found, request.user)
    here = codes.short_address(found)
    context = {
        "meeting": found,
        "lines": [line for line in roster.lines if line.invitation],
        "empty": range(sheet_pdf.EMPTY_ROWS),
        "qr": qr.svg(here, _("The address to sign in, as a QR code")),
        "here": here,
        "no_pdf": pdf_out.available(),
        "crumbs": crumbs_to(found),
    }
    return render(request, "meetings/attendance/sheet.html", context)


@login_required
@require_GET
@at_a_pace("export")
def sheet_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF, to send to whoever prints it."""
    found = run(request, pk)
    invited = [line for line in selectors.roster(found, request.user).lines if line.invitation]
    answer = HttpResponse(sheet_pdf.pdf(found, invited, codes.short_address(found)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="attendance-sheet-{found.pk}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
