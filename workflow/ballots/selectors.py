"""What the pages of ballots read: how each stands, who has voted, how anybody voted where that may be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from workflow.groups import access
from workflow.groups.models import Institution

from . import closing, counting, electorate
from .models import Ballot, BallotForm, BallotState, Elector, Option, Secrecy, Vote
from .ranking import Place
from .rules import Result


def ballots(person: Any) -> QuerySet[Ballot]:
    return Ballot.objects.all().visible_to(person).select_related("twg__region", "terms", "draft__text")


def listed(person: Any, twg: Any) -> QuerySet[Ballot]:
    """A TWG's ballots with their turnout, the newest first: one query."""
    voting = Q(electors__recused_at=None)
    return ballots(person).filter(twg=twg).annotate(
        entitled=Count("electors", filter=voting, distinct=True),
        voted=Count("electors", filter=voting & Q(electors__current__isnull=False), distinct=True),
    )  # fmt: skip


def reads_votes(ballot: Ballot, person: Any) -> bool:
    """Whether the person learns how each institution voted: members in the full sense and IOM, never while hidden."""
    return not closing_hidden(ballot) and access.may_read_addresses(person, ballot.twg)


def closing_hidden(ballot: Ballot) -> bool:
    """Hidden until closing, and cancelled ones for ever: nobody was told that their vote would be seen then."""
    return ballot.secrecy == Secrecy.HIDDEN and ballot.state != BallotState.CLOSED


@dataclass(frozen=True)
class Row:
    """One voting institution as the roll shows it. `vote` is None where it may not be known or there is none."""

    elector: Elector
    voted: bool
    left: bool
    vote: Vote | None


@dataclass(frozen=True)
class Standing:
    """How a ballot stands for one reader. `result` is None while its count is hidden."""

    rows: list[Row]
    result: Result | None
    places: list[tuple[Option, Place]] = field(default_factory=list)

    @property
    def entitled(self) -> int:
        return sum(1 for row in self.rows if row.elector.recused_at is None)

    @property
    def voted(self) -> int:
        return sum(1 for row in self.rows if row.voted)

    @property
    def percent(self) -> int:
        return 100 * self.voted // self.entitled if self.entitled else 0


def standing(ballot: Ballot, person: Any) -> Standing:
    """Turnout for all who see the ballot; the count and the votes for those who may know them."""
    if ballot.state == BallotState.DRAFT:
        return Standing([], None)
    electors = counting.electors_of(ballot)
    open_votes = reads_votes(ballot, person)
    left = set(ballot.result.get("left", [])) if ballot.state == BallotState.CLOSED else electorate.departed(ballot)
    rows = [Row(e, e.current_id is not None, e.pk in left, e.current if open_votes else None) for e in electors]
    if closing_hidden(ballot):
        return Standing(rows, None)
    counted = counting.result(ballot, electors, over=closing.over(ballot))
    return Standing(rows, counted, _places(ballot, electors) if ballot.form == BallotForm.RANKING else [])


def _places(ballot: Ballot, electors: list[Elector]) -> list[tuple[Option, Place]]:
    options = {o.number: o for o in Option.objects.filter(ballot=ballot)}
    return [(options[place.option], place) for place in counting.places(ballot, electors)]


@dataclass(frozen=True)
class Mine:
    """An institution for which the person votes, and what stands recorded for it."""

    right: electorate.Right
    votes: int

    @property
    def elector(self) -> Elector:
        return self.right.elector

    @property
    def current(self) -> Vote | None:
        return self.right.elector.current


def mine(ballot: Ballot, person: Any) -> list[Mine]:
    """The votes that are the person's to cast, with what their institution has said so far."""
    found = electorate.rights(ballot, person)
    if not found:
        return []
    numbers = Vote.objects.filter(elector__in=[r.elector for r in found]).values_list("elector").annotate(Count("pk"))
    counts = dict(numbers)
    return [Mine(right, counts.get(right.elector.pk, 0)) for right in found]


def waiting(person: Any) -> list[tuple[Ballot, Elector]]:
    """Open ballots in which an institution of the person's has not voted yet: two queries."""
    seats = [s for s in access.seats(person).present if s.institution_id and s.modality == "member"]
    if not seats:
        return []
    places = Q(pk__in=[])
    for seat in seats:
        places |= Q(ballot__twg=seat.twg_id, institution=seat.institution_id)
    electors = Elector.objects.filter(
        places, ballot__state=BallotState.OPEN, recused_at=None, current=None
    ).select_related("ballot__terms", "ballot__twg")  # fmt: skip
    return [(e.ballot, e) for e in electors if electorate.rights(e.ballot, person, [e]) and not closing.over(e.ballot)]


def counted(found: Result) -> dict[str, int]:
    """The count by its names, for those who get the result."""
    return counting.numbers(found)


def without_vote(ballot: Ballot) -> Iterable[Institution]:
    """Institutions that may still vote."""
    silent = Elector.objects.filter(ballot=ballot, recused_at=None, current=None)
    return Institution.objects.filter(pk__in=silent.values("institution")).order_by("pk")


def history_of(elector: Elector) -> list[Vote]:
    """Every vote of an institution in a ballot, the newest first."""
    return list(Vote.objects.filter(elector=elector).order_by("-number"))
