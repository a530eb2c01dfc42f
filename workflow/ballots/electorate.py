"""Who votes: fixed from the terms of reference and the seats of the day on which a ballot opens (S10, S16).

The vote belongs to the institution. Who may cast it is asked anew each time, so that a change of representative moves
the right to cast and never the count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflow.groups import access
from workflow.groups.models import CategoryRule, Institution, Membership, Role, TermsOfReference, TermsState, Twg
from workflow.groups.models.terms import NEVER_VOTES

from .models import Ballot, Elector


def terms_of(twg: Twg) -> TermsOfReference | None:
    """The terms in force; a linked body without terms of its own goes by those of the TWG it is linked to."""
    places = [twg.pk, twg.linked_to_id] if twg.linked_to_id else [twg.pk]
    found = {t.twg_id: t for t in TermsOfReference.objects.filter(twg__in=places, state=TermsState.ADOPTED)}
    return next((found[pk] for pk in places if pk in found), None)


def voting_institutions(twg: Twg, terms: TermsOfReference) -> list[Institution]:
    """Institutions whose category votes and for which somebody sits today in a role that votes."""
    categories = CategoryRule.objects.filter(terms=terms, votes=True).values("category")
    seated = Membership.objects.active().filter(twg=twg, role__in=voting_roles(terms)).exclude(institution=None)
    found = Institution.objects.filter(pk__in=seated.values("institution"), category__in=categories)
    return list(found.order_by("pk"))


def voting_roles(terms: TermsOfReference) -> list[str]:
    return [role for role in terms.voting_roles if role not in NEVER_VOTES]


def fix(ballot: Ballot, terms: TermsOfReference) -> list[Elector]:
    """Write the electorate of a ballot that opens."""
    return Elector.objects.bulk_create(
        Elector(ballot=ballot, institution=one, names=one.names, category=one.category)
        for one in voting_institutions(ballot.twg, terms)
    )


@dataclass(frozen=True)
class Right:
    """A seat from which a person may cast an institution's vote. An alternate votes if the member has not."""

    elector: Elector
    role: str

    @property
    def waits(self) -> bool:
        """Whether the member's vote stands, so that the alternate may not change it."""
        vote = self.elector.current
        return self.role == Role.ALTERNATE and vote is not None and vote.capacity not in ("", Role.ALTERNATE)


def rights(ballot: Ballot, person: Any, electors: Iterable[Elector] | None = None) -> list[Right]:
    """For which electors of the ballot the person may cast today, with the strongest of their roles."""
    held = _held(ballot, person)
    if not held:
        return []
    among = Elector.objects.filter(ballot=ballot).select_related("current") if electors is None else electors
    return [Right(e, held[e.institution_id]) for e in among if e.institution_id in held and e.recused_at is None]


def speaks_for(ballot: Ballot, person: Any, elector: Elector) -> bool:
    """Whether the person votes for this institution today, also when it takes no part in this ballot."""
    return elector.institution_id in _held(ballot, person)


def _held(ballot: Ballot, person: Any) -> dict[int, str]:
    """The person's institutions with a vote in the ballot's TWG, by the role from which they cast it."""
    allowed = voting_roles(ballot.terms) if ballot.terms else []
    held: dict[int, str] = {}
    for seat in access.seats(person).present:
        if seat.twg_id == ballot.twg_id and seat.institution_id and seat.role in allowed and seat.modality == "member":
            kept = held.get(seat.institution_id)
            if kept in (None, Role.ALTERNATE):
                held[seat.institution_id] = seat.role
    return held


def has_member(ballot: Ballot, elector: Elector) -> bool:
    """Whether somebody besides alternates sits for the institution in a role that votes."""
    roles = voting_roles(ballot.terms) if ballot.terms else []
    seated = Membership.objects.active().filter(twg=ballot.twg_id, institution=elector.institution_id, role__in=roles)
    return seated.exclude(role=Role.ALTERNATE).exists()


def departed(ballot: Ballot) -> set[int]:
    """Electors for which nobody may cast any more: their institution has left. They are marked, never dropped."""
    if ballot.terms is None:
        return set()
    seated = (
        Membership.objects.active()
        .filter(twg=ballot.twg_id, role__in=voting_roles(ballot.terms))
        .exclude(institution=None)
    )
    gone = Elector.objects.filter(ballot=ballot).exclude(institution__in=seated.values("institution"))
    return set(gone.values_list("pk", flat=True))
