"""Deadlines of rounds: they belong to the database, and any process that ticks carries them out (S13)."""

from __future__ import annotations

from datetime import datetime

from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet

from .flow import RoundFlow
from .models import Round, RoundState


@clock.at_tick("rounds closed")
def close_due(now: datetime) -> int:
    """Close what is past its deadline; harmless when somebody is faster."""
    closed = 0
    for round_ in Round.objects.filter(state=RoundState.OPEN, deadline__lte=now).order_by("deadline")[:100]:
        try:
            engine.perform(RoundFlow(round_), "close", actor=None, version=round_.version)
        except (Conflict, Unmet):
            continue  # closed by hand, or extended, in this very moment
        closed += 1
    return closed
