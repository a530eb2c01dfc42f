"""Forty institutions vote from several processes while the deadline passes; some of the processes are killed.

On PostgreSQL, since only there do several processes write at once.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests import factories as f
from tests.journeys.test_killed import kill, until
from workflow.ballots import proofs
from workflow.ballots.models import Ballot, Elector, Vote
from workflow.engine import clock, history
from workflow.engine.models import Event

from . import voting as v

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

HANDS = "import django; django.setup(); from tests.ballots import test_several_processes as t; t.{work}({told})"
PROCESSES = 4


def voting(ballot: int, electors: dict[str, int]) -> None:
    """A server's process: its institutions vote in turn, again and again, until voting is over."""
    from workflow.engine.errors import Unmet
    from workflow.groups.models import Person

    ready()
    for turn in range(1000):
        for institution, member in electors.items():
            said = (v.FOR, v.AGAINST, v.ABSTAINS, v.RESERVED)[(turn + member) % 4]
            me, mine = Person.objects.get(pk=member), Ballot.objects.get(pk=ballot)
            try:
                vote = v.services.cast(mine, int(institution), said, actor=me)
            except Unmet:
                print("OVER", flush=True)  # noqa: T201
                return
            print(f"KEPT {vote.pk} {vote.receipt}", flush=True)  # noqa: T201


def closing(ballot: int) -> None:
    """A worker's process: it looks for what is due until the ballot is closed, by itself or by another."""
    from workflow.ballots import deadlines

    ready()
    while Ballot.objects.filter(pk=ballot, state="open").exists():
        if deadlines.close_due(clock.moment()):
            print("CLOSED", flush=True)  # noqa: T201


def ready() -> None:
    """Wait for the others, so that all begin together."""
    print("READY", flush=True)  # noqa: T201
    sys.stdin.readline()


class Hand:
    """A process on this test's database, and what it has said."""

    def __init__(self, log: Path, work: str, *told: Any) -> None:
        database = connection.settings_dict
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", HANDS.format(work=work, told=", ".join(map(repr, told)))],
                cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PALABRE_TESTING": "1",
                     "DATABASE_URL": url + str(database["NAME"])},
            )  # fmt: skip

    def said(self, word: str) -> list[list[str]]:
        lines = self.log.read_text().splitlines(keepends=True)
        return [line.split()[1:] for line in lines if line.startswith(word) and line.endswith("\n")]

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()


def test_forty_vote_from_several_processes_and_two_are_killed(tmp_path: Path) -> None:
    house = v.house(40)
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    seats = [(str(i.pk), m.pk) for i, m in zip(house.institutions, house.members, strict=True)]
    voters = [
        Hand(tmp_path / f"voter{n}", "voting", ballot.pk, dict(seats[n::PROCESSES])) for n in range(PROCESSES)
    ]  # fmt: skip
    closers = [Hand(tmp_path / f"closer{n}", "closing", ballot.pk) for n in range(3)]
    hands = [*voters, *closers]
    try:
        until(lambda: all(hand.said("READY") == [[]] for hand in hands) or any(died(hand) for hand in hands))
        assert [hand.log.read_text() for hand in hands if died(hand)] == []
        for hand in hands:
            hand.go()
        until(lambda: Vote.objects.filter(ballot=ballot).count() > 60)
        kill(voters[0].process)
        Ballot.objects.filter(pk=ballot.pk).update(deadline=clock.moment() + timedelta(seconds=1))
        time.sleep(1 + random.random() / 20)
        kill(closers[0].process)
        assert [hand.process.wait(60) for hand in hands if hand.process.returncode is None] == [0] * (len(hands) - 2)
    finally:
        for hand in hands:
            hand.process.kill()

    told = [pk_and_receipt for hand in voters for pk_and_receipt in hand.said("KEPT")]
    every_vote_is_there_once(ballot, told)
    ballot.refresh_from_db()
    assert ballot.state == "closed"
    assert history.events_of(ballot).filter(name="close").count() == 1
    assert all(vote.at < ballot.deadline for vote in Vote.objects.filter(ballot=ballot)), "and none came late"
    assert all(hand.said("OVER") for hand in voters[1:]), json.dumps([hand.log.read_text()[-500:] for hand in voters])
    assert proofs.broken(ballot) == "", "a recount comes to the same"
    assert history.verify().broken is None


def died(hand: Hand) -> bool:
    return hand.process.poll() is not None


def every_vote_is_there_once(ballot: Ballot, told: list[list[str]]) -> None:
    """What was told is there; beyond that at most the one vote that the killed process had no time to tell of."""
    kept = {str(vote.pk): vote.receipt for vote in Vote.objects.filter(ballot=ballot)}
    assert len(told) == len({pk for pk, _receipt in told}) > 60
    assert {pk: kept.get(pk) for pk, _receipt in told} == {one[0]: one[1] for one in told}
    assert len(kept) - len(told) in (0, 1)
    events = Event.objects.filter(subject_kind="ballot", subject_id=ballot.pk, name="voted")
    assert sorted(event.data["receipt"] for event in events) == sorted(kept.values())
    for elector in Elector.objects.filter(ballot=ballot):
        numbers = list(Vote.objects.filter(elector=elector).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert elector.current is None or elector.current.number == len(numbers), "the newest one counts"
