"""Reminders by mail: some days before a request is due, and when its day has passed (S11).

They are no events: a form that somebody has open stays valid. Each is one row of the outbox, whose key names the
request and the day, so that it is sent once, whoever ticks; a request that gets a new day is reminded of anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from workflow.engine import clock, history, outbox
from workflow.engine import services as engine
from workflow.engine.models import OutboxRow

from . import asked, rules
from .models import DataRequest, RequestState


@clock.at_tick("data requests reminded")
def remind(now: datetime) -> int:
    """Put a reminder into the outbox for each request that needs one; returns how many."""
    keys = dict(_wanted(now))
    known = set(OutboxRow.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    if not keys.keys() - known:
        return 0
    with transaction.atomic():
        engine.hold("data request reminders")
        return len(outbox.put_many("request_reminder", keys.items()))


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
    event = history.events_of(request).last()
    if event is None:
        raise outbox.Dropped("it has no history")
    told = [(person, which) for person in asked.answering(request)]
    if which == rules.OVER:
        known = {person.pk for person, _which in told}
        told += [(person, "late_asker") for person in asked.asking(request) if person.pk not in known]
    outbox.put_many(
        "mail",
        [
            (
                f"mail:{row.key}:{person.pk}",
                {"event": event.pk, "person": person.pk, "template": f"workflow/mail/request_{name}", "internal": True},
            )
            for person, name in told
        ],
    )
