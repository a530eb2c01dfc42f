"""From a ballot's rows to the rules and back: the one place where votes are counted, at closing as on a recount."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from workflow.engine import digests

from . import ranking, rules
from .models import Ballot, BallotForm, Decided, Elector, Option, Vote
from .tally import Choice, Outcome, Quorum, Result
from .tally import Elector as Voting


def electors_of(ballot: Ballot) -> list[Elector]:
    return list(Elector.objects.filter(ballot=ballot).select_related("current").order_by("pk"))


def electorate(electors: Iterable[Elector]) -> list[Voting]:
    return [Voting(e.institution_id, e.name, e.category, e.recused_at is not None) for e in electors]


def quorum_of(ballot: Ballot) -> Quorum:
    institutions = frozenset(ballot.quorum_institutions.values_list("pk", flat=True)) if ballot.pk else frozenset()
    return Quorum(ballot.quorum_percent, frozenset(ballot.quorum_categories), institutions)


def result(ballot: Ballot, electors: list[Elector], *, over: bool, quorum: Quorum | None = None) -> Result:
    """The count of an endorsement. A ballot that ranks counts who took part, for its quorum."""
    votes = {e.institution_id: choice_of(e.current.choice) for e in electors if e.current and e.current.choice}
    rule = ballot.rule if ballot.form == BallotForm.ENDORSEMENT else rules.PRESENCE
    return rules.count(rule, quorum or quorum_of(ballot), electorate(electors), votes, over=over)


def choice_of(code: str) -> Choice:
    """A vote's code as the rules count it: whoever ranks takes part, as whoever endorses does."""
    return Choice.ENDORSE if code == "ranked" else Choice(code)


def places(ballot: Ballot, electors: Iterable[Elector], found: Result) -> list[ranking.Place]:
    """The order that the rankings lead to, by option number; without a quorum none is chosen."""
    numbers = list(Option.objects.filter(ballot=ballot).order_by("number").values_list("number", flat=True))
    given = [e.current.ranking for e in electors if e.current and e.current.ranking]
    return ranking.rank(numbers, given, winners(ballot.winners, found))


def winners(asked: int, found: Result) -> int:
    """How many are chosen as it stands."""
    return asked if found.standing is Outcome.ENDORSED else 0


def chosen(ballot: Ballot) -> list[Option]:
    """The options that a closed ranking has chosen, the first one first."""
    options = {o.number: o for o in Option.objects.filter(ballot=ballot)}
    return [options[place["option"]] for place in ballot.result.get("ranking", ()) if place["chosen"]]


def in_words(vote: Vote) -> str:
    """What a vote says, in the language that is active: the answer, or the options as they were ranked."""
    if not vote.ranking:
        return str(vote.get_choice_display())
    options = {o.number: str(o) for o in Option.objects.filter(ballot=vote.ballot_id)}
    return "; ".join(f"{place}. {options[number]}" for place, number in enumerate(vote.ranking, start=1))


def decided(ballot: Ballot, outcome: Outcome) -> Decided:
    """The word under which a final outcome is kept."""
    if outcome is Outcome.ENDORSED and ballot.form == BallotForm.RANKING:
        return Decided.CHOSEN
    return Decided(outcome.value)


def summary(ballot: Ballot, electors: list[Elector], found: Result, left: set[int]) -> dict[str, Any]:
    """What a ballot keeps of its count: plain values, that a recount must come to again."""
    kept: dict[str, Any] = {**numbers(found), "left": sorted(left)}
    if ballot.form == BallotForm.RANKING:
        kept["ranking"] = as_plain(places(ballot, electors, found))
    return kept


def numbers(found: Result) -> dict[str, int]:
    """The count by its names."""
    tally = found.tally
    return {
        "electorate": tally.electorate,
        "endorse": tally.endorse,
        "reserve": tally.reserve,
        "object": tally.object,
        "abstain": tally.abstain,
        "silent": tally.silent,
        "quorum": found.quorum_needed,
    }


def as_plain(order: Iterable[ranking.Place]) -> list[dict[str, Any]]:
    return [{"option": p.option, "points": p.points, "places": list(p.places), "chosen": p.chosen} for p in order]


def order(options: list[int], rankings: list[list[int]], chosen: int) -> list[dict[str, Any]]:
    """The order that rankings lead to, as plain values."""
    return as_plain(ranking.rank(options, rankings, chosen))


def receipt_of(vote: Vote) -> str:
    """SHA-256 over all that a vote says: it stands in the history, and on the voter's receipt."""
    content = {
        "ballot": vote.ballot_id,
        "elector": vote.elector_id,
        "number": vote.number,
        "choice": vote.choice,
        "ranking": vote.ranking,
        "words": vote.words,
        "taken_back": vote.taken_back,
        "way": vote.way,
        "by": vote.by_id,
        "capacity": vote.capacity,
        "evidence": vote.evidence_sha256,
        "at": vote.at.astimezone(UTC).isoformat(),
        "nonce": vote.nonce,
    }
    return digests.of(content)
