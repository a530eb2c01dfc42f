"""What time brings to ballots: reminders to those who have not voted, and closing (S08, S16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflow.engine import clock, outbox
from workflow.engine.errors import Conflict, Unmet

from . import services
from .models import Ballot, BallotState

AT_ONCE = 100  # ballots closed in one tick


@clock.at_tick("ballots closed")
def close_due(now: datetime) -> int:
    """Close what is past its deadline; harmless when somebody is faster."""
    closed = 0
    for ballot in Ballot.objects.filter(state=BallotState.OPEN, deadline__lte=clock.moment()).order_by("deadline")[
        :AT_ONCE
    ]:
        try:
            services.close(ballot, actor=None, version=None)
        except (Conflict, Unmet):
            continue  # closed, cancelled or extended in this very moment
        closed += 1
    return closed


@clock.at_tick("ballot reminders")
def remind_due(now: datetime) -> int:
    """One reminder a ballot and day named, expanded to those who have not voted when it is sent."""
    due = 0
    for ballot in Ballot.objects.filter(state=BallotState.OPEN, deadline__gt=now):
        for days in ballot.reminder_days:
            from_ = ballot.deadline - timedelta(days=days)
            if (ballot.opened_at or now) < from_ <= now:
                key = f"ballot-reminder:{ballot.pk}:{ballot.deadline.isoformat()}:{days}"
                due += outbox.put("ballot-reminder", {"ballot": ballot.pk}, key=key) is not None
    return due
