"""Voting by the link in a mail: one press opens the ballot for its bearer, signed in or not (S16)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from workflow.documents.markdown import render as as_html
from workflow.groups.form_tools import FORM, save_form
from workflow.writing import selectors as texts
from workflow.writing.models import Draft

from . import links, mails, services
from .forms import vote_form
from .models import Vote, Way
from .selectors import Mine
from .voting import ballot_paper, initial


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "workflow/ballots/link_over.html", status=410)


def _as(opened: links.Opened) -> Any:
    """The bearer's language and zone, whoever is signed in on this device."""
    translation.activate(opened.person.language)
    timezone.activate(opened.person.time_zone)
    return opened.person


@never_cache
@FORM
def vote_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The voting page for the bearer of a link. Only the button votes; a link casts once."""
    opened = links.read(token)
    if opened is None:
        return _gone(request)
    person = _as(opened)
    mine = Mine(opened.right, Vote.objects.filter(elector=opened.right.elector).count())
    if opened.used or links.is_over(opened.ballot):
        context = {"ballot": opened.ballot, "mine": mine, "token": token, "over": links.is_over(opened.ballot)}
        return render(request, "workflow/ballots/link_used.html", context)
    form = vote_form(opened.ballot, request.POST or None, initial=initial(mine) | {"number": opened.number})

    def save() -> None:
        services.cast(
            opened.ballot, opened.right.elector.institution_id, services.Said(*form.said()), actor=person,
            number=opened.number, way=Way.LINK,
        )  # fmt: skip

    saved = save_form(request, form, save, back=request.path, said=_("Your institution's vote is recorded."))
    return saved or ballot_paper(request, opened.ballot, mine, form, action=request.path, token=token)


@never_cache
@require_GET
def text_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The text that is voted on, for the bearer of a link."""
    opened = links.read(token)
    if opened is None or opened.ballot.draft is None:
        return _gone(request)
    _as(opened)
    draft: Draft = opened.ballot.draft
    parts = [
        (part, [(line, as_html(line.body, prefix=f"s{line.section_id}")) for line in part.sections])
        for part in texts.parts_of_draft(draft)
    ]
    context = {"ballot": opened.ballot, "draft": draft, "parts": parts, "token": token}
    return render(request, "workflow/ballots/link_text.html", context)


@never_cache
@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """A used link asks for a fresh one: it goes to the bearer's own address, and nowhere else."""
    opened = links.read(token)
    if opened is None or links.is_over(opened.ballot):
        return _gone(request)
    person = _as(opened)
    mails.renew(opened.ballot, opened.right.elector, person)
    return redirect(f"{reverse('vote-by-link', args=[token])}?sent=1")
