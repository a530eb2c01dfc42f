"""`verify_history` also proves the votes: each against its receipt in history, each count by counting again.

The history is a chain of hashes. It holds every vote's receipt, so that no vote can be altered, added or lost without
the history telling of it; and from the votes that it tells of, a closed ballot's outcome is counted anew (S16).
"""

from __future__ import annotations

from django.db.models import QuerySet

from workflow.engine.history import Break, check
from workflow.engine.models import Event

from . import counting
from .models import Ballot, BallotState, Elector, Vote

AT_ONCE = 500  # rows in memory
VOTING = ("voted", "recorded", "disputed", "recused")

Told = dict[tuple[int, int], str]  # (elector, number): receipt


@check("votes")
def prove_votes() -> Break | None:
    """Every ballot, one after the other."""
    for ballot in Ballot.objects.exclude(state=BallotState.DRAFT).order_by("pk").iterator(chunk_size=AT_ONCE):
        if why := broken(ballot):
            return Break(f"ballot:{ballot.pk}", None, why)
    return None


def broken(ballot: Ballot) -> str:
    """What is wrong with a ballot's votes or its count; "" when all follows from its history."""
    votes = Vote.objects.filter(ballot=ballot).order_by("elector", "number")
    return _votes_altered(ballot, votes) or _another_counts(ballot, votes) or _miscounted(ballot)


def _votes_altered(ballot: Ballot, votes: QuerySet[Vote]) -> str:
    told = _told(ballot)
    for vote in votes.iterator(chunk_size=AT_ONCE):
        if vote.receipt != counting.receipt_of(vote):
            return f"vote {vote.number} of elector {vote.elector_id} is not what was cast"
        if told.pop((vote.elector_id, vote.number), None) != vote.receipt:
            return f"its history tells of another vote {vote.number} of elector {vote.elector_id}"
    return f"its history tells of {len(told)} votes that are not there" if told else ""


def _told(ballot: Ballot) -> Told:
    events = Event.objects.filter(subject_kind="ballot", subject_id=ballot.pk, name__in=VOTING)
    return {(e["elector"], e["number"]): e["receipt"] for e in events.values_list("data", flat=True)}


def _another_counts(ballot: Ballot, votes: QuerySet[Vote]) -> str:
    newest = {vote.elector_id: vote for vote in votes}
    for elector in Elector.objects.filter(ballot=ballot):
        last = newest.get(elector.pk)
        counts = last.pk if last and last.choice else None
        if elector.current_id != counts:
            return f"the vote that counts for elector {elector.pk} is not its newest"
    return ""


def _miscounted(ballot: Ballot) -> str:
    if ballot.state != BallotState.CLOSED:
        return ""
    electors = counting.electors_of(ballot)
    found = counting.result(ballot, electors, over=True)
    left = set(ballot.result.get("left", ()))
    if counting.decided(ballot, found.outcome) != ballot.decided:
        return "its votes lead to another outcome"
    return "" if counting.summary(ballot, electors, found, left) == ballot.result else "its votes count otherwise"
