"""Opening days and deadlines of rounds belong to the database: any process that ticks carries them out (S13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet

from .flow import RoundFlow
from .models import Round, RoundState

AT_ONCE = 100


@clock.at_tick("rounds opened")
def open_due(now: datetime) -> int:
    """Open what is planned for a day that has begun where the TWG works. What can't open yet waits in an inbox."""
    return _perform("open_round", due_to_open(now))


def due_to_open(now: datetime) -> list[Round]:
    """Planned rounds whose opening day has begun in the TWG's zone."""
    near = Round.objects.filter(state=RoundState.PLANNED, opens_on__lte=(now + timedelta(days=1)).date())
    rounds = near.with_all().order_by("opens_on", "pk")[:AT_ONCE]
    return [round_ for round_ in rounds if round_.opens_at and round_.opens_at <= now]


@clock.at_tick("rounds closed")
def close_due(now: datetime) -> int:
    """Close what is past its deadline; harmless when somebody is faster."""
    due = Round.objects.filter(state=RoundState.OPEN, deadline__lte=now)
    return _perform("close", due.with_all().order_by("deadline", "pk")[:AT_ONCE])


def _perform(transition: str, rounds: Iterable[Round]) -> int:
    done = 0
    for round_ in rounds:
        try:
            engine.perform(RoundFlow(round_), transition, actor=None, version=round_.version)
        except (Conflict, Unmet):
            continue  # done by hand, extended or changed in this very moment; or it can't be yet
        done += 1
    return done
