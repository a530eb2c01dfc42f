"""What time brings to meetings: reminders by the ladder that the secretariat has set, each once (S17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflow.engine import clock, history, outbox

from .models import Meeting, MeetingState


@clock.at_tick("meeting reminders")
def remind_due(now: datetime) -> int:
    """One row a meeting and step of the ladder; a meeting that is moved is reminded of anew.

    A step that was over when the date was set is left out: who was invited today is not reminded of it today.
    """
    due = 0
    for meeting in Meeting.objects.filter(state=MeetingState.SCHEDULED, starts_at__gt=now):
        since = history.events_of(meeting).filter(name__in=["schedule", "move"]).latest("sequence").at
        for days in meeting.reminder_days:
            if meeting.starts_at and since < meeting.starts_at - timedelta(days=days) <= now:
                key = f"meeting:{meeting.pk}:reminder:{meeting.starts_at.isoformat()}:{days}"
                payload = {"meeting": meeting.pk, "why": "reminder", "sequence": meeting.sequence, "people": None}
                due += outbox.put("meeting", payload, key=key) is not None
    return due
