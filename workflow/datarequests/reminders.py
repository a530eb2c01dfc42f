"""Reminders by mail: some days before a request is due, and when its day has passed (S11).

They are no events: a form that somebody has open stays valid. Each is one row of the outbox, whose key names the
request and the day, so that it is sent once, whoever ticks; a request that gets a new day is reminded of anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflow.engine import clock, outbox, reminding
from workflow.engine.models import OutboxRow

from . import asked, rules
from .models import DataRequest, RequestState


@clock.at_tick("data requests reminded")
def remind(now: datetime) -> int:
    """Put a reminder into the outbox for each request that needs one; returns how many."""
    return reminding.remind("request_reminder", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    """Each reminder's key and what it is about."""
    latest = (now + rules.REMIND_BEFORE + timedelta(days=1)).date()
    near = DataRequest.objects.filter(state=RequestState.ASKED, due__lte=latest).order_by()
    for pk, due, zone, asked_at in near.values_list("pk", "due", "twg__time_zone", "asked_at"):
        which = rules.reminder(due, zone, now - asked_at)
        if which:
            yield f"request:{pk}:{due}:{which}", {"request": pk, "due": due.isoformat(), "which": which}


@outbox.handler("request_reminder")
def expand(row: OutboxRow) -> None:
    """One mail for each who can answer; of a late one, for each who waits, too. What was answered meanwhile is not."""
    pk, due, which = row.payload["request"], row.payload["due"], row.payload["which"]
    request = DataRequest.objects.filter(pk=pk, state=RequestState.ASKED, due=due).select_related("twg").first()
    if request is None:
        raise outbox.Dropped("it is answered, or has another day by now")
    told = {person.pk: f"request_{which}" for person in asked.answering(request)}
    if which == rules.OVER:
        told = {person.pk: "request_late_asker" for person in asked.asking(request)} | told
    reminding.expand(row, request, told.items())
