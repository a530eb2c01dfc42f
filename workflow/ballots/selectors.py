"""What the pages of ballots read: how each stands, who has voted, how anybody voted where that may be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from workflow.comments.models import Remark
from workflow.engine import clock
from workflow.groups import access
from workflow.groups.models import Category, Institution
from workflow.writing.models import Draft

from . import closing, counting, electorate, ranking
from .models import Ballot, BallotForm, BallotState, Elector, Option, Theme, ThemeState, Vote
from .ranking import Place
from .tally import Result
from .themes import ABOUT

COMMENTS_SHOWN = 10


def ballots(person: Any) -> QuerySet[Ballot]:
    return Ballot.objects.all().visible_to(person).select_related("twg__region", "terms", "draft__text")


def listed(person: Any, twg: Any) -> QuerySet[Ballot]:
    """A TWG's ballots with their turnout, the newest first: one query."""
    voting = Q(electors__recused_at=None)
    return ballots(person).filter(twg=twg).order_by("-pk").annotate(
        entitled=Count("electors", filter=voting, distinct=True),
        voted=Count("electors", filter=voting & Q(electors__current__isnull=False), distinct=True),
    )  # fmt: skip


def reads_votes(ballot: Ballot, person: Any) -> bool:
    """Whether the person learns how each institution voted: members in the full sense and IOM, never while hidden."""
    return not ballot.hides_votes and access.may_read_addresses(person, ballot.twg)


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
    def ties(self) -> list[str]:
        """Where the rule for ties has decided who is chosen: the options with equal points, by their titles."""
        titles = {option.number: str(option) for option, _place in self.places}
        groups = ranking.decided_by_ties([place for _option, place in self.places])
        return [", ".join(titles[number] for number in group) for group in groups]

    @property
    def entitled(self) -> int:
        return sum(1 for row in self.rows if row.elector.recused_at is None)

    @property
    def voted(self) -> int:
        return sum(1 for row in self.rows if row.voted)

    @property
    def percent(self) -> int:
        return 100 * self.voted // self.entitled if self.entitled else 0


def standing(ballot: Ballot, person: Any, *, over: bool | None = None) -> Standing:
    """Turnout for all who see the ballot; the count and the votes for those who may know them."""
    if ballot.state == BallotState.DRAFT:
        return Standing([], None)
    electors = counting.electors_of(ballot)
    open_votes = reads_votes(ballot, person)
    left = set(ballot.result.get("left", [])) if ballot.state == BallotState.CLOSED else electorate.departed(ballot)
    rows = [Row(e, e.current_id is not None, e.pk in left, e.current if open_votes else None) for e in electors]
    if ballot.hides_votes:
        return Standing(rows, None)
    counted = counting.result(ballot, electors, over=closing.over(ballot) if over is None else over)
    return Standing(rows, counted, _places(ballot, electors, counted) if ballot.form == BallotForm.RANKING else [])


def _places(ballot: Ballot, electors: list[Elector], found: Result) -> list[tuple[Option, Place]]:
    options = {o.number: o for o in Option.objects.filter(ballot=ballot)}
    return [(options[place.option], place) for place in counting.places(ballot, electors, found)]


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


def waiting(person: Any) -> QuerySet[Elector] | None:
    """Institutions of the person's that have not voted yet in a ballot that is open; None for whoever has none."""
    seats = [s for s in access.seats(person).present if s.institution_id and s.modality == "member"]
    if not seats:
        return None
    places = Q(pk__in=[])
    for seat in seats:
        places |= Q(ballot__twg=seat.twg_id, institution=seat.institution_id)
    found = Elector.objects.filter(places, ballot__state=BallotState.OPEN, recused_at=None, current=None)
    return found.filter(ballot__deadline__gt=clock.moment()).order_by("ballot__deadline", "pk")


def counted(found: Result) -> dict[str, int]:
    """The count by its names, for those who get the result."""
    return counting.numbers(found)


def without_vote(ballot: Ballot) -> Iterable[Institution]:
    """Institutions that may still vote."""
    silent = Elector.objects.filter(ballot=ballot, recused_at=None, current=None)
    return Institution.objects.filter(pk__in=silent.values("institution")).order_by("pk")


def required(ballot: Ballot) -> list[str]:
    """Who must take part for the quorum: institutions and categories by their names."""
    institutions = [institution.name for institution in ballot.quorum_institutions.all()]
    return institutions + [str(Category(category).label) for category in ballot.quorum_categories]


def history_of(elector: Elector) -> list[Vote]:
    """Every vote of an institution in a ballot, the newest first."""
    return list(Vote.objects.filter(elector=elector).order_by("-number"))


def draft_before(draft: Draft) -> Draft | None:
    """The draft that came before this one, for what changed since."""
    return Draft.objects.filter(text=draft.text_id, number__lt=draft.number).order_by("-number").first()


def open_comments(ballot: Ballot, elector: Elector, person: Any) -> list[Remark]:
    """The institution's own comments on the text that have no answer yet, as far as the person reads them."""
    if ballot.draft is None:
        return []
    said = Remark.objects.all().visible_to(person).filter(institution=elector.institution_id)
    said = said.filter(round__draft__text=ballot.draft.text_id).comments().unanswered()
    return list(said.with_all().order_by("pk")[:COMMENTS_SHOWN])


def themes(person: Any, twg: Any) -> QuerySet[Theme]:
    """A TWG's themes: the proposed ones first, then those that were chosen, then the others."""
    order = Case(*(When(state=state, then=place) for place, state in enumerate(ThemeState.values)), default=9)
    found = Theme.objects.all().visible_to(person).filter(twg=twg).select_related("institution", "chosen_in")
    return found.order_by(order, "pk")


def ballots_on_theme(person: Any, theme: Theme) -> QuerySet[Ballot]:
    asked = Option.objects.filter(about_kind=ABOUT, about_id=theme.pk).values("ballot")
    return ballots(person).filter(pk__in=asked).order_by("-pk")
