"""Pages of decisions and action items: one, a TWG's list, taking down, changing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import history, kinds, readers
from workflow.engine.selectors import actions
from workflow.groups import access, panels
from workflow.groups.form_tools import FORM, edit_page, save_form, show_form
from workflow.groups.services import require

from . import selectors, services
from .forms import ActionFilter, ActionForm, DecisionForm, RowForm, initial_of
from .models import Minutes, MinutesState
from .papers import RUNNERS
from .views import context_of

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 5


# -- taken down -------------------------------------------------------------------------------------------


@login_required
@FORM
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """`?item=` says under which item of the agenda."""
    return _new(request, pk, DecisionForm, services.decide, _("Take down a decision"))


@login_required
@FORM
def action_new(request: HttpRequest, pk: int) -> HttpResponse:
    """`?item=` says under which item of the agenda."""
    return _new(request, pk, ActionForm, services.give_to_do, _("Take down an action item"))


def _new(request: HttpRequest, pk: int, form_class: type[RowForm], record: Any, title: str) -> HttpResponse:
    subject: Minutes = get_object_or_404(selectors.minutes(request.user), pk=pk)
    require(RUNNERS, subject, request.user)
    named = request.GET.get("item", "")
    item = int(named) if named.isdecimal() and len(named) < 19 else None
    form = form_class(request.POST or None, minutes=subject, initial={"item": item})
    back = reverse("minutes", args=[subject.pk])

    def save() -> None:
        record(subject, form.values, actor=request.user)

    return save_form(request, form, save, back=back, said=_("Taken down.")) or show_form(
        request, form, title=title, button=_("Take it down"), back=back, lead=str(subject),
        draft=f"{form_class.__name__}-{subject.pk}",
    )  # fmt: skip


@login_required
@FORM
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.decisions(request.user), pk=pk)
    return _edit(request, row, DecisionForm, _("Change the decision"))


@login_required
@FORM
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(selectors.action_items(request.user), pk=pk)
    return _edit(request, row, ActionForm, _("Change the action item"))


def _edit(request: HttpRequest, row: Any, form_class: type[RowForm], title: str) -> HttpResponse:
    """Another wording, item, day or person, until the minutes are approved."""
    require(RUNNERS, row, request.user)
    form = form_class(request.POST or None, minutes=row.minutes, initial=initial_of(row, form_class))
    return edit_page(request, row, form, services.change_row, title=title)


# -- read -------------------------------------------------------------------------------------------------


@login_required
@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, where, under which item."""
    row = get_object_or_404(selectors.decisions(request.user), pk=pk)
    return _page(request, row, "meetings/minutes/decision.html", "meeting-decision-edit")


@login_required
@require_GET
def action_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is to do what by when, and whether it is done."""
    row = get_object_or_404(selectors.action_items(request.user), pk=pk)
    return _page(request, row, "meetings/minutes/action_item.html", "action-item-edit")


def _page(request: HttpRequest, row: Any, template: str, edit: str) -> HttpResponse:
    events = history.events_of(row).order_by("-sequence")[:EVENTS_ON_A_PAGE]
    context = {
        **context_of(row),
        "kind_name": kinds.of(row).name,
        "actions": actions(row, request.user),
        "may_edit": RUNNERS(row, request.user) and row.minutes.state != MinutesState.APPROVED,
        "edit_url": reverse(edit, args=[row.pk]),
        "names": access.may_read_addresses(request.user, row.twg),
        "events": readers.lines_for(list(events), request.user),
        "panels": panels.panels_of(row, request.user, kinds.of(row).name),
    }
    return render(request, template, context)


@login_required
@require_GET
def action_items(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's action items, the soonest due first."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    form = ActionFilter(request.GET or None)
    found = form.found(selectors.action_items(request.user).filter(minutes__meeting__twg=twg)).order_by("due", "pk")
    context = {
        **_listed(request, twg, found),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "names": access.may_read_addresses(request.user, twg),
    }
    return render(request, "meetings/minutes/action_items.html", context)


@login_required
@require_GET
def decisions(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's decisions, the last one first."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    found = selectors.decisions(request.user).filter(minutes__meeting__twg=twg).order_by("-pk")
    return render(request, "meetings/minutes/decisions.html", _listed(request, twg, found))


def _listed(request: HttpRequest, twg: Any, found: Any) -> dict[str, Any]:
    return {
        "twg": twg,
        "page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "crumbs": [(twg.name, reverse("twg", args=[twg.code]))],
    }
