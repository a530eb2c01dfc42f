"""Pages on which an institution votes, disputes a vote recorded for it, or takes no part."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.groups.form_tools import FORM, save_form, show_form, status_of

from . import closing, selectors, services
from .models import Ballot
from .selectors import Mine
from .vote_forms import ReasonForm, vote_form


def mine_or_404(request: HttpRequest, pk: int, institution: int) -> tuple[Ballot, Mine]:
    """The ballot and the person's right in it for this institution; 404 for whoever has none."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    right = next((m for m in selectors.mine(found, request.user) if m.elector.institution_id == institution), None)
    if right is None:
        raise Http404
    return found, right


def initial(mine: Mine) -> dict[str, Any]:
    """The vote that stands, so that changing it begins there."""
    told: dict[str, Any] = {"number": mine.votes}
    if mine.current:
        told |= {"choice": mine.current.choice, "words": mine.current.words}
        told |= {f"option_{number}": str(place) for place, number in enumerate(mine.current.ranking, start=1)}
    return told


@login_required
@FORM
def vote(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """One page: what is asked, the text, what changed in it, the choices."""
    found, right = mine_or_404(request, pk, institution)
    form = vote_form(found, request.POST or None, initial=initial(right))
    back = reverse("ballot", args=[found.pk])

    def save() -> None:
        services.cast(
            found, institution, services.Said(*form.said()), actor=request.user, number=form.cleaned_data["number"]
        )

    said = _("Your institution's vote is recorded.")
    return save_form(request, form, save, back=f"{back}#receipt", said=said) or ballot_paper(
        request, found, right, form, reader=request.user, back=back, kept=f"vote-{pk}-{institution}-{right.votes}"
    )


def ballot_paper(
    request: HttpRequest, found: Ballot, right: Mine, form: Any, *, reader: Any, **context: Any
) -> HttpResponse:
    """The voting page, signed in or by link: one page on a phone, down to the button."""
    context |= {
        "ballot": found,
        "mine": right,
        "form": form,
        "rejected": right.right.waits,
        "before": selectors.draft_before(found.draft) if found.draft else None,
        "comments": selectors.open_comments(found, right.elector, reader),
        "over": closing.over(found),
    }
    return render(request, "workflow/ballots/vote.html", context, status=status_of(form))


@login_required
@FORM
def dispute(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """The institution did not vote so: what the secretariat has recorded counts no more."""
    return _with_reason(
        request, pk, institution, services.dispute, title=_("Dispute the recorded vote"),
        button=_("It was not our vote"), said=_("The recorded vote counts no more. You can vote now."),
    )  # fmt: skip


@login_required
@FORM
def recuse(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """The institution takes no part in this ballot."""
    return _with_reason(
        request, pk, institution, services.recuse, title=_("Take no part in this ballot"), button=_("Take no part"),
        said=_("Your institution takes no part in this ballot."),
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, pk: int, institution: int, service: Any, *, title: str, button: str, said: str | Promise
) -> HttpResponse:
    found, right = mine_or_404(request, pk, institution)
    form = ReasonForm(request.POST or None)
    back = reverse("ballot", args=[found.pk])

    def save() -> None:
        service(found, institution, actor=request.user, note=form.cleaned_data["note"])

    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=title, button=button, back=back, lead=f"{right.elector}: {found.question}", danger=True
    )
