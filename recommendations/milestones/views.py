"""Pages of milestones and hosting commitments, and the table across countries: will it last?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.engine import history, readers
from workflow.engine.models import Event
from workflow.engine.selectors import Line, actions
from workflow.groups.form_tools import FORM, edit_page, entry_page, initial_names
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import selectors, services
from .flow import KEEPERS
from .forms import HostingForm, MilestoneForm, OfTwgForm
from .models import Hosting, Milestone

EVENTS_ON_A_PAGE = 5
Change = Callable[..., None]


@login_required
@require_safe
def milestones(request: HttpRequest) -> HttpResponse:
    """Across countries: which steps are taken, which promises stand, and where there is none (S41, S42)."""
    context = {"lasting": selectors.lasting(request.user)}
    return render(request, "recommendations/milestones/milestones.html", context)


@login_required
@require_safe
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """A step: how far it is, who is responsible, how one knows, who verified it."""
    return _page(request, selectors.milestones(request.user), pk, "milestone")


@login_required
@require_safe
def hosting(request: HttpRequest, pk: int) -> HttpResponse:
    """A promise to host: who holds it, from when, whether it is kept."""
    return _page(request, selectors.hostings(request.user), pk, "hosting")


def _page(request: HttpRequest, found: QuerySet[Any], pk: int, name: str) -> HttpResponse:
    subject = get_object_or_404(found, pk=pk)
    events = list(history.events_of(subject).order_by("-sequence"))
    lines = readers.lines_for(events, request.user)
    context = {
        "subject": subject,
        "kind_name": name,
        "actions": actions(subject, request.user),
        "may_edit": KEEPERS(subject, request.user),
        "edit_url": reverse(f"{name}-edit", args=[subject.pk]),
        "events": lines[:EVENTS_ON_A_PAGE],
        "verified": _last_into(events, lines, "verified") if subject.state == "verified" else None,
        "crumbs": [(subject.twg.name, reverse("twg", args=[subject.twg.code]))],
    }
    return render(request, f"recommendations/milestones/{name}.html", context)


def _last_into(events: list[Event], lines: list[Line], state: str) -> Line | None:
    """The newest event that led to a state, in the reader's words."""
    return next((line for event, line in zip(events, lines, strict=True) if event.to_state == state), None)


@login_required
@FORM
def milestone_new(request: HttpRequest, code: str) -> HttpResponse:
    return _new(request, code, MilestoneForm, services.record_milestone, _("Record a milestone"))


@login_required
@FORM
def hosting_new(request: HttpRequest, code: str) -> HttpResponse:
    return _new(request, code, HostingForm, services.record_hosting, _("Record a promise to host"))


def _new(
    request: HttpRequest, code: str, form_class: type[OfTwgForm], record: Callable[..., Any], title: str
) -> HttpResponse:
    """Recorded for a TWG, never for a body linked to one."""
    twgs = Twg.objects.all().visible_to(request.user).filter(linked_to=None).select_related("region")
    twg = get_object_or_404(twgs, code=code)
    require(KEEPERS, twg, request.user)
    form = form_class(request.POST or None, twg=twg, initial={"confidence": "stated"})
    return entry_page(
        request, form, lambda fields: record(twg, fields, actor=request.user), said=_("Recorded."),
        back=reverse("twg", args=[twg.code]), title=title, button=_("Record"), lead=twg.name,
        draft=f"{form_class.__name__}-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def milestone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    subject: Milestone = get_object_or_404(selectors.milestones(request.user), pk=pk)
    initial = initial_names(titles=subject.titles, evidence=subject.evidence)
    return _edit(request, subject, MilestoneForm, initial, services.change_milestone, _("Change the milestone"))


@login_required
@FORM
def hosting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    subject: Hosting = get_object_or_404(selectors.hostings(request.user), pk=pk)
    initial = initial_names(statements=subject.statements)
    return _edit(request, subject, HostingForm, initial, services.change_hosting, _("Change the promise"))


def _edit(
    request: HttpRequest,
    subject: Any,
    form_class: type[OfTwgForm],
    names: dict[str, str],
    change: Change,
    title: str | Promise,
) -> HttpResponse:
    require(KEEPERS, subject, request.user)
    rest = {name: getattr(subject, name) for name in form_class.kept if name not in form_class.named}
    form = form_class(request.POST or None, twg=subject.twg, initial={**names, **rest})
    return edit_page(request, subject, form, change, title=title)
