"""Pages of the checklist's lines and of capacity needs: seen, added, changed, exported (S21, S46)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import readers, together
from workflow.engine.selectors import actions
from workflow.engine.together import Wanted
from workflow.groups import sheets
from workflow.groups.form_tools import FORM, edit_page, save_form, show_form
from workflow.groups.services import require
from workflow.writing import storing

from . import exporting, rules, selectors, services
from .flow import KEEPERS, KNOWING, SEEING_TO_IT, settled
from .forms import ItemForm, NeedForm, item_initial, need_initial
from .models import CapacityNeed, Handover, HandoverItem, ItemKind, ItemState, NeedState

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 5


def _page(request: HttpRequest, subject: Any, template: str, **context: Any) -> HttpResponse:
    """A page of something that hangs on a hand-over."""
    handover: Handover = subject.handover
    wanted: dict[str, Wanted[Any]] = {"events": readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE)}
    if isinstance(subject, HandoverItem):
        wanted["shown"] = selectors.of_item(subject)
    context |= together.answers(wanted) | {
        "subject": subject,
        "handover": handover,
        "twg": subject.twg,
        "actions": actions(subject, request.user),
        "crumbs": [
            (subject.twg.name, reverse("twg", args=[subject.twg.code])),
            (str(handover), reverse("handover", args=[handover.pk])),
        ],
    }
    return render(request, f"workflow/handover/{template}.html", context)


# -- the checklist ------------------------------------------------------------------------------------------


@login_required
@require_GET
def handover_item(request: HttpRequest, pk: int) -> HttpResponse:
    """A line of the checklist: what it means, how one knows that it is done."""
    subject: HandoverItem = get_object_or_404(selectors.items(request.user), pk=pk)
    open_ = subject.state == ItemState.OPEN and not settled(subject.handover)
    return _page(
        request,
        subject,
        "item",
        help=rules.CHECKLIST.get(ItemKind(subject.kind), ""),
        may_edit=open_ and SEEING_TO_IT(subject, request.user),
    )


@login_required
@FORM
def handover_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing more that is handed over."""
    return _add(request, pk, ItemForm, services.add_item, _("Add to the checklist"), _("On the checklist."))


@login_required
@FORM
def handover_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sees to it, and by when."""
    subject: HandoverItem = get_object_or_404(selectors.items(request.user), pk=pk)
    require(SEEING_TO_IT, subject, request.user)
    form = ItemForm(
        request.POST or None, handover=subject.handover, kind=subject.kind, initial=item_initial(subject)
    )  # fmt: skip
    return edit_page(request, subject, form, services.change_item, title=_("Change the line"))


@login_required
@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a piece of evidence, to be downloaded by those who read the hand-over."""
    found = selectors.evidence(request.user).filter(pk=pk).first()
    if found is None or not found.file:
        raise Http404
    return storing.given(request, found, attached=True)


# -- capacity needs -----------------------------------------------------------------------------------------


@login_required
@require_GET
def capacity_needs(request: HttpRequest) -> HttpResponse:
    """What update institutions lack, across countries, the most severe first (S46)."""
    found = selectors.needs(request.user).filter(state=NeedState.OPEN)
    context = {"page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "workflow/handover/needs.html", context)


@login_required
@require_GET
def capacity_needs_export(request: HttpRequest, form: str) -> HttpResponse:
    """Every need that the person reads, met ones too, as a spreadsheet."""
    rows = exporting.need_rows(selectors.needs(request.user))
    return sheets.download(form, exporting.NEEDS, rows, name="palabre-capacity-needs")


@login_required
@require_GET
def capacity_need(request: HttpRequest, pk: int) -> HttpResponse:
    """One need: how severe, what would meet it, what became of it."""
    subject: CapacityNeed = get_object_or_404(selectors.needs(request.user), pk=pk)
    may_edit = subject.state == NeedState.OPEN and KNOWING(subject, request.user)
    return _page(request, subject, "need", may_edit=may_edit)


@login_required
@FORM
def capacity_need_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Something that the update institution lacks."""
    return _add(request, pk, NeedForm, services.record_need, _("Record a capacity need"), _("Recorded."))


@login_required
@FORM
def capacity_need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words, its kind and how severe it is."""
    subject: CapacityNeed = get_object_or_404(selectors.needs(request.user), pk=pk)
    require(KNOWING, subject, request.user)
    form = NeedForm(request.POST or None, initial=need_initial(subject))
    return edit_page(request, subject, form, services.change_need, title=_("Change the need"))


# -- both ---------------------------------------------------------------------------------------------------


def _add(
    request: HttpRequest, pk: int, form_class: Any, add: Callable[..., Any], title: str, said: str
) -> HttpResponse:
    """A form for something new on a hand-over that the person reads (404) and may add to (403)."""
    subject: Handover = get_object_or_404(selectors.handovers(request.user), pk=pk)
    require(KEEPERS if form_class is ItemForm else KNOWING, subject, request.user)
    more = {"handover": subject} if form_class is ItemForm else {}
    form = form_class(request.POST or None, **more)
    back = reverse("handover", args=[subject.pk])

    def save() -> None:
        add(subject, form.values, actor=request.user)

    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=title, button=_("Record"), back=back, lead=str(subject),
        draft=f"{form_class.__name__}-{subject.pk}",
    )  # fmt: skip
