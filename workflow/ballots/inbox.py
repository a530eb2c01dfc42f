"""What waits for a person in the ballots room: the vote of their institution, a ballot to open, one that has closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine.inbox import Item, coming, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from . import electorate, selectors
from .models import Ballot, BallotState

TWG = ("names", "country", "region__names")
BALLOT = ("question", "deadline", *(f"twg__{column}" for column in ("code", *TWG)))


@waiting("ballots")
def waiting_ballots(person: Any) -> Wanted[Iterable[Item]] | None:
    """Open ballots in which the person's institution has not voted, the soonest deadline first."""
    found = selectors.waiting(person)
    if found is None:
        return None
    columns = ("names", "institution", "recused_at", "ballot__terms__voting_roles", *(f"ballot__{c}" for c in BALLOT))
    return Wanted({"electors": Listing(found, *columns)}, lambda read: list(_to_vote(read, person)))


def _to_vote(found: Found, person: Any) -> Iterator[Item]:
    for elector in found["electors"]:
        ballot = elector.ballot
        if electorate.rights(ballot, person, [elector]):
            yield Item(
                title=ballot.question,
                detail=_("For %(institution)s, in %(twg)s") % {"institution": elector.name, "twg": ballot.twg.name},
                action=_("Vote"),
                url=reverse("vote", args=[ballot.pk, elector.institution_id]),
                due=timezone.localtime(ballot.deadline).date(),
            )


@coming("ballots")
def coming_ballots(person: Any) -> Wanted[Iterable[Item]] | None:
    """For those who run the TWG: the ballots that are open, with the day on which each closes."""
    running = {s.twg_id for s in access.seats(person).present if s.role in ("chair", "secretariat")}
    if not running:
        return None
    found = Ballot.objects.filter(twg__in=running, state=BallotState.OPEN).order_by("deadline", "pk")
    return Wanted({"ballots": Listing(found, *BALLOT)}, lambda read: [_closing(ballot) for ballot in read["ballots"]])


def _closing(ballot: Ballot) -> Item:
    return Item(
        title=_("The ballot “%(question)s” closes") % {"question": ballot.question},
        detail=ballot.twg.name,
        action=_("See who has voted"),
        url=reverse("ballot", args=[ballot.pk]),
        due=timezone.localtime(ballot.deadline).date(),
    )
