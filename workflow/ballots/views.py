"""Pages on which ballots are read: a TWG's list, one ballot, the evidence of a vote."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import history, kinds, readers
from workflow.engine.selectors import actions
from workflow.groups.models import Twg

from . import closing, selectors
from .models import Ballot, BallotState, Vote
from .services import KEEPERS

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
        "crumbs": [(twg.name, reverse("twg", args=[twg.code]))],
    }
    return render(request, "workflow/ballots/ballots.html", context)


@login_required
@require_GET
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """A ballot: what is asked, what is mine to do, how it stands, who voted, what happened."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    keeps = KEEPERS(found, request.user)
    events = history.events_of(found).order_by("-sequence")[:EVENTS_ON_A_PAGE]
    over = closing.over(found)
    context = {
        "ballot": found,
        "about": found.about,
        "about_url": kinds.of(found.about).url(found.about) if found.about else "",
        "standing": selectors.standing(found, request.user),
        "mine": selectors.mine(found, request.user) if found.state != BallotState.DRAFT else [],
        "over": over,
        "hidden": selectors.closing_hidden(found),
        "reads_votes": selectors.reads_votes(found, request.user),
        "stale": closing.stale_text(found) if found.state == BallotState.DRAFT and found.draft_id else "",
        "keeps": keeps,
        "voting": found.state == BallotState.OPEN and not over,
        "repeatable": keeps and found.decided in ("no_quorum", "broken") and not hasattr(found, "repeated_by"),
        "actions": actions(found, request.user),
        "events": readers.lines_for(events, request.user),
        "crumbs": [(found.twg.name, reverse("twg", args=[found.twg.code])), *_above(found)],
    }
    return render(request, "workflow/ballots/ballot.html", context)


def _above(ballot: Ballot) -> list[tuple[str, str]]:
    return [(_("Ballots"), reverse("ballots", args=[ballot.twg.code]))]


@login_required
@require_GET
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The page on which a vote was given, for those who may read the vote, and for the institution's own people."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    vote = get_object_or_404(Vote.objects.exclude(evidence=""), pk=number, ballot=found)
    own = {m.elector.pk for m in selectors.mine(found, request.user)}
    if not selectors.reads_votes(found, request.user) and vote.elector_id not in own:
        raise Http404
    response = FileResponse(vote.evidence.open("rb"), as_attachment=True, filename=vote.evidence_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
