"""Pages on which ballots are read: a TWG's list, one ballot, the evidence of a vote."""

from __future__ import annotations

import mimetypes

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import history, kinds, readers
from workflow.engine.selectors import actions
from workflow.groups.models import Twg
from workflow.writing.storing import given

from . import closing, ranking, selectors
from .models import Ballot, BallotState, Vote
from .preparing import ASKED_AGAIN, KEEPERS

ON_A_PAGE = 25
EVENTS_ON_A_PAGE = 5


@login_required
@require_GET
def ballots(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's ballots: what was asked, how it came out, who voted."""
    twg = get_object_or_404(Twg.objects.internal_to(request.user).select_related("region"), code=code)
    page = Paginator(selectors.listed(request.user, twg), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "twg": twg,
        "page_obj": page,
        "may_keep": KEEPERS(twg, request.user),
        "crumbs": crumbs_of(twg),
    }
    return render(request, "workflow/ballots/ballots.html", context)


@login_required
@require_GET
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """A ballot: what is asked, what is mine to do, how it stands, who voted, what happened."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    keeps = KEEPERS(found, request.user)
    events = list(history.events_of(found).order_by("-sequence")[:EVENTS_ON_A_PAGE])
    about, over = found.about, closing.over(found)
    drafted = found.state == BallotState.DRAFT
    context = {
        "ballot": found,
        "about": about,
        "about_url": kinds.of(about).url(about) if about else "",
        "options": list(found.options.all()),
        "required": selectors.required(found),
        "standing": selectors.standing(found, request.user, over=over),
        "mine": [] if drafted else selectors.mine(found, request.user),
        "over": over,
        "ranking": ranking,
        "reads_votes": selectors.reads_votes(found, request.user),
        "stale": closing.stale_text(found) if drafted and found.draft_id else "",
        "keeps": keeps,
        "voting": found.state == BallotState.OPEN and not over,
        "repeatable": keeps and found.decided in ASKED_AGAIN and not hasattr(found, "repeated_by"),
        "actions": actions(found, request.user),
        "events": readers.lines_for(events, request.user),
        "crumbs": [*crumbs_of(found.twg), (_("Ballots"), reverse("ballots", args=[found.twg.code]))],
    }
    return render(request, "workflow/ballots/ballot.html", context)


def crumbs_of(twg: Twg) -> list[tuple[str, str]]:
    return [(twg.name, reverse("twg", args=[twg.code]))]


@login_required
@require_GET
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The page on which a vote was given, for those who may read the vote, and for the institution's own people."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    return evidence_of(request, found, number)


def evidence_of(request: HttpRequest, found: Ballot, number: int) -> HttpResponseBase:
    vote = get_object_or_404(Vote.objects.exclude(evidence=""), pk=number, ballot=found)
    own = {m.elector.pk for m in selectors.mine(found, request.user)}
    if not selectors.reads_votes(found, request.user) and vote.elector_id not in own:
        raise Http404
    return given(request, Evidence(vote), attached=True)


class Evidence:
    """A vote's file, as `storing.given` takes files."""

    def __init__(self, vote: Vote) -> None:
        self.pk, self._meta = vote.pk, vote._meta
        self.file, self.name, self.sha256 = vote.evidence, vote.evidence_name, vote.evidence_sha256
        self.content_type = mimetypes.guess_type(vote.evidence_name)[0] or "application/octet-stream"
