"""Pages of budget commitments and of what task forces deliver (S24, S26)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import kinds, readers, together
from workflow.engine.selectors import actions as next_steps
from workflow.groups.form_tools import FORM, edit_page, entry_page, initial_names
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import selectors, services
from .action_views import crumbs_around
from .action_views import find as find_action
from .flow import KEEPERS
from .forms import CommitmentForm, KeptForm, OutputForm
from .models import Commitment, Output
from .views import EVENTS_ON_A_PAGE, FOLDER, crumb_of

Crumbs = list[tuple[str, str]]


def _page(request: HttpRequest, subject: Any, template: str, crumbs: Crumbs) -> HttpResponse:
    name = kinds.of(subject).name
    context = {
        "subject": subject,
        "kind_name": name,
        "actions": next_steps(subject, request.user),
        "may_edit": KEEPERS(subject, request.user),
        "edit_url": reverse(f"{name}-edit", args=[subject.pk]),
        "events": together.answer(readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE)),
        "crumbs": crumbs,
    }
    return render(request, f"{FOLDER}/{template}", context)


def _new(request: HttpRequest, form: KeptForm, make: Any, title: str, back: str, lead: str, draft: str) -> HttpResponse:
    return entry_page(
        request, form, make, said=_("Recorded."), back=back, title=title, button=_("Record"), lead=lead, draft=draft
    )


def _initial(subject: Any, form: type[KeptForm]) -> dict[str, Any]:
    told = initial_names(**{name: getattr(subject, name) for name in form.named})
    return told | {name: getattr(subject, name) for name in form.kept if name not in form.named}


# -- money ------------------------------------------------------------------------------------------------


@login_required
@require_GET
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """Money for an action: whose, how much, how far it is (S26)."""
    subject: Commitment = get_object_or_404(selectors.commitments(request.user), pk=pk)
    action = subject.action
    crumbs = [*crumbs_around(action, request.user), (action.title, reverse("data-action", args=[action.pk]))]
    return _page(request, subject, "commitment.html", crumbs)


@login_required
@FORM
def commitment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was announced."""
    action = find_action(request, pk)
    require(KEEPERS, action, request.user)
    form = CommitmentForm(request.POST or None, twg=action.twg)
    back = reverse("data-action", args=[pk])
    return _new(
        request, form, lambda told: services.commit(action, told, actor=request.user), _("Record a budget commitment"),
        back, action.title, f"commitment-new-{pk}",
    )  # fmt: skip


@login_required
@FORM
def commitment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who pays, how much, of which fiscal year."""
    subject: Commitment = get_object_or_404(selectors.commitments(request.user), pk=pk)
    require(KEEPERS, subject, request.user)
    form = CommitmentForm(request.POST or None, twg=subject.twg, initial=_initial(subject, CommitmentForm))
    return edit_page(request, subject, form, services.change_commitment, title=_("Change the budget commitment"))


# -- what task forces deliver -----------------------------------------------------------------------------


@login_required
@require_GET
def output(request: HttpRequest, pk: int) -> HttpResponse:
    """What a task force is to deliver, and whether it has (S24)."""
    subject: Output = get_object_or_404(selectors.outputs(request.user), pk=pk)
    return _page(request, subject, "output.html", [crumb_of(subject.twg)])


@login_required
@FORM
def output_new(request: HttpRequest, code: str) -> HttpResponse:
    """Record what a task force is to deliver."""
    bodies = Twg.objects.internal_to(request.user).exclude(linked_to=None).select_related("linked_to", "region")
    body = get_object_or_404(bodies, code=code)
    require(KEEPERS, body, request.user)
    form = OutputForm(request.POST or None, body=body, person=request.user)
    return _new(
        request, form, lambda told: services.record_output(body, told, actor=request.user), _("Record an output"),
        reverse("twg", args=[code]), body.name, f"output-new-{body.pk}",
    )  # fmt: skip


@login_required
@FORM
def output_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, by when, and where it can be read."""
    subject: Output = get_object_or_404(selectors.outputs(request.user), pk=pk)
    require(KEEPERS, subject, request.user)
    form = OutputForm(
        request.POST or None, body=subject.twg, person=request.user, initial=_initial(subject, OutputForm)
    )
    return edit_page(request, subject, form, services.change_output, title=_("Change the output"))
