"""Pages of actions: one, with what it needs and what pays for it; planned, changed (S23-S27)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import together
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions as next_steps
from workflow.groups import access
from workflow.groups.form_tools import FORM, initial_names, save_form, show_form
from workflow.groups.services import require

from . import selectors, services
from .flow import KEEPERS
from .forms import ActionForm, initial_of
from .models import DataAction
from .views import EVENTS_ON_A_PAGE, FOLDER, crumb_of, crumbs_to
from .views import find as find_plan


def find(request: HttpRequest, pk: int) -> DataAction:
    """The action, for those who may read it; 404 for all others (S31)."""
    found: DataAction = get_object_or_404(
        selectors.actions(request.user).select_related("recommendation", "decision"), pk=pk
    )
    return found


def crumbs_around(action: DataAction, person: Any) -> list[tuple[str, str]]:
    """The plan, for those who read it; for others, the task force through which they read the action (S24)."""
    if access.inside(person, action.twg):
        return crumbs_to(action.plan)
    return [crumb_of(action.task_force or action.twg)]


@login_required
@require_GET
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """An action: who does it, by when, what it needs, what pays for it, how far it is."""
    subject = find(request, pk)
    in_plan = access.inside(request.user, subject.twg)
    found = together.answer(selectors.page_of(subject, request.user, EVENTS_ON_A_PAGE))
    context = {
        **found,
        "subject": subject,
        "names": access.may_read_addresses(request.user, subject.twg),
        "in_plan": in_plan,
        "may_keep": KEEPERS(subject, request.user) and subject.plan.stands,
        "actions": next_steps(subject, request.user),
        "crumbs": crumbs_around(subject, request.user),
    }
    return render(request, f"{FOLDER}/action.html", context)


@login_required
@FORM
def action_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan an action."""
    plan = find_plan(request, pk)
    require(KEEPERS, plan, request.user)
    form = ActionForm(request.POST or None, twg=plan.twg, person=request.user)
    back = reverse("data-plan", args=[pk])

    def save() -> str:
        made = services.plan_action(plan, form.values, actor=request.user, needs=form.cleaned_data["needs"])
        return reverse("data-action", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Planned. Who leads it gets a mail.")) or show_form(
        request, form, title=_("Plan an action"), button=_("Plan it"), back=back, lead=plan.title,
        draft=f"data-action-new-{pk}",
    )  # fmt: skip


@login_required
@FORM
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording, institution, date, cost or dependency."""
    subject = find(request, pk)
    require(KEEPERS, subject, request.user)
    told = {name: getattr(subject, name) for name in ActionForm.named}
    initial = {**initial_names(**told), **initial_of(subject, request.user)}
    form = ActionForm(request.POST or None, twg=subject.twg, person=request.user, action=subject, initial=initial)
    back = reverse("data-action", args=[pk])

    def save() -> None:
        services.change_action(
            subject, form.values, actor=request.user, needs=form.cleaned_data["needs"],
            version=stated_version(request),
        )  # fmt: skip

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Change the action"), button=_("Save"), back=back, lead=subject.title,
        version=subject.version, draft=f"data-action-{pk}",
    )  # fmt: skip
