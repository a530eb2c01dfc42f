"""Ranked choice with several winners, by the modified Borda count (S34)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.ballots.ranking import decided_by_ties, rank, tied

OPTIONS = [1, 2, 3, 4, 5]


def chosen(*rankings: list[int], winners: int = 3) -> list[int]:
    return [place.option for place in rank(OPTIONS, rankings, winners) if place.chosen]


def test_a_worked_example_counts_as_on_paper() -> None:
    result = rank(OPTIONS, [[1, 2, 3], [2, 1], [3]], winners=2)
    assert [(p.option, p.points) for p in result] == [(1, 4), (2, 4), (3, 2), (4, 0), (5, 0)]
    assert [p.option for p in result if p.chosen] == [1, 2]


def test_a_full_ranking_weighs_more_than_a_single_name() -> None:
    assert chosen([1], [2, 3, 4, 5], winners=1) == [2]


def test_what_nobody_ranks_is_never_chosen() -> None:
    assert chosen([4], [4]) == [4]
    assert chosen() == []


def test_a_tie_goes_to_more_first_places_then_to_the_one_proposed_first() -> None:
    assert chosen([1, 2], [3], [3], winners=1) == [3], "2 points each for 1 and 3; 3 was first twice"
    assert chosen([5], [4], winners=1) == [4], "equal in all: 4 was proposed first"


def test_ties_are_told() -> None:
    assert tied(rank(OPTIONS, [[5], [4]], winners=1)) == {1: [4, 5]}


def test_a_tie_has_decided_only_where_one_of_equals_is_chosen_and_another_is_not() -> None:
    assert decided_by_ties(rank(OPTIONS, [[5], [4]], winners=1)) == [[4, 5]]
    assert decided_by_ties(rank(OPTIONS, [[5], [4]], winners=2)) == []


@pytest.mark.parametrize("ranking", [[], [1, 1], [9], [1, 2, 3, 4, 5, 6]])
def test_a_ranking_that_is_none_is_an_error(ranking: list[int]) -> None:
    with pytest.raises(ValueError, match="each option at most once"):
        rank(OPTIONS, [ranking], 3)


a_ranking = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=5, unique=True)
rankings = st.lists(a_ranking, max_size=9)


@given(rankings, st.randoms())
def test_the_order_in_which_institutions_rank_is_irrelevant(given_: list[list[int]], random: object) -> None:
    turned = list(given_)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert rank(OPTIONS, given_, 3) == rank(OPTIONS, turned, 3)


@given(rankings, st.integers(0, 8), st.sampled_from(OPTIONS), st.integers(1, 4))
def test_moving_an_option_up_never_costs_it_its_place(
    given_: list[list[int]], who: int, option: int, winners: int
) -> None:
    if who >= len(given_) or option not in given_[who]:
        return
    place = given_[who].index(option)
    if place == 0:
        return
    raised = [list(r) for r in given_]
    raised[who][place - 1], raised[who][place] = raised[who][place], raised[who][place - 1]
    if option in chosen(*given_, winners=winners):
        assert option in chosen(*raised, winners=winners)


@given(rankings, st.integers(1, 5))
def test_never_more_winners_than_asked_for_and_each_has_points(given_: list[list[int]], winners: int) -> None:
    result = rank(OPTIONS, given_, winners)
    assert sorted(p.option for p in result) == OPTIONS
    assert sum(p.chosen for p in result) <= winners
    assert all(p.points > 0 for p in result if p.chosen)


@given(rankings)
def test_points_are_whole_and_all_accounted_for(given_: list[list[int]]) -> None:
    assert sum(p.points for p in rank(OPTIONS, given_, 3)) == sum(len(r) * (len(r) + 1) // 2 for r in given_)
