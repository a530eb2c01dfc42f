"""On SQLite the writers of one process wait for each other in the order in which they came; none is forgotten (S13)."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from config.sqlite3.base import lines
from config.sqlite3.line import Line
from workflow.engine.models import Pulse

LONG = 30.0  # seconds; nothing here waits for so long unless it is broken


# -- the line ---------------------------------------------------------------------------------------------


def standing(line: Line, count: int) -> None:
    """Until so many stand in the line."""
    until = time.monotonic() + LONG
    while len(line._waiting) != count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    line, order, threads = Line(), list[int](), []
    first = line.wait(LONG)
    assert first

    def work(number: int) -> None:
        turn = line.wait(LONG)
        assert turn
        order.append(number)
        turn.end()

    for number in range(5):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        standing(line, number + 1)
    first.end()
    for thread in threads:
        thread.join(LONG)
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_waiting_holds_nobody_up() -> None:
    line = Line()
    first = line.wait(LONG)
    assert first
    assert line.wait(0) is None
    first.end()
    first.end()  # twice is once
    second = line.wait(0)
    assert second
    assert line.wait(0) is None, "it was passed on once"


def test_a_turn_that_nobody_holds_any_more_is_given_back() -> None:
    line = Line()
    turn = line.wait(LONG)
    del turn
    gc.collect()
    assert line.wait(0)


# -- connections ------------------------------------------------------------------------------------------

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has a line of its own")


def in_another_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def own_line() -> Line:
    return lines[str(connection.settings_dict["NAME"])]


def pulse(number: int) -> None:
    Pulse.objects.create(subject_kind="twg", subject_id=number)


def known() -> list[int]:
    return list(Pulse.objects.order_by("pk").values_list("subject_id", flat=True))


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_transactions_and_single_statements_wait_for_the_one_that_writes() -> None:
    def in_a_transaction() -> None:
        with transaction.atomic():
            pulse(2)

    def single() -> None:
        Pulse.objects.filter(subject_id=2).update(subject_id=3)

    threads = []
    with transaction.atomic():
        pulse(1)
        for number, work in enumerate((in_a_transaction, single), start=1):
            threads.append(in_another_thread(work))
            standing(own_line(), number)
        assert known() == [1]
    for thread in threads:
        thread.join(LONG)
    assert known() == [1, 3], "in the order in which they came"


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["rolled back", "refused", "closed"])
def test_however_a_transaction_ends_the_next_one_is_called(how: str) -> None:
    waiting = None
    try:
        with transaction.atomic():
            waiting = in_another_thread(lambda: pulse(2))
            standing(own_line(), 1)
            pulse(1)
            if how == "refused":
                Pulse.objects.create(pk=Pulse.objects.get().pk)
            elif how == "closed":
                connection.close()
            raise ZeroDivisionError
    except (ZeroDivisionError, IntegrityError):
        pass
    assert waiting
    waiting.join(LONG)
    assert known() == [2]


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_reading_waits_for_nobody() -> None:
    seen: list[list[int]] = []
    with transaction.atomic():
        pulse(1)
        in_another_thread(lambda: seen.append(known())).join(LONG)
    assert seen == [[]]
    assert own_line().wait(0), "nobody writes any more"
