"""The words of the arithmetic: choices, electors, the quorum, a tally, a result that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Words = str | Promise


class Choice(StrEnum):
    ENDORSE = "endorse"
    RESERVE = "reserve"  # endorses, with reservations in words
    OBJECT = "object"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    UNDECIDED = "undecided"  # voting goes on
    ENDORSED = "endorsed"
    RETURNED = "returned"
    NO_QUORUM = "no_quorum"
    BROKEN = "broken"  # an objection has broken the silence


@dataclass(frozen=True)
class Elector:
    """One voting institution, as it stood when the ballot opened. A recused one takes no part: no vote, no share."""

    institution: int
    name: str
    category: str
    recused: bool = False


@dataclass(frozen=True)
class Quorum:
    """How many must take part: a share in per cent, and who must be among them. An abstention takes part."""

    percent: int
    categories: frozenset[str] = frozenset()  # at least one voting institution of each
    institutions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Tally:
    """The votes counted by choice, over those who may vote."""

    electorate: int
    endorse: int = 0
    reserve: int = 0
    object: int = 0
    abstain: int = 0

    @property
    def support(self) -> int:
        """Endorsements, with or without reservations."""
        return self.endorse + self.reserve

    @property
    def cast(self) -> int:
        """Votes for or against: an abstention is not counted among them."""
        return self.support + self.object

    @property
    def present(self) -> int:
        """Who took part, abstentions too."""
        return self.cast + self.abstain

    @property
    def silent(self) -> int:
        return self.electorate - self.present


@dataclass(frozen=True)
class Result:
    """What came out, and why, in a sentence for everybody."""

    outcome: Outcome
    sentence: Words
    tally: Tally
    quorum_needed: int = 0
    missing: tuple[Words, ...] = ()  # required institutions and categories that took no part
    standing: Outcome = Outcome.UNDECIDED  # what it would be if it closed now
    because: Words = ""  # and why

    @property
    def final(self) -> bool:
        return self.outcome is not Outcome.UNDECIDED
