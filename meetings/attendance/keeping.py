"""Pages on which the chair and the secretariat write the list, and on which people correct what it says of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from meetings.scheduling.models import Invitation, Meeting
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.models import Person

from . import places, selectors, services, views
from .forms import Mine, Theirs, WalkIn, WhyForm, initial_of
from .models import Attendance, Way

SAVE = "meetings/attendance/form.html"


def tick_off(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Those who are ticked on the list came; whoever stands in it already stays as they are."""
    places.check_runner(meeting, request.user)
    asked = [int(pk) for pk in request.POST.getlist("people") if pk.isdecimal() and len(pk) < 19]
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None, person__in=asked).values("person")
    way = Way.ONLINE if request.POST.get("way") == Way.ONLINE else Way.ROOM
    count = services.record_several(meeting, Person.objects.filter(pk__in=invited), actor=request.user, way=way)
    told = ngettext("%(count)d person written down.", "%(count)d people written down.", count) % {"count": count}
    if count:
        messages.success(request, told)
    else:
        messages.warning(request, _("Nobody was ticked who does not stand in the list already."))
    return redirect("attendance", meeting.pk)


@login_required
@FORM
def attendance_of(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody with an account: whether they came, how, from when to when, in whose place."""
    found = views.run(request, pk)
    listed = Attendance.objects.filter(meeting=found, person=person).first()
    invited = Invitation.objects.filter(meeting=found, person=person, removed_at=None).select_related("person").first()
    somebody = listed.person if listed else invited.person if invited else None
    if somebody is None:
        raise Http404
    form = Theirs(request.POST or None, initial=_initial(found, listed, somebody), meeting=found)
    back = reverse("attendance", args=[found.pk])

    def save() -> None:
        services.record(found, somebody, form.values, actor=request.user, seen=form.cleaned_data["seen"])

    return save_form(request, form, save, back=back, said=_("Written down.")) or show_form(
        request, form, SAVE, title=str(somebody), button=_("Save"), back=back, crumbs=views.crumbs_to(found),
        strike=reverse("attendance-strike", args=[found.pk, listed.pk]) if listed and listed.came else "",
    )  # fmt: skip


def _initial(meeting: Meeting, row: Attendance | None, person: Any) -> dict[str, Any]:
    if row is None and (place := places.place_of(meeting, person)):
        return {**initial_of(None), "rank": place.rank}
    return initial_of(row)


@login_required
@FORM
def walk_in(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """Somebody without an account: a new line, or an existing one, which saving confirms."""
    found = views.run(request, pk)
    existing = get_object_or_404(Attendance, pk=row, meeting=found) if row else None
    if existing and existing.person_id:
        return redirect("attendance-of", found.pk, existing.person_id)
    form = WalkIn(request.POST or None, initial=initial_of(existing), meeting=found)
    back = reverse("attendance", args=[found.pk])

    def save() -> None:
        services.record_walk_in(
            found, form.values, actor=request.user, row=existing, seen=form.cleaned_data["seen"] if existing else None
        )

    title = existing.name if existing else _("Somebody without an invitation")
    return save_form(request, form, save, back=back, said=_("Written down.")) or show_form(
        request, form, SAVE, title=title, button=_("Save"), back=back, crumbs=views.crumbs_to(found),
        strike=reverse("attendance-strike", args=[found.pk, existing.pk]) if existing and existing.came else "",
    )  # fmt: skip


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A stranger who signed in was there."""
    found = views.run(request, pk)
    existing = get_object_or_404(Attendance, pk=row, meeting=found)
    services.confirm(existing, actor=request.user)
    messages.success(request, _("%(name)s is confirmed.") % {"name": existing})
    return redirect("attendance", found.pk)


@login_required
@FORM
def strike(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Somebody in the list was not there, and why that is known."""
    found = views.run(request, pk)
    existing = get_object_or_404(Attendance, pk=row, meeting=found)
    form = WhyForm(request.POST or None)
    back = reverse("attendance", args=[found.pk])

    def save() -> None:
        services.strike(existing, actor=request.user, note=form.cleaned_data["note"])

    return save_form(request, form, save, back=back, said=_("Struck from the list.")) or show_form(
        request, form, SAVE, title=_("Strike %(name)s from the list") % {"name": existing}, button=_("Strike"),
        back=back, danger=True, crumbs=views.crumbs_to(found),
        lead=_("The line stays, as somebody who was not there. The reason is kept in the history."),
    )  # fmt: skip


@login_required
@FORM
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """One corrects what the list says of oneself, until the minutes are approved."""
    found = views.find(request, pk)
    row = selectors.mine(found, request.user)
    if row is None and places.invitation_of(found, request.user) is None:
        raise Http404
    places.check_listed(found)
    form = Mine(request.POST or None, initial=_initial(found, row, request.user), meeting=found)
    back = reverse("attendance", args=[found.pk])

    def save() -> None:
        services.correct(found, form.values, actor=request.user, seen=form.cleaned_data["seen"])

    return save_form(request, form, save, back=back, said=_("Your attendance is corrected.")) or show_form(
        request, form, SAVE, title=_("My attendance"), button=_("Save"), back=back, crumbs=views.crumbs_to(found),
        lead=_("You can correct this until the minutes are approved. Each change is kept in the history."),
    )  # fmt: skip
