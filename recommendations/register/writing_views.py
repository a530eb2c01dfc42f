"""Pages on which a recommendation is written: drafted, taken from minutes, changed, likened, handed on to countries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.minutes import selectors as minutes
from workflow.groups.form_tools import FORM, edit_page, initial_names, save_form, show_form
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import issuing, selectors, services
from .flow import KEEPERS
from .forms import CascadeForm, RecommendationForm, SimilarForm
from .models import Ground, Recommendation
from .views import find

PLAIN = ("ground", "priority", "lead", "due", "rhythm", "meeting", "edition", "section")


@login_required
@FORM
def recommendation_new(request: HttpRequest, code: str) -> HttpResponse:
    """A draft. `?meeting=` and `?edition=` say where it comes from."""
    twg: Twg = get_object_or_404(selectors.twgs(request.user), code=code)
    require(KEEPERS, twg, request.user)
    named = {name: request.GET.get(name, "") for name in ("meeting", "edition")}
    initial = {k: int(v) for k, v in named.items() if v.isdecimal() and len(v) < 19}
    form = RecommendationForm(request.POST or None, twg=twg, person=request.user, initial=initial)
    back = reverse("twg-recommendations", args=[twg.code])

    def save() -> str:
        made = services.draft(twg, form.values, actor=request.user)
        return reverse("recommendation", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Drafted. It gets its number when it is issued.")) or (
        show_form(
            request, form, title=_("Draft a recommendation"), button=_("Save the draft"), back=back, lead=twg.name,
            draft=f"recommendation-new-{twg.pk}",
        )
    )  # fmt: skip


@login_required
@FORM
def recommendation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words until they are answered; whom it is addressed to, by when and on what ground at any time."""
    subject = find(request, pk)
    require(KEEPERS, subject, request.user)
    initial: dict[str, Any] = initial_names(texts=subject.texts, rationales=subject.rationales)
    initial |= {name: getattr(subject, name) for name in PLAIN}
    initial |= {name: [one.pk for one in getattr(subject, name).all()] for name in services.MANY}
    form = RecommendationForm(request.POST or None, twg=subject.twg, person=request.user, initial=initial)
    if subject.meeting_id and not form.fields["meeting"].queryset.filter(pk=subject.meeting_id).exists():  # type: ignore[attr-defined]
        del form.fields["meeting"]  # a region's, which it was handed on from: that stays
    return edit_page(request, subject, form, services.change, title=_("Change the recommendation"))


# -- from the minutes -------------------------------------------------------------------------------------


@login_required
@require_POST
def from_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: what was decided becomes a recommendation."""
    return _from(request, get_object_or_404(minutes.decisions(request.user), pk=pk))


@login_required
@require_POST
def from_action_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: what is to be done becomes a recommendation, with who is to do it and by when."""
    return _from(request, get_object_or_404(minutes.action_items(request.user), pk=pk))


def _from(request: HttpRequest, row: Any) -> HttpResponse:
    ground = request.POST.get("ground", "")
    if ground not in Ground.values:
        raise Http404
    made = services.from_minutes(row, ground, actor=request.user)
    messages.success(request, _("Drafted. It gets its number when it is issued."))
    return redirect("recommendation", made.pk)


# -- others -----------------------------------------------------------------------------------------------


@login_required
@FORM
def similar_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Link it with one that says nearly the same."""
    subject = find(request, pk)
    require(KEEPERS, subject, request.user)
    form = SimilarForm(request.POST or None, recommendation=subject, person=request.user)
    back = reverse("recommendation", args=[subject.pk])

    def save() -> None:
        services.liken(subject, form.cleaned_data["other"], actor=request.user)

    return save_form(request, form, save, back=back, said=_("Linked.")) or show_form(
        request, form, title=_("Link a similar recommendation"), button=_("Link them"), back=back, lead=str(subject),
    )  # fmt: skip


@login_required
@require_POST
def similar_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link away; both histories keep that it was there."""
    subject = find(request, pk)
    named = request.POST.get("other", "")
    other: Recommendation = get_object_or_404(
        selectors.recommendations(request.user), pk=int(named) if named.isdecimal() and len(named) < 19 else 0
    )
    services.part(subject, other, actor=request.user)
    messages.success(request, _("The link is taken away."))
    return redirect("recommendation", subject.pk)


@login_required
@FORM
def cascade(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one of a region's on to the TWGs concerned (S22)."""
    subject = find(request, pk)
    require(KEEPERS, subject, request.user)
    back = reverse("recommendation", args=[subject.pk])
    form = CascadeForm(request.POST or None, recommendation=subject)

    def save() -> None:
        services.cascade(subject, form.cleaned_data["twgs"], actor=request.user)

    saved = save_form(request, form, save, back=back, said=_("Handed on: each TWG has an item of its own now."))
    return saved or show_form(
        request, form, title=_("Hand it on to countries"), button=_("Hand it on"), back=back,
        lead=str(subject) if issuing.concerned(subject) else _("Every country that it concerns has it already."),
    )  # fmt: skip
