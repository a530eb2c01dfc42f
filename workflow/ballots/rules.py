"""The arithmetic of ballots: pure functions from what was asked and what was cast to a result that explains itself.

A new rule is one function and one row in `RULES`. All arithmetic is in integers; docs/ballots.md has a worked example
of each rule, and a test counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflow.groups.models import BallotRule, Category

from .tally import Choice, Elector, Outcome, Quorum, Result, Tally, Words


@dataclass(frozen=True)
class Decision:
    """A rule's answer once the quorum is there: endorsed or not, and the sentence."""

    endorsed: bool
    sentence: Words


# -- the rules -------------------------------------------------------------------------------------------


def simple_majority(tally: Tally) -> Decision:
    """More for than against; abstentions are not counted, and a tie is not a majority."""
    told = {"support": tally.support, "object": tally.object}
    if 2 * tally.support > tally.cast:
        return Decision(True, _words(_("{support} for and {object} against: a majority of the votes cast."), told))
    if tally.cast and tally.support == tally.object:
        return Decision(False, _words(_("{support} for and {object} against: a tie is not a majority."), told))
    return Decision(False, _words(_("{support} for and {object} against: no majority of the votes cast."), told))


def two_thirds(tally: Tally) -> Decision:
    """At least two thirds of the votes cast; abstentions are not counted."""
    told = {"support": tally.support, "cast": tally.cast, "needed": -(-2 * tally.cast // 3)}
    if tally.cast and 3 * tally.support >= 2 * tally.cast:
        return Decision(True, _words(_("{support} of {cast} votes cast are for it; two thirds are {needed}."), told))
    return Decision(False, _words(_("Only {support} of {cast} votes cast are for it; two thirds are {needed}."), told))


def absolute_majority(tally: Tally) -> Decision:
    """More than half of all voting institutions, whether they voted or not."""
    told = {"support": tally.support, "electorate": tally.electorate, "needed": tally.electorate // 2 + 1}
    if 2 * tally.support > tally.electorate:
        return Decision(
            True,
            _words(_("{support} of {electorate} voting institutions are for it; a majority of all is {needed}."), told),
        )
    return Decision(
        False,
        _words(
            _("Only {support} of {electorate} voting institutions are for it; a majority of all is {needed}."), told
        ),
    )


def consensus(tally: Tally) -> Decision:
    """Nobody who votes is against, and somebody is for it."""
    if tally.object:
        told = ngettext_lazy(
            "{object} objection stands against consensus.", "{object} objections stand against consensus.", tally.object
        )
        return Decision(False, _words(told, {"object": tally.object}))
    if tally.support:
        return Decision(True, _words(_("{support} for and nobody against: consensus."), {"support": tally.support}))
    return Decision(False, _("Everybody abstained: nobody is against it, and nobody for it."))


def no_objection(tally: Tally) -> Decision:
    """The silence procedure: nobody objects before the deadline, and silence is assent."""
    if tally.object:
        told = ngettext_lazy(
            "{object} objection breaks the silence: it goes to discussion.",
            "{object} objections break the silence: it goes to discussion.",
            tally.object,
        )
        return Decision(False, _words(told, {"object": tally.object}))
    return Decision(True, _("Nobody objected before the deadline."))


def taking_part(tally: Tally) -> Decision:
    """For a ballot that ranks: whoever ranks takes part, and the ranking decides."""
    return Decision(
        tally.support > 0,
        _words(
            ngettext_lazy("{support} institution has ranked.", "{support} institutions have ranked.", tally.support),
            {"support": tally.support},
        ),
    )


PRESENCE = "presence"


@dataclass(frozen=True)
class Rule:
    """A row of the table. `silence_assents`: whoever says nothing takes part, and an objection decides at once."""

    decide: Callable[[Tally], Decision]
    silence_assents: bool = False


RULES: Mapping[str, Rule] = {
    BallotRule.SIMPLE_MAJORITY: Rule(simple_majority),
    BallotRule.TWO_THIRDS: Rule(two_thirds),
    BallotRule.ABSOLUTE_MAJORITY: Rule(absolute_majority),
    BallotRule.CONSENSUS: Rule(consensus),
    BallotRule.NO_OBJECTION: Rule(no_objection, silence_assents=True),
    PRESENCE: Rule(taking_part),
}


# -- counting --------------------------------------------------------------------------------------------


def count(
    rule: str, quorum: Quorum, electorate: Iterable[Elector], votes: Mapping[int, Choice], *, over: bool
) -> Result:
    """The result of a ballot. `votes` are the choices by institution; `over` says that no vote can come any more.

    Raises ValueError for a vote of somebody who is not in the electorate or has recused themselves.
    """
    voting = {e.institution: e for e in electorate if not e.recused}
    if strangers := set(votes) - set(voting):
        raise ValueError(f"votes of institutions that have none: {sorted(strangers)}")
    tally = tally_of(len(voting), votes.values())
    row = RULES[rule]
    needed = quorum_of(quorum.percent, len(voting))
    missing = () if row.silence_assents else _missing(quorum, voting, votes)
    outcome, sentence = _standing(row, tally, needed, missing)
    if over or (row.silence_assents and tally.object):
        return Result(outcome, sentence, tally, needed, missing, outcome, sentence)
    return Result(Outcome.UNDECIDED, _("Voting goes on."), tally, needed, missing, outcome, sentence)


def tally_of(electorate: int, choices: Iterable[Choice]) -> Tally:
    numbers = dict.fromkeys(Choice, 0)
    for choice in choices:
        numbers[choice] += 1
    return Tally(electorate, *(numbers[c] for c in (Choice.ENDORSE, Choice.RESERVE, Choice.OBJECT, Choice.ABSTAIN)))


def quorum_of(percent: int, electorate: int) -> int:
    """How many institutions are `percent` of the electorate, rounded up; at least one."""
    return max(1, -(-percent * electorate // 100))


def _missing(quorum: Quorum, voting: Mapping[int, Elector], votes: Mapping[int, Choice]) -> tuple[Words, ...]:
    """Who had to take part and did not. What has no vote in this ballot can't be asked to take part in it."""
    present = {voting[i].category for i in votes}
    institutions = sorted(e.name for i, e in voting.items() if i in quorum.institutions and i not in votes)
    categories = sorted(quorum.categories & {e.category for e in voting.values()} - present)
    return (*institutions, *(Category(c).label for c in categories))


def _standing(row: Rule, tally: Tally, needed: int, missing: tuple[Words, ...]) -> tuple[Outcome, Words]:
    if not tally.electorate:
        return Outcome.NO_QUORUM, _("Every voting institution takes no part: nobody is left to decide.")
    if not row.silence_assents and tally.present < needed:
        told = {"present": tally.present, "electorate": tally.electorate, "needed": needed}
        return Outcome.NO_QUORUM, _words(
            _("{present} of {electorate} voting institutions took part; the quorum is {needed}."), told
        )
    if missing:
        return Outcome.NO_QUORUM, _words(_("Required and absent: {missing}."), {"missing": _list(missing)})
    decision = row.decide(tally)
    if decision.endorsed:
        return Outcome.ENDORSED, decision.sentence
    return Outcome.BROKEN if row.silence_assents else Outcome.RETURNED, decision.sentence


def _words(text: Any, told: Mapping[str, object]) -> Words:
    return format_lazy(text, **told)


def _joined(words: Iterable[Words]) -> str:
    return ", ".join(str(word) for word in words)


_list = lazy(_joined, str)
