"""Reminders by mail: some days before an action is due, and once its day has passed (S14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflow.datarequests.rules import today_in
from workflow.engine import clock, outbox, reminding
from workflow.engine.models import OutboxRow

from . import people
from .models import DataAction
from .models.plan import STANDING

BEFORE = timedelta(days=14)
NEAR, LATE = "due", "late"
MAILS = "recommendations/mail"


@clock.at_tick("actions of data plans reminded")
def remind(now: datetime) -> int:
    """Put a reminder into the outbox for each action that needs one; returns how many."""
    return reminding.remind("data_action_reminder", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    """Each reminder's key and what it is about: once for each day that an action is due on. What a project file tells
    of long ago was not late in Palabre: of the late, only those whose day passed since they stand here.
    """
    latest = (now + BEFORE + timedelta(days=1)).date()
    near = DataAction.objects.all().unfinished().filter(due_on__lte=latest, plan__state__in=STANDING).order_by()
    for pk, due, zone in near.values_list("pk", "due_on", "twg__time_zone"):
        if due is None:
            continue  # without a date nothing is due
        left = due - today_in(zone)
        if -BEFORE <= left <= BEFORE:
            which = LATE if left < timedelta(0) else NEAR
            yield f"data_action:{pk}:{due}:{which}", {"action": pk, "due": due.isoformat(), "which": which}


@outbox.handler("data_action_reminder")
def expand(row: OutboxRow) -> None:
    """One mail for each who leads; of a late one, for each who runs the TWG, too. What is over by then is not told."""
    pk, due, which = row.payload["action"], row.payload["due"], row.payload["which"]
    action = DataAction.objects.all().with_all().unfinished().filter(pk=pk, due_on=due).first()
    if action is None:
        raise outbox.Dropped("it is over, or has another day by now")
    told = {person.pk: f"data_action_{which}" for person in people.leading(action)}
    if which == LATE or not told:
        told = {person.pk: f"data_action_{which}" for person in people.running(action.twg)} | told
    reminding.expand(row, action, told.items(), folder=MAILS)
