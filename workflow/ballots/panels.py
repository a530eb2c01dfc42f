"""The room's panels: a TWG's ballots and themes, and the ballots on one edition, template or terms of reference."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from workflow.engine import kinds
from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.models import Twg

from .models import Ballot, BallotState
from .preparing import KEEPERS

LINE = ("question", "state", "decided", "deadline")


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any]] | None:
    """The ballots that are prepared or open, for those who read the TWG from the inside."""
    if not access.inside(person, twg):
        return None
    keeps = bool(KEEPERS(twg, person))
    found = Ballot.objects.all().visible_to(person).filter(twg=twg, state__in=[BallotState.DRAFT, BallotState.OPEN])
    return _wanted(found, {"twg": twg, "keeps": keeps})


def of_subject(subject: Any, person: Any) -> Wanted[dict[str, Any]] | None:
    """The ballots on a subject, with the way to prepare one for those who may."""
    found = Ballot.objects.all().visible_to(person).filter(about_kind=kinds.of(subject).name, about_id=subject.pk)
    twg = getattr(subject, "twg", None)
    keeps = twg is not None and bool(KEEPERS(subject, person))
    return _wanted(found.exclude(state=BallotState.CANCELLED), {"twg": twg, "keeps": keeps})


def _wanted(found: QuerySet[Ballot], context: dict[str, Any]) -> Wanted[dict[str, Any]]:
    listing = Listing(found.order_by("-pk"), *LINE)
    return Wanted({"ballots": listing}, lambda read: {**context, "ballots": read["ballots"]})
