"""Signing in on one's own phone, with the code on the room's screen. Every page here works without scripts.

Whoever has no code that holds learns nothing, not even whether there is such a meeting; of a closed one nobody does
who may not see it, whatever they hold (S31).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from meetings.scheduling.models import Meeting
from workflow.engine import refusals
from workflow.groups.bearers import private
from workflow.groups.form_tools import FORM, attempt, status_of

from . import codes, places, selectors, services
from .forms import CodeForm, StrangerForm
from .models import Attendance, Way
from .services import Stranger

KEPT = "attendance-{}"  # in a stranger's session: their line at this meeting


def _open(request: HttpRequest, pk: int) -> Meeting | None:
    """A meeting to which one signs in now, as far as this reader may know that there is one."""
    found = Meeting.objects.select_related("twg__region").filter(pk=pk).first()
    if found is None or not places.signs_in(found):
        return None
    if found.closed and not selectors.meetings(request.user).filter(pk=pk).exists():
        return None
    return found


@never_cache
@FORM
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the six digits; the same page for every number, whether there is such a meeting or not."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = str(request.META.get("REMOTE_ADDR", ""))
        if codes.held_back(pk, address):
            return refusals.too_many(request)
        found = _open(request, pk)
        if found is not None and codes.holds_digits(found, form.cleaned_data["code"]):
            return redirect("here-by-key", pk, codes.ticket(found))
        codes.note_wrong(pk, address)
        form.add_error("code", _("This code does not hold (any more): type the one that the screen shows now."))
    context = {"form": form, "pk": pk}
    return private(render(request, "meetings/attendance/code.html", context, status=status_of(form)))


@never_cache
@FORM
def here_by_key(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Where the QR code leads: one press for those who are expected, a short form for all others."""
    found = _open(request, pk)
    if found is None or not codes.holds_key(found, key):
        context = {"form": CodeForm(), "pk": pk, "gone": True}
        return private(render(request, "meetings/attendance/code.html", context, status=410))
    if not key.startswith(codes.TICKET):
        # The code on the screen goes on; whoever has scanned it may take their time.
        return private(redirect("here-by-key", pk, codes.ticket(found)))
    person = request.user if request.user.is_authenticated else None
    row = _own_row(request, found, person)
    if person and places.place_of(found, person):
        return _expected(request, found, person, row, key)
    return _stranger(request, found, person, row, key)


def _own_row(request: HttpRequest, meeting: Meeting, person: Any) -> Attendance | None:
    if person:
        return selectors.mine(meeting, person)
    kept = request.session.get(KEPT.format(meeting.pk))
    return Attendance.objects.filter(pk=kept, meeting=meeting, person=None).first() if kept else None


def _expected(request: HttpRequest, meeting: Meeting, person: Any, row: Attendance | None, key: str) -> HttpResponse:
    """Who is invited, or has a seat: one button."""
    if request.method == "POST":
        way = Way.ONLINE if request.POST.get("way") == Way.ONLINE else Way.ROOM
        services.sign_in(meeting, actor=person, way=way)
        messages.success(request, _("You are signed in."))
        return redirect("here-by-key", meeting.pk, key)
    return _shown(request, meeting, row, key, ways=Way.choices)


def _stranger(request: HttpRequest, meeting: Meeting, person: Any, row: Attendance | None, key: str) -> HttpResponse:
    """Whoever else is there says who they are; the secretariat confirms it."""
    initial = {"name": str(person)} if person else {}
    form = StrangerForm(request.POST or None, initial=initial)
    if request.method == "POST" and not (row and row.came) and form.is_valid():
        said = Stranger(**form.cleaned_data)
        made = attempt(form, lambda: services.sign_in_stranger(meeting, said, actor=person))
        if made is not None:
            if person is None:
                request.session[KEPT.format(meeting.pk)] = made.pk
            messages.success(request, _("You are signed in; the secretariat confirms it."))
            return redirect("here-by-key", meeting.pk, key)
    return _shown(request, meeting, row, key, form=form, anonymous=person is None)


def _shown(request: HttpRequest, meeting: Meeting, row: Attendance | None, key: str, **context: Any) -> HttpResponse:
    form = context.get("form")
    context |= {
        "meeting": meeting,
        "row": row if row and row.came else None,
        "roster_url": _roster(request, meeting),
        "sign_in_url": f"{reverse('account_login')}?next={request.path}",
        "key": key,
    }
    status = status_of(form) if form is not None and not (row and row.came) else 200
    return private(render(request, "meetings/attendance/here.html", context, status=status))


def _roster(request: HttpRequest, meeting: Meeting) -> str:
    """For those who read the meeting besides."""
    if not request.user.is_authenticated or not selectors.meetings(request.user).filter(pk=meeting.pk).exists():
        return ""
    return reverse("attendance", args=[meeting.pk])
