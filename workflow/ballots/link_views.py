"""Voting by the link in a mail: one press opens the ballot for its bearer, signed in or not (S16)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from workflow.documents.markdown import render as as_html
from workflow.groups.bearers import private, serve
from workflow.groups.form_tools import FORM, save_form
from workflow.writing import comparing, reading
from workflow.writing.models import Draft

from . import closing, counting, links, mails, selectors, services
from .models import Vote, Way
from .selectors import Mine
from .vote_forms import vote_form
from .voting import ballot_paper, initial

TEMPLATES = "workflow/ballots"


def _gone(request: HttpRequest) -> HttpResponse:
    return private(render(request, f"{TEMPLATES}/link_over.html", status=410))


@never_cache
@FORM
def vote_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The voting page for the bearer of a link. Only the button votes; a link casts once."""
    opened = links.read(token)
    if opened is None:
        return _gone(request)
    person = serve(opened.person)
    mine = Mine(opened.right, Vote.objects.filter(elector=opened.right.elector).count())
    if opened.used or closing.ended(opened.ballot):
        return private(_used(request, opened, mine, token))
    form = vote_form(opened.ballot, request.POST or None, initial=initial(mine) | {"number": opened.number})

    def save() -> None:
        services.cast(
            opened.ballot, opened.right.elector.institution_id, services.Said(*form.said()), actor=person,
            number=opened.number, way=Way.LINK,
        )  # fmt: skip

    saved = save_form(request, form, save, back=request.path, said=_("Your institution's vote is recorded."))
    return private(saved or ballot_paper(request, opened.ballot, mine, form, reader=person, token=token))


def _used(request: HttpRequest, opened: links.Opened, mine: Mine, token: str) -> HttpResponse:
    """What stands recorded, with its receipt; a link that has voted, or comes late, can do no more."""
    context = {
        "ballot": opened.ballot,
        "mine": mine,
        "said": counting.in_words(mine.current) if mine.current else "",
        "token": token,
        "over": closing.ended(opened.ballot),
    }
    return render(request, f"{TEMPLATES}/link_used.html", context, status=409 if request.method == "POST" else 200)


def _draft_of(token: str) -> tuple[links.Opened, Draft] | None:
    opened = links.read(token)
    if opened is None or opened.ballot.draft is None:
        return None
    serve(opened.person)
    return opened, opened.ballot.draft


@never_cache
@require_GET
def text_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The text that is voted on, page by page, for the bearer of a link."""
    found = _draft_of(token)
    if found is None:
        return _gone(request)
    opened, draft = found
    page = reading.page_of(reading.lines_of(draft), request.GET.get("page"))
    bodies = reading.bodies(page.lines)
    # Pictures are fetched with one's own sign-in: whoever reads by link gets their captions.
    sections = [
        (line, as_html(bodies.get(line.revision_id or 0, ""), prefix=f"s{line.section_id}", level=4))
        for line in page.lines
    ]
    context = {"ballot": opened.ballot, "draft": draft, "sections": sections, "page": page, "token": token}
    return private(render(request, f"{TEMPLATES}/link_text.html", context))


@never_cache
@require_GET
def changes_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What changed since the draft before, word by word, for the bearer of a link."""
    found = _draft_of(token)
    before = selectors.draft_before(found[1]) if found else None
    if found is None or before is None:
        return _gone(request)
    opened, draft = found
    steps = comparing.changed_sections(before, draft)
    page = reading.page_of([step.line for step in steps], request.GET.get("page"))
    shown = {line.pk for line in page.lines}
    context = {
        "ballot": opened.ballot,
        "draft": draft,
        "before": before,
        "sections": comparing.compare_sections(step for step in steps if step.line.pk in shown),
        "page": page,
        "token": token,
    }
    return private(render(request, f"{TEMPLATES}/link_changes.html", context))


@never_cache
@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """A used link asks for a fresh one: it goes to the bearer's own address, and nowhere else."""
    opened = links.read(token)
    if opened is None or closing.ended(opened.ballot):
        return _gone(request)
    person = serve(opened.person)
    mails.renew(opened.ballot, opened.right.elector, person)
    return private(redirect(f"{reverse('vote-by-link', args=[token])}?sent=1"))
