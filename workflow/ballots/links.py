"""Links that open one ballot for one person: signed, for that purpose alone, and used up by the vote (S16).

A link signs nobody in. It is bound to ballot, institution, the person's address and the number of votes that the
institution had when it was made, so that it casts once. Opening it changes nothing: mail scanners may follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workflow.groups.bearers import bound_to
from workflow.groups.models import Membership, Person

from . import electorate
from .models import Ballot, BallotState, Elector, Vote

SALT = "palabre.vote"


@dataclass(frozen=True)
class Opened:
    """Whom a link lets vote for which institution. `used` says that the institution has voted since it was sent."""

    ballot: Ballot
    person: Person
    right: electorate.Right
    number: int
    used: bool


def link_for(ballot: Ballot, elector: Elector, person: Person) -> str:
    """The signed link of one person for one institution's vote."""
    number = Vote.objects.filter(elector=elector).count()
    token = signing.dumps([ballot.pk, elector.pk, person.pk, bound_to(person, SALT), number], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("vote-by-link", args=[token])


def read(token: str) -> Opened | None:
    """What a link opens; None when it is forged, or its bearer has no right to this vote any more.

    It expires with the ballot: on a closed one it opens nothing that can be cast.
    """
    try:
        ballot_id, elector_id, person_id, bound, number = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    ballot = Ballot.objects.select_related("twg__region", "terms", "draft__text").filter(pk=ballot_id).first()
    if person is None or bound_to(person, SALT) != bound or ballot is None or ballot.state == BallotState.DRAFT:
        return None
    elector = Elector.objects.filter(pk=elector_id, ballot=ballot).select_related("current").first()
    rights = electorate.rights(ballot, person, [elector]) if elector else []
    if elector is None or not rights:
        return None
    votes = Vote.objects.filter(elector=elector).count()
    return Opened(ballot, person, rights[0], number, used=votes != number)


def representatives(elector: Elector, ballot: Ballot) -> list[Any]:
    """Everybody who may cast the elector's vote today, members before alternates."""
    roles = electorate.voting_roles(ballot.terms) if ballot.terms else []
    seats = (
        Membership.objects.active()
        .filter(twg=ballot.twg_id, institution=elector.institution_id, role__in=roles, person__is_active=True)
        .select_related("person")
    )
    return list({seat.person_id: seat.person for seat in sorted(seats, key=lambda s: s.role == "alternate")}.values())
