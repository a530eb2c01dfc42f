"""Pages of one's own institution in a round: what it has said, what is inside it still, how it clears its comments."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from workflow.groups.form_tools import FORM, save_form, show_form

from . import clearance, reading, remarks, selectors
from .flow import takes_comments
from .forms import EmptyForm
from .models import Remark, RemarkState, Round
from .round_views import crumbs_to, find

INSIDE_SHOWN = 200


def _mine(request: HttpRequest, pk: int) -> tuple[Round, selectors.Mine]:
    round_ = find(request, pk)
    mine = selectors.mine(round_, request.user)
    if mine is None:
        raise Http404
    return round_, mine


@login_required
@require_GET
def round_mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What one's institution says in the round: inside still, submitted, answered; and how it clears its comments."""
    round_, mine = _mine(request, pk)
    own = Remark.objects.all().visible_to(request.user).filter(round=round_, institution=mine.institution)
    said = own.comments().with_all()
    if request.GET.get("state") == RemarkState.ANSWERED:
        said = said.filter(state=RemarkState.ANSWERED)
    inside = own.filter(inside=True, state=RemarkState.INSIDE).with_all().order_by("pk")
    context = {
        "round": round_,
        "mine": mine,
        "inside": list(inside[:INSIDE_SHOWN]),
        "page_obj": reading.pages(said, request.GET.get("page")),
        "takes_comments": takes_comments(round_),
        "crumbs": crumbs_to(round_),
    }
    return render(request, "workflow/comments/mine.html", context)


@login_required
@FORM
def round_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit all that is inside the institution at once, as one voice."""
    round_, mine = _mine(request, pk)
    form = EmptyForm(request.POST or None)
    back = reverse("round-mine", args=[pk])

    def save() -> None:
        remarks.submit_all(round_, mine.institution, actor=request.user)

    said = _("Submitted: the TWG reads your institution's comments now.")
    lead = ngettext("%(count)d comment is inside your institution.", "%(count)d comments are inside your institution.",
                    mine.inside) % {"count": mine.inside}  # fmt: skip
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Submit as one voice"), button=_("Submit all"), back=back, lead=lead,
        version=round_.version,
    )  # fmt: skip


@login_required
@FORM
def round_clearance(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the institution's clearance on or off, for all rounds of this TWG."""
    round_, mine = _mine(request, pk)
    form = EmptyForm(request.POST or None)
    back = reverse("round-mine", args=[pk])
    on = not clearance.is_on(round_.twg_id, mine.institution.pk)

    def save() -> None:
        wanted = {"on": True, "off": False}.get(request.POST.get("switch", ""), on)
        clearance.switch(round_.twg, mine.institution, on=wanted, actor=request.user)

    title = _("Clear comments within the institution first") if on else _("Let colleagues comment directly")
    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=title, button=_("Switch on") if on else _("Switch off"), back=back,
        lead=str(mine.institution), version=round_.version,
    )  # fmt: skip
