"""Pages on which chair and secretariat prepare a ballot, extend and repeat it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine.errors import Unmet
from workflow.engine.forms_version import stated_version
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import electorate, preparing, proposing, selectors
from .forms import BallotDetails, ThemesQuestion, initial_of
from .models import Ballot, BallotForm, BallotState
from .preparing import KEEPERS
from .vote_forms import ExtendForm, RepeatForm


def kept_or_404(request: HttpRequest, pk: int) -> Ballot:
    """The ballot, for those who run it; 404 for whoever does not even know of it."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    require(KEEPERS, found, request.user)
    return found


def usual(twg: Twg) -> dict[str, Any]:
    """What the terms of reference say of ballots, for the form of a new one."""
    terms = electorate.terms_of(twg)
    days = terms.ballot_notice_days if terms else 10
    told: dict[str, Any] = {"deadline": timezone.localtime() + timedelta(days=days), "reminder_days": [2]}
    if terms:
        told |= {"rule": terms.ballot_rule, "quorum_percent": terms.quorum_percent}
    return told


@login_required
@FORM
def ballot_new(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare a ballot on the last draft of something that the TWG may vote on."""
    twg = get_object_or_404(Twg.objects.internal_to(request.user), code=code)
    require(KEEPERS, twg, request.user)
    initial = usual(twg) | {name: value for name, value in request.GET.items() if name in ("about", "question")}
    form = BallotDetails(request.POST or None, twg=twg, person=request.user, initial=initial)
    back = reverse("ballots", args=[twg.code])

    def save() -> str:
        made = preparing.draft_ballot(
            twg, form.values, actor=request.user, institutions=form.cleaned_data["quorum_institutions"]
        )
        return reverse("ballot", args=[made.pk])

    lead = twg.name if form.drafts else _("There is no named draft to vote on yet: take one of the text first.")
    return save_form(request, form, save, back=back, said=_("Prepared. Open it when it is right.")) or show_form(
        request, form, title=_("Prepare a ballot"), button=_("Prepare it"), back=back, lead=lead,
        draft=f"ballot-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def ballot_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a ballot in preparation."""
    found = kept_or_404(request, pk)
    if found.state != BallotState.DRAFT:
        raise Unmet(_("This ballot is not in preparation any more."))
    details = ThemesQuestion if found.form == BallotForm.RANKING else BallotDetails
    form: Any = details(request.POST or None, twg=found.twg, person=request.user, initial=initial_of(found))
    back = reverse("ballot", args=[found.pk])

    def save() -> None:
        told = {"institutions": form.cleaned_data["quorum_institutions"], "version": stated_version(request)}
        if found.form == BallotForm.RANKING:
            proposing.change_question(found, form.values, form.cleaned_data["themes"], actor=request.user, **told)
        else:
            preparing.change_ballot(found, form.values, actor=request.user, **told)

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Change the ballot"), button=_("Save"), back=back, lead=found.twg.name,
        version=found.version, draft=f"ballot-{found.pk}",
    )  # fmt: skip


@login_required
@FORM
def ballot_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """A later deadline, with the reason; all who vote are told."""
    found = kept_or_404(request, pk)
    form = ExtendForm(request.POST or None, initial={"deadline": found.deadline + timedelta(days=3)})
    back = reverse("ballot", args=[found.pk])

    def save() -> None:
        told = form.cleaned_data
        preparing.extend(
            found, told["deadline"], actor=request.user, note=told["note"], version=stated_version(request)
        )

    return save_form(request, form, save, back=back, said=_("The deadline is extended; all who vote are told.")) or (
        show_form(request, form, title=_("Extend the deadline"), button=_("Extend"), back=back, lead=found.question,
                  version=found.version)
    )  # fmt: skip


@login_required
@FORM
def ballot_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """A second ballot on the same question."""
    found = kept_or_404(request, pk)
    form = RepeatForm(request.POST or None, initial={"deadline": usual(found.twg)["deadline"]})
    back = reverse("ballot", args=[found.pk])

    def save() -> str:
        made = preparing.repeat(found, form.cleaned_data["deadline"], actor=request.user)
        return reverse("ballot", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Prepared. Open it when it is right.")) or show_form(
        request, form, title=_("Ask again"), button=_("Prepare a second ballot"), back=back, lead=found.question
    )
