"""The page on which chair and secretariat write down a vote given on paper or in the room (S16)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.groups.form_tools import FORM, save_form, show_form

from . import closing, selectors, services
from .keeping import kept_or_404
from .models import Vote
from .services import Said
from .vote_forms import record_form


@login_required
@FORM
def vote_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a vote given on paper or in the room, with its evidence."""
    found = kept_or_404(request, pk)
    closing.check_voting(found)
    offered = selectors.without_vote(found)
    form: Any = record_form(
        found, offered, request.POST or None, request.FILES or None, initial={"institution": request.GET.get("for")}
    )
    back = reverse("ballot", args=[found.pk])

    def save() -> None:
        told = form.cleaned_data
        institution = told["institution"].pk
        votes = Vote.objects.filter(elector__ballot=found, elector__institution=institution).count()
        services.record(
            found, institution, Said(*form.said()), actor=request.user, way=told["way"], evidence=told["evidence"],
            number=votes,
        )  # fmt: skip

    said = _("Recorded. The institution is told and can dispute it until the ballot closes.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Record a vote given on paper or in the room"), button=_("Record the vote"), back=back,
        lead=found.question,
    )  # fmt: skip
