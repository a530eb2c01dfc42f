"""Reminders of action items: once, some days before they are due; a new day is reminded of anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflow.engine import clock, history, outbox, reminding
from workflow.engine.models import OutboxRow

from .models import ActionItem, ActionState
from .owing import those_who_owe

BEFORE = timedelta(days=3)
TEMPLATE = "meetings/mail/action_due"


@clock.at_tick("action items reminded")
def remind(now: datetime) -> int:
    """Put a reminder into the outbox for each action item that is due soon; returns how many."""
    return reminding.remind("action_reminder", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    """Each reminder's key and what it is about. What has just been taken down needs none yet."""
    near = ActionItem.objects.filter(
        state=ActionState.OPEN, due__lte=(now + BEFORE).date(), recorded_at__lte=now - timedelta(days=1)
    )
    for pk, due in near.order_by().values_list("pk", "due"):
        yield f"action:{pk}:{due}", {"action": pk, "due": due.isoformat()}


@outbox.handler("action_reminder")
def expand(row: OutboxRow) -> None:
    """One mail for each who owes it. What is done or dropped meanwhile is not."""
    action = (
        ActionItem.objects.with_all()
        .filter(pk=row.payload["action"], state=ActionState.OPEN, due=row.payload["due"])
        .first()
    )
    event = history.events_of(action).last() if action else None
    if action is None or event is None:
        raise outbox.Dropped("it is done, dropped, or has another day by now")
    about = {"event": event.pk, "internal": True, "template": TEMPLATE}
    outbox.put_many(
        "mail",
        [(f"mail:{row.key}:{person.pk}", {**about, "person": person.pk}) for person in those_who_owe(action)],
    )
