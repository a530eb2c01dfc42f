"""The arithmetic of ballots: exact at its thresholds, blind to the order of votes, never hurt by support."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.ballots import rules
from workflow.ballots.rules import count
from workflow.ballots.tally import Choice, Elector, Outcome, Quorum, Result
from workflow.groups.models import BallotRule

FOR, WITH_RESERVATIONS, AGAINST, ABSTAINS = Choice.ENDORSE, Choice.RESERVE, Choice.OBJECT, Choice.ABSTAIN
LOOSE = Quorum(1)
MAJORITIES = (BallotRule.SIMPLE_MAJORITY, BallotRule.TWO_THIRDS, BallotRule.ABSOLUTE_MAJORITY, BallotRule.CONSENSUS)


def electors(number: int, *, category: str = "government") -> list[Elector]:
    return [Elector(n, f"Ministry {n}", category) for n in range(number)]


def votes(*, endorse: int = 0, reserve: int = 0, against: int = 0, abstain: int = 0) -> dict[int, Choice]:
    cast = [FOR] * endorse + [WITH_RESERVATIONS] * reserve + [AGAINST] * against + [ABSTAINS] * abstain
    return dict(enumerate(cast))


def closed(rule: str, electorate: int, quorum: Quorum = LOOSE, **cast: int) -> Result:
    return count(rule, quorum, electors(electorate), votes(**cast), over=True)


# -- each rule at its threshold --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cast", "outcome"),
    [
        ({"endorse": 4, "against": 3}, Outcome.ENDORSED),
        ({"endorse": 3, "against": 3}, Outcome.RETURNED),
        ({"endorse": 1, "against": 0, "abstain": 9}, Outcome.ENDORSED),
        ({"endorse": 2, "reserve": 2, "against": 3}, Outcome.ENDORSED),
        ({"abstain": 10}, Outcome.RETURNED),
    ],
)
def test_a_simple_majority_is_more_for_than_against_and_abstentions_do_not_count(
    cast: dict[str, int], outcome: Outcome
) -> None:
    assert closed(BallotRule.SIMPLE_MAJORITY, 10, **cast).outcome is outcome


@pytest.mark.parametrize(
    ("endorse", "against", "outcome"),
    [
        (2, 1, Outcome.ENDORSED),
        (4, 2, Outcome.ENDORSED),
        (3, 2, Outcome.RETURNED),
        (66, 34, Outcome.RETURNED),
        (67, 33, Outcome.ENDORSED),
        (0, 0, Outcome.RETURNED),
    ],
)
def test_two_thirds_are_counted_in_whole_votes(endorse: int, against: int, outcome: Outcome) -> None:
    cast = {"endorse": endorse, "against": against, "abstain": 100 - endorse - against}
    assert closed(BallotRule.TWO_THIRDS, 100, **cast).outcome is outcome


@pytest.mark.parametrize(("electorate", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (19, 10), (20, 11)])
def test_an_absolute_majority_is_more_than_half_of_all_voted_or_not(electorate: int, needed: int) -> None:
    assert closed(BallotRule.ABSOLUTE_MAJORITY, electorate, endorse=needed).outcome is Outcome.ENDORSED
    if needed > 1:
        assert closed(BallotRule.ABSOLUTE_MAJORITY, electorate, endorse=needed - 1).outcome is Outcome.RETURNED


def test_one_objection_stands_against_consensus_and_an_abstention_does_not() -> None:
    assert closed(BallotRule.CONSENSUS, 20, endorse=11, abstain=9).outcome is Outcome.ENDORSED
    assert closed(BallotRule.CONSENSUS, 20, endorse=19, against=1).outcome is Outcome.RETURNED
    assert closed(BallotRule.CONSENSUS, 20, abstain=20).outcome is Outcome.RETURNED


def test_silence_endorses_at_the_deadline_and_not_before() -> None:
    nobody: dict[int, Choice] = {}
    assert count(BallotRule.NO_OBJECTION, LOOSE, electors(20), nobody, over=True).outcome is Outcome.ENDORSED
    assert count(BallotRule.NO_OBJECTION, LOOSE, electors(20), nobody, over=False).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("over", [True, False])
def test_an_objection_breaks_the_silence_at_once(over: bool) -> None:
    found = count(BallotRule.NO_OBJECTION, LOOSE, electors(20), votes(endorse=19, against=1), over=over)
    assert found.outcome is Outcome.BROKEN


# -- the quorum ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "electorate", "needed"), [(50, 20, 10), (50, 21, 11), (1, 20, 1), (100, 20, 20), (60, 7, 5), (50, 0, 1)]
)
def test_a_quorum_is_rounded_up_and_never_nobody(percent: int, electorate: int, needed: int) -> None:
    assert rules.quorum_of(percent, electorate) == needed


@pytest.mark.parametrize("rule", MAJORITIES)
def test_below_the_quorum_nothing_is_decided_however_many_are_for_it(rule: str) -> None:
    assert closed(rule, 20, Quorum(50), endorse=9).outcome is Outcome.NO_QUORUM
    assert closed(rule, 20, Quorum(50), endorse=11).outcome is Outcome.ENDORSED


def test_abstentions_count_for_the_quorum() -> None:
    assert closed(BallotRule.SIMPLE_MAJORITY, 20, Quorum(50), endorse=1, abstain=9).outcome is Outcome.ENDORSED


def test_a_required_institution_and_a_required_category_must_take_part() -> None:
    interior = Elector(7, "Ministry of the Interior", "government")
    office = Elector(8, "National Statistical Office", "statistics")
    who = [*electors(5), interior, office]
    quorum = Quorum(10, frozenset({"statistics"}), frozenset({7}))
    absent = count(BallotRule.SIMPLE_MAJORITY, quorum, who, votes(endorse=5), over=True)
    assert absent.outcome is Outcome.NO_QUORUM
    assert "Ministry of the Interior, Statistics office" in str(absent.sentence)
    there = count(BallotRule.SIMPLE_MAJORITY, quorum, who, votes(endorse=5) | {7: ABSTAINS, 8: AGAINST}, over=True)
    assert there.outcome is Outcome.ENDORSED


def test_whoever_is_recused_counts_neither_for_the_quorum_nor_in_the_majority() -> None:
    three = [Elector(0, "A", "government"), Elector(1, "B", "government"), Elector(2, "C", "government", recused=True)]
    found = count(BallotRule.ABSOLUTE_MAJORITY, Quorum(100), three, {0: FOR, 1: FOR}, over=True)
    assert (found.outcome, found.tally.electorate, found.quorum_needed) == (Outcome.ENDORSED, 2, 2)
    with pytest.raises(ValueError, match="votes of institutions that have none"):
        count(BallotRule.ABSOLUTE_MAJORITY, Quorum(100), three, {2: FOR}, over=True)


def test_a_vote_of_a_stranger_is_an_error_and_not_a_vote() -> None:
    with pytest.raises(ValueError, match="99"):
        count(BallotRule.SIMPLE_MAJORITY, LOOSE, electors(3), {99: FOR}, over=True)


# -- what a result says ----------------------------------------------------------------------------------


def test_while_voting_goes_on_the_result_says_how_it_stands() -> None:
    found = count(BallotRule.TWO_THIRDS, Quorum(50), electors(10), votes(endorse=4, against=2), over=False)
    assert (found.outcome, found.standing) == (Outcome.UNDECIDED, Outcome.ENDORSED)
    assert str(found.because) == "4 of 6 votes cast are for it; two thirds are 4."
    assert not found.final


@pytest.mark.parametrize(
    ("rule", "cast", "sentence"),
    [
        (BallotRule.SIMPLE_MAJORITY, {"endorse": 5, "against": 5}, "5 for and 5 against: a tie is not a majority."),
        (
            BallotRule.ABSOLUTE_MAJORITY,
            {"endorse": 10},
            "Only 10 of 20 voting institutions are for it; a majority of all is 11.",
        ),
        (BallotRule.CONSENSUS, {"endorse": 8, "against": 1}, "1 objection stands against consensus."),
        (BallotRule.CONSENSUS, {"endorse": 8, "against": 2}, "2 objections stand against consensus."),
        (BallotRule.CONSENSUS, {"endorse": 8, "abstain": 2}, "8 for and nobody against: consensus."),
        (BallotRule.NO_OBJECTION, {}, "Nobody objected before the deadline."),
    ],
)
def test_the_result_explains_itself_in_a_sentence(rule: str, cast: dict[str, int], sentence: str) -> None:
    assert str(closed(rule, 20, **cast).sentence) == sentence


# -- properties ------------------------------------------------------------------------------------------

any_votes = st.dictionaries(st.integers(0, 11), st.sampled_from(Choice), max_size=12)
any_rule = st.sampled_from([*MAJORITIES, BallotRule.NO_OBJECTION])
any_quorum = st.integers(1, 100).map(Quorum)
BETTER = {Outcome.ENDORSED: 1}


@given(any_rule, any_quorum, any_votes)
def test_the_order_of_votes_is_irrelevant(rule: str, quorum: Quorum, cast: dict[int, Choice]) -> None:
    turned = dict(reversed(list(cast.items())))
    first, second = (count(rule, quorum, who, v, over=True) for who, v in
                     ((electors(12), cast), (electors(12)[::-1], turned)))  # fmt: skip
    assert (first.outcome, first.tally, str(first.sentence)) == (second.outcome, second.tally, str(second.sentence))


@given(any_rule, any_quorum, any_votes, st.integers(0, 11))
def test_support_never_hurts(rule: str, quorum: Quorum, cast: dict[int, Choice], who: int) -> None:
    """Whoever turns to endorsing, from silence or from any other vote, never undoes an endorsement."""
    before = count(rule, quorum, electors(12), cast, over=True)
    after = count(rule, quorum, electors(12), cast | {who: FOR}, over=True)
    assert BETTER.get(after.outcome, 0) >= BETTER.get(before.outcome, 0)


@given(any_rule, any_quorum, any_votes, st.integers(0, 11))
def test_an_objection_never_helps_where_the_quorum_is_there(
    rule: str, quorum: Quorum, cast: dict[int, Choice], who: int
) -> None:
    before = count(rule, quorum, electors(12), cast, over=True)
    after = count(rule, quorum, electors(12), cast | {who: AGAINST}, over=True)
    if before.outcome is not Outcome.NO_QUORUM:
        assert BETTER.get(after.outcome, 0) <= BETTER.get(before.outcome, 0)


@given(any_rule, any_quorum, any_votes)
def test_every_institution_is_counted_exactly_once(rule: str, quorum: Quorum, cast: dict[int, Choice]) -> None:
    tally = count(rule, quorum, electors(12), cast, over=True).tally
    assert tally.present == len(cast)
    assert tally.present + tally.silent == tally.electorate == 12


@given(any_rule, any_votes)
def test_a_higher_quorum_never_endorses_what_a_lower_one_does_not(rule: str, cast: dict[int, Choice]) -> None:
    outcomes = [count(rule, Quorum(p), electors(12), cast, over=True).outcome for p in range(1, 101, 7)]
    assert all(BETTER.get(later, 0) <= BETTER.get(earlier, 0) for earlier, later in itertools.pairwise(outcomes))


@pytest.mark.parametrize("rule", MAJORITIES)
def test_nobody_voting_endorses_nothing(rule: str) -> None:
    assert closed(rule, 12).outcome is Outcome.NO_QUORUM


@pytest.mark.parametrize("rule", MAJORITIES)
def test_an_empty_electorate_endorses_nothing(rule: str) -> None:
    assert closed(rule, 0).outcome is Outcome.NO_QUORUM


def test_every_rule_of_the_terms_of_reference_has_its_row() -> None:
    assert set(BallotRule.values) <= set(rules.RULES)
