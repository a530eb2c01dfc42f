"""Reminders before a round's deadline: to those who have not answered, and to focal points who hold comments (S13).

They are no events: a form that somebody has open stays valid. Each is one row of the outbox, whose key names the round,
its deadline and the day, so that it is sent once, whoever ticks; a round that is extended is reminded of anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from workflow.engine import clock, outbox, reminding
from workflow.engine.models import OutboxRow

from . import asked, standing
from .models import MOST_DAYS, Remark, Round, RoundState

SILENT, HOLDING = "silent", "holding"
LAST_DAY = 1  # days before the deadline at which comments held inside an institution are told in any case


@clock.at_tick("rounds reminded")
def remind(now: datetime) -> int:
    """Put the reminders that are due into the outbox; returns how many."""
    return reminding.remind("round_reminder", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reminder's key and what it is about. Of several days that have come, only the last one counts."""
    near = Round.objects.filter(state=RoundState.OPEN, deadline__gt=now, deadline__lte=now + timedelta(days=MOST_DAYS))
    holding = set(Remark.objects.filter(round__in=near).kept_inside().values_list("round", flat=True))
    for pk, deadline, opened, days in near.order_by("pk").values_list("pk", "deadline", "opened_at", "reminder_days"):
        for which, wanted in ((SILENT, set(days)), (HOLDING, {*days, LAST_DAY} if pk in holding else set())):
            come = [day for day in wanted if (opened or now) < deadline - timedelta(days=day) <= now]
            if come:
                payload = {"round": pk, "deadline": deadline.isoformat(), "to": [which]}
                yield f"round:{pk}:{deadline.isoformat()}:{which}:{min(come)}", payload


@outbox.handler("round_reminder")
def expand(row: OutboxRow) -> None:
    """One mail for each who speaks for an institution that has not answered, or clears what waits inside one.

    Whoever has answered meanwhile is not told, nor is anybody when the round has another deadline by now.
    """
    found = Round.objects.filter(pk=row.payload["round"], state=RoundState.OPEN, deadline=row.payload["deadline"])
    round_ = found.select_related("twg").first()
    if round_ is None:
        raise outbox.Dropped("it is closed, or has another deadline by now")
    reminding.expand(row, round_, _told(round_, row.payload["to"]).items())


def _told(round_: Round, to: list[str]) -> dict[int, str]:
    """People (ids) with the mail that each gets: who holds comments is told that, and not also that none came."""
    holding = Remark.objects.filter(round=round_).kept_inside().values_list("institution", flat=True)
    told = {person.pk: "round_inside" for person in asked.focal_points(round_.twg_id, set(holding))}
    found = dict(told) if HOLDING in to else {}
    if SILENT in to:
        silent = asked.speakers(round_, standing.silent(round_))
        found.update({person.pk: "round_reminder" for person in silent if person.pk not in told})
    return found
