"""What time brings to meetings: reminders by the ladder that the secretariat has set, each once (S17).

Each is one row of the outbox, whose key names the meeting, its date and the rung, so that it is sent once, whoever
ticks; a meeting that is moved is reminded of anew. A rung is for all, for those who have not answered, or for chosen
people; who that is, is asked when the mails are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from workflow.engine import clock, history, reminding

from .models import MOST_DAYS, Audience, Meeting, MeetingState, Reply


@clock.at_tick("meeting reminders")
def remind_due(now: datetime) -> int:
    """Put the reminders that are due into the outbox; returns how many."""
    return reminding.remind("meeting", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each reminder's key and what it is about. Of several rungs that have come, only the last one counts."""
    near = Meeting.objects.filter(
        state=MeetingState.SCHEDULED, starts_at__gt=now, starts_at__lte=now + timedelta(days=MOST_DAYS)
    )
    for meeting in near.exclude(reminder_days=[]).order_by("pk"):
        starts: Any = meeting.starts_at
        come = [days for days in meeting.reminder_days if starts - timedelta(days=days) <= now]
        if not come or _set_at(meeting) >= starts - timedelta(days=min(come)):
            continue  # whoever was told the date today is not reminded of it today
        days = min(come)
        to = meeting.reminder_to.get(str(days), Audience.ALL)
        payload = {"meeting": meeting.pk, "why": "reminder", "sequence": meeting.sequence, "people": None, "to": to}
        yield f"meeting:{meeting.pk}:reminder:{starts.isoformat()}:{days}", payload


def _set_at(meeting: Meeting) -> datetime:
    """When people were told the date that stands."""
    events = list(history.events_of(meeting).values_list("name", "data", "at"))
    told = [at for name, data, at in events if name in ("schedule", "move") or "starts_at" in data.get("changed", {})]
    return max(told, default=min(at for _name, _data, at in events))  # else when it was planned


def those_reminded(invitations: Any, to: str) -> Any:
    """Of a meeting's invitations those that a rung is for."""
    if to == Audience.SILENT:
        return invitations.filter(reply=Reply.NONE)
    return invitations.filter(chosen=True) if to == Audience.CHOSEN else invitations
