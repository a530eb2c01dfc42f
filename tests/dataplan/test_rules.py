"""When actions take place, what holds up what, what slips, what it costs: by hand, and whatever is drawn (S14)."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.dataplan import rules
from recommendations.dataplan.rules import Task
from recommendations.dataplan.sums import totals

JUNE = date(2010, 6, 1)


def task(key: int, first: int | None, last: int | None, *needs: int, over: bool = False) -> Task:
    """A task by its days, counted from the first of June."""
    days = [JUNE + timedelta(days=day) if day is not None else None for day in (first, last)]
    return Task(key, days[0], days[1], frozenset(needs), over)


# A consultant is hired, then designs a database while servers are bought; training comes last.
HIRE, DESIGN, SERVERS, TRAINING = task(1, 0, 9), task(2, 10, 29, 1), task(3, 0, 19), task(4, 30, 39, 2, 3)
DATABASE = [HIRE, DESIGN, SERVERS, TRAINING]


def drawn(seed: int, count: int = 9) -> list[Task]:
    """Tasks that need only earlier ones, some of them undated or over, some of them overlapping."""
    dice = random.Random(seed)
    found = []
    for key in range(1, count + 1):
        first = dice.choice([None, *range(60)])
        last = None if dice.random() < 0.2 else (first or dice.randrange(60)) + dice.randrange(20)
        needs = [other for other in range(1, key) if dice.random() < 0.3]
        found.append(task(key, first, last, *needs, over=dice.random() < 0.15))
    dice.shuffle(found)
    return found


SEEDS = given(seed=st.integers(min_value=0, max_value=10**9))


def end_of(tasks: list[Task], late: dict[int, int] | None = None) -> date:
    """When the last unfinished task ends, some of them later than planned."""
    moved = late or {}
    ends = [t.ends + timedelta(days=moved.get(t.key, 0)) for t in tasks if t.ends and not t.over]
    return max(ends, default=date.min)


# -- dependencies -----------------------------------------------------------------------------------------


def test_a_circle_is_told_from_its_beginning_to_its_end() -> None:
    needs = {2: {1}, 3: {2}, 4: {3}}
    assert rules.circle(needs, 1, [4]) == [1, 4, 3, 2, 1]
    assert rules.circle(needs, 4, [1, 2]) == []
    assert rules.circle({}, 1, [1]) == [1, 1]


@SEEDS
def test_a_dependency_that_is_allowed_leaves_an_order_and_one_that_is_not_would_leave_none(seed: int) -> None:
    tasks = drawn(seed)
    needs = {t.key: set(t.needs) for t in tasks}
    dice = random.Random(seed)
    for _turn in range(10):
        one, other = dice.sample(sorted(needs), 2)
        with_it = [Task(t.key, needs=t.needs | ({other} if t.key == one else frozenset())) for t in tasks]
        if rules.circle(needs, one, [other]):
            with pytest.raises(ValueError):
                rules.in_order(with_it)
        else:
            assert len(rules.in_order(with_it)) == len(tasks)


@SEEDS
def test_each_stands_after_all_that_it_needs(seed: int) -> None:
    placed = [t.key for t in rules.in_order(drawn(seed))]
    for one in drawn(seed):
        assert all(placed.index(need) < placed.index(one.key) for need in one.needs)


def test_who_begins_before_what_they_need_has_ended_is_told() -> None:
    assert rules.too_early([task(1, 0, 9), task(2, 5, 20, 1), task(3, 21, 25, 2)]) == [(2, 1)]
    assert rules.too_early([task(1, 0, 9, over=True), task(2, 5, 20, 1)]) == []
    assert rules.too_early([task(1, None, None), task(2, 5, 20, 1)]) == []


# -- the critical path ------------------------------------------------------------------------------------


def test_the_critical_path_is_the_chain_without_room() -> None:
    assert rules.critical_path(DATABASE) == [1, 2, 4]
    assert rules.slack(DATABASE) == {1: 0, 2: 0, 3: 10, 4: 0}


def test_without_dates_there_is_no_critical_path() -> None:
    assert rules.critical_path([task(1, None, None), task(2, None, None, 1)]) == []
    assert rules.critical_path([]) == []


def test_what_is_over_is_on_no_critical_path() -> None:
    assert rules.critical_path([task(1, 0, 9, over=True), task(2, 10, 20, 1)]) == [2]


def test_room_between_two_tasks_is_slack_of_the_first() -> None:
    assert rules.slack([task(1, 0, 9), task(2, 15, 20, 1)]) == {1: 5, 2: 0}
    assert rules.critical_path([task(1, 0, 9), task(2, 15, 20, 1)]) == [2]


@SEEDS
def test_slack_is_exactly_what_can_be_lost_without_the_end_being_lost(seed: int) -> None:
    tasks = drawn(seed)
    before = end_of(tasks)
    for key, days in rules.slack(tasks).items():
        assert end_of(tasks, rules.slips(tasks, key, days)) == before
        assert end_of(tasks, rules.slips(tasks, key, days + 1)) > before


@SEEDS
def test_each_day_lost_on_the_critical_path_is_lost_at_the_end(seed: int) -> None:
    tasks = drawn(seed)
    path = rules.critical_path(tasks)
    known = {t.key: t for t in tasks}
    assert not path or known[path[-1]].ends == end_of(tasks)
    assert all(before in known[after].needs for before, after in pairwise(path))
    for key in path:
        assert end_of(tasks, rules.slips(tasks, key, 1)) == end_of(tasks) + timedelta(days=1)


# -- what slips -------------------------------------------------------------------------------------------


def test_what_slips_if_the_consultant_is_hired_a_week_later() -> None:
    assert rules.slips(DATABASE, 1, 7) == {1: 7, 2: 7, 4: 7}


def test_room_takes_up_a_delay() -> None:
    assert rules.slips(DATABASE, 3, 7) == {3: 7}
    assert rules.slips(DATABASE, 3, 12) == {3: 12, 4: 2}


def test_what_overlaps_already_slips_as_much_and_no_more() -> None:
    assert rules.slips([task(1, 0, 9), task(2, 5, 20, 1)], 1, 4) == {1: 4, 2: 4}


def test_what_is_over_slips_no_more_and_passes_nothing_on() -> None:
    chain = [task(1, 0, 9), task(2, 10, 12, 1, over=True), task(3, 13, 20, 2)]
    assert rules.slips(chain, 1, 5) == {1: 5}
    assert rules.slips(chain, 2, 5) == {}


def test_an_undated_task_passes_the_whole_delay_on() -> None:
    chain = [task(1, 0, 9), task(2, None, None, 1), task(3, 13, 20, 2)]
    assert rules.slips(chain, 1, 5) == {1: 5, 2: 5, 3: 5}


def test_nothing_slips_by_no_days_or_for_an_unknown_task() -> None:
    assert rules.slips(DATABASE, 1, 0) == rules.slips(DATABASE, 1, -3) == rules.slips(DATABASE, 99, 5) == {}


@SEEDS
def test_whatever_slips_needs_what_slipped_and_slips_no_more_than_it(seed: int) -> None:
    tasks = drawn(seed)
    known = {t.key: t for t in tasks}
    for key in known:
        few, many = rules.slips(tasks, key, 5), rules.slips(tasks, key, 9)
        assert set(few) <= set(many)
        assert all(0 < days <= 5 for days in few.values())
        assert all(few[one] <= many[one] <= few[one] + 4 for one in few)
        assert all(one == key or known[one].needs & set(few) for one in few)


def test_a_day_is_moved_as_far_as_the_calendar_goes() -> None:
    assert rules.moved(JUNE, 30) == date(2010, 7, 1)
    assert rules.moved(None, 3) is None
    assert rules.moved(date.max, 1) is None


# -- lateness and money -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "due", "late"),
    [("planned", JUNE, 3), ("blocked", JUNE, 3), ("done", JUNE, 0), ("dropped", JUNE, 0), ("planned", None, 0),
     ("in_progress", date(2010, 6, 4), 0)],
)  # fmt: skip
def test_what_is_over_or_has_no_day_is_not_late(state: str, due: date | None, late: int) -> None:
    assert rules.days_late(state, due, date(2010, 6, 4)) == late


def test_no_currency_is_added_to_another() -> None:
    costs = [("XOF", Decimal(500)), ("EUR", Decimal(10)), ("XOF", Decimal("250.50"))]
    paid = [
        ("announced", "XOF", Decimal(100)), ("approved", "XOF", Decimal(200)), ("disbursed", "XOF", Decimal(50)),
        ("approved", "GHS", Decimal(7)),
    ]  # fmt: skip
    euro, cedi, franc = totals(costs, paid)
    assert (euro.currency, euro.cost, euro.missing) == ("EUR", Decimal(10), Decimal(10))
    assert (cedi.currency, cedi.cost, cedi.secured, cedi.missing) == ("GHS", 0, Decimal(7), 0)
    assert (franc.cost, franc.secured, franc.missing) == (Decimal("750.50"), Decimal(250), Decimal("500.50"))
    assert franc.by_status == {"announced": Decimal(100), "approved": Decimal(200), "disbursed": Decimal(50)}


@SEEDS
def test_each_amount_is_in_exactly_one_sum(seed: int) -> None:
    dice = random.Random(seed)
    paid = [(dice.choice(["announced", "approved"]), dice.choice(["XOF", "EUR", "GHS"]), Decimal(dice.randrange(1000)))
            for _one in range(20)]  # fmt: skip
    for one in totals([], paid):
        assert sum(one.by_status.values()) == sum(amount for _s, currency, amount in paid if currency == one.currency)
