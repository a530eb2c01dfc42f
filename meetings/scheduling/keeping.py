"""Pages on which chair and secretariat plan a meeting: what it is, who is invited, its agenda, its dates."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow.engine.forms_version import stated_version
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import agendas, cadence, planning, polling, selectors
from .agenda_form import AgendaForm, about_choices
from .flow import RUNNERS
from .forms import DatesForm, MeetingForm, PeopleForm, initial_of, ladder_of
from .models import AgendaItem, Invitation, Meeting, MeetingKind, Slot
from .views import FOLDER, meeting_or_404


def kept_or_404(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who run it; 404 for whoever does not even know of it."""
    found = meeting_or_404(request, pk)
    require(RUNNERS, found, request.user)
    return found


@login_required
@FORM
def meeting_new(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a meeting. Who is invited and when comes next."""
    twg = get_object_or_404(Twg.objects.internal_to(request.user).select_related("region"), code=code)
    require(RUNNERS, twg, request.user)
    others, may_close = selectors.partners(twg, request.user), selectors.may_close(twg, request.user)
    initial = {"kind": MeetingKind.REGULAR, "languages": twg.languages, **ladder_of([7, 1], {})}
    form = MeetingForm(request.POST or None, others=others, may_close=may_close, initial=initial)
    back = reverse("meetings", args=[twg.code])

    def save() -> str:
        made = planning.plan(
            twg, form.values, actor=request.user, with_twgs=form.cleaned_data.get("with_twgs") or ()
        )  # fmt: skip
        return reverse("meeting-people", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Planned. Now choose who is invited.")) or show_form(
        request, form, title=_("Plan a meeting"), button=_("Plan it"), back=back, lead=twg.name,
        draft=f"meeting-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what it is; what stands in calendars is sent again."""
    found = kept_or_404(request, pk)
    others, may_close = selectors.partners(found.twg, request.user), selectors.may_close(found.twg, request.user)
    form = MeetingForm(request.POST or None, others=others, may_close=may_close, initial=initial_of(found))
    back = reverse("meeting", args=[found.pk])

    def save() -> None:
        planning.change(
            found, form.values, actor=request.user, with_twgs=form.cleaned_data.get("with_twgs"),
            version=stated_version(request),
        )  # fmt: skip

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Change the meeting"), button=_("Save"), back=back, lead=str(found),
        version=found.version, draft=f"meeting-{found.pk}",
    )  # fmt: skip


@login_required
@FORM
def meeting_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is invited: those who sit in the TWG, and in the TWGs that meet with it."""
    found = kept_or_404(request, pk)
    seats = [s for twg in (found.twg, *found.with_twgs.all()) for s in planning.usual(twg)]
    asked = list(Invitation.objects.filter(meeting=found, removed_at=None))
    known = {i.person_id for i in asked}
    chosen = [str(s.pk) for s in seats if s.person_id in known or not asked]
    key = [str(i.institution_id) for i in asked if i.required]
    reminded = {i.person_id for i in asked if i.chosen}
    initial = {"people": chosen, "key": key, "chosen_people": [str(s.pk) for s in seats if s.person_id in reminded]}
    form = PeopleForm(request.POST or None, seats=seats, initial=initial)
    back = reverse("meeting", args=[found.pk])

    def save() -> None:
        wanted = form.chosen
        planning.set_invited(
            found, wanted, actor=request.user, required=[int(k) for k in form.cleaned_data["key"]],
            reminded=[form.seats[key].person_id for key in form.cleaned_data["chosen_people"]],
        )  # fmt: skip

    return save_form(request, form, save, back=back, said=_("The list is saved.")) or show_form(
        request, form, title=_("Who is invited"), button=_("Save the list"), back=back, lead=str(found)
    )


@login_required
@FORM
def meeting_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda, a line for each item."""
    found = kept_or_404(request, pk)
    items = list(AgendaItem.objects.filter(meeting=found))
    form = AgendaForm(
        request.POST or None, items=items, language=(get_language() or "en")[:2],
        may_close=selectors.may_close(found.twg, request.user),
        about=about_choices(found.twg, request.user, items),
    )  # fmt: skip
    back = reverse("meeting", args=[found.pk])

    def save() -> None:
        agendas.set_agenda(
            found, form.rows, actor=request.user, version=stated_version(request), seen=request.POST.get("seen")
        )

    return save_form(request, form, save, back=back, said=_("The agenda is saved.")) or show_form(
        request, form, f"{FOLDER}/agenda_form.html", meeting=found, back=back, version=found.version,
        seen=agendas.behind_doors(found),
    )  # fmt: skip


@login_required
@FORM
def meeting_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Dates to choose from; by the cadence of the terms of reference the first one is proposed."""
    found = kept_or_404(request, pk)
    slots = list(Slot.objects.filter(meeting=found))
    initial: dict[str, Any] = {}
    if not slots and (date := cadence.proposed(found.twg, request.user)):
        initial = {"starts_1": date[0], "ends_1": date[1]}
    form = DatesForm(request.POST or None, slots=slots, initial=initial)
    back = reverse("meeting", args=[found.pk])

    def save() -> None:
        polling.propose(found, form.slots, actor=request.user, version=stated_version(request))

    return save_form(request, form, save, back=back, said=_("The dates are saved.")) or show_form(
        request, form, title=_("Dates to choose from"), button=_("Save the dates"), back=back,
        lead=_("In your time zone. Two at least; then ask which one suits."), version=found.version,
    )  # fmt: skip


@login_required
@require_POST
def remove(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Take one person off the list."""
    found = kept_or_404(request, pk)
    invitation = get_object_or_404(Invitation.objects.select_related("person"), meeting=found, person=person)
    planning.uninvite(found, invitation.person, actor=request.user)
    return redirect("meeting", pk=found.pk)
