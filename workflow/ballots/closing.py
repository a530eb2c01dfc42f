"""What opening and closing a ballot do, and whether voting is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine import clock, digests
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.writing import freezing
from workflow.writing.models import Draft

from . import counting, electorate, rules
from .models import Ballot, BallotForm, BallotState, Decided, Elector, Option

if TYPE_CHECKING:
    from workflow.engine.flow import Flow

Words = str | Promise
Follower = Callable[[Ballot], None]
_followers: dict[str, Follower] = {}


def follow(kind: str) -> Callable[[Follower], Follower]:
    """Register what follows, in the same transaction, when a ballot on this kind of subject closes."""

    def put(follower: Follower) -> Follower:
        _followers[kind] = follower
        return follower

    return put


def stale_text(ballot: Ballot, *, hold: bool = False) -> Words:
    """Why the text is not what would be voted on: no draft, a later one, or words written since. "" when it is.

    `hold` keeps the text as it is until the transaction ends, so that nothing is written beside what goes on.
    """
    if ballot.draft is None:
        return _("Choose the named draft that is voted on.")
    text = ballot.draft.text
    frozen = freezing.freeze(engine.lock(text)) if hold else freezing.as_it_stands(text)
    last = Draft.objects.filter(text=text).order_by("-number").first()
    if last != ballot.draft:
        return _("A later draft has been taken: the ballot must be on that one.")
    if frozen.sha256 != ballot.draft.sha256:
        return _("The text has changed since this draft: take a new one first.")
    return ""


def open_ballot(flow: Flow) -> None:
    """Fix the text, or the options as they read now, and the electorate."""
    ballot: Ballot = flow.subject
    terms = electorate.terms_of(ballot.twg)
    if terms is None:
        raise Unmet(_("The TWG has no terms of reference in force: they say who votes."))
    options = list(Option.objects.filter(ballot=ballot))
    ballot.terms = terms
    ballot.opened_at = clock.moment()
    ballot.text_sha256 = ballot.draft.sha256 if ballot.draft else digest_of(options)
    electors = electorate.fix(ballot, terms)
    flow.act.recorded.update(
        text_sha256=ballot.text_sha256, terms=terms.pk,
        rule=ballot.rule if ballot.form == BallotForm.ENDORSEMENT else "", quorum_percent=ballot.quorum_percent,
        quorum_categories=ballot.quorum_categories,
        quorum_institutions=sorted(ballot.quorum_institutions.values_list("pk", flat=True)),
        secrecy=ballot.secrecy, deadline=ballot.deadline, winners=ballot.winners,
        electorate=[{"institution": e.institution_id, "name": e.name, "category": e.category} for e in electors],
        options=[{"number": o.number, "titles": o.titles} for o in options],
    )  # fmt: skip


def digest_of(options: Iterable[Option]) -> str:
    """One SHA-256 over the options' numbers and titles: what a ranking is about."""
    content = [{"number": option.number, "titles": option.titles} for option in options]
    return digests.of(content)


def over(ballot: Ballot, at: datetime | None = None) -> bool:
    """Whether no vote can come any more: by its state, or since its deadline has passed whoever has noticed.

    `at` is the moment asked about, by the database's clock; now when left out.
    """
    return ballot.state == BallotState.CLOSED or (
        ballot.state == BallotState.OPEN and ballot.deadline <= (at or clock.moment())
    )


def ended(ballot: Ballot, at: datetime | None = None) -> bool:
    """Whether no vote is taken: not open yet, or over."""
    return ballot.state != BallotState.OPEN or over(ballot, at)


def check_voting(ballot: Ballot) -> datetime:
    """The moment, by the database's clock, at which voting is on; what is written bears it, so that no deadline falls
    between the check and the row. Raises Unmet once no vote can come any more. Asked under the ballot's lock.
    """
    at = clock.moment()
    if ended(ballot, at):
        raise Unmet(_("Voting is over."))
    return at


def still_voting(ballot: Ballot, at: datetime | None = None) -> Words:
    """Why the ballot can't be closed at a moment (now when left out); "" when it can."""
    if over(ballot, at) or _decided_already(ballot):
        return ""
    if not ballot.terms or not ballot.terms.early_closing:
        return _("It is open until its deadline: the terms of reference do not close it earlier.")
    if Elector.objects.filter(ballot=ballot, recused_at=None, current=None).exists():
        return _("It is open until its deadline: not all have voted.")
    return ""


def _decided_already(ballot: Ballot) -> bool:
    """Whether the rule decides before all have voted: only one by which silence assents does."""
    if ballot.form == BallotForm.RANKING or not rules.RULES[ballot.rule].silence_assents:
        return False
    return counting.result(ballot, counting.electors_of(ballot), over=False).final


def close(flow: Flow) -> None:
    """Count, keep the count, and let what follows follow."""
    ballot: Ballot = flow.subject
    electors = counting.electors_of(ballot)
    found = counting.result(ballot, electors, over=True)
    ballot.closed_at = clock.moment()
    ballot.decided = counting.decided(ballot, found.outcome)
    ballot.result = counting.summary(ballot, electors, found, electorate.departed(ballot))
    flow.act.recorded.update(decided=ballot.decided, result=ballot.result)


def following(ballot: Ballot) -> None:
    """Run what the rooms have registered for a closed ballot."""
    if follower := _followers.get(ballot.about_kind):
        follower(ballot)


def endorsed_text(about_kind: str, about_id: int, twg: Any) -> Ballot | None:
    """The ballot by which the TWG endorsed this very text: the last one closed, on the text as it stands."""
    held = Ballot.objects.filter(twg=twg, about_kind=about_kind, about_id=about_id)
    return endorsed_among(held.select_related("draft"))


def endorsed_among(held: Iterable[Ballot]) -> Ballot | None:
    """`endorsed_text`, of all ballots on a text when these are at hand, each with its draft."""
    closed = [one for one in held if one.state == BallotState.CLOSED and one.form == BallotForm.ENDORSEMENT]
    last = max(closed, key=lambda one: (one.closed_at.timestamp() if one.closed_at else 0, one.pk), default=None)
    return None if last is None or last.decided != Decided.ENDORSED or stale_text(last) else last
