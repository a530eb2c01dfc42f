"""The app's models, room by room."""

from meetings.attendance.models import Attendance
from meetings.minutes.models import ActionItem, Addendum, Decision, Minutes
from meetings.scheduling.models import AgendaItem, Answer, CalendarLink, Invitation, Meeting, Slot

__all__ = [
    "ActionItem", "Addendum", "AgendaItem", "Answer", "Attendance", "CalendarLink", "Decision", "Invitation", "Meeting",
    "Minutes", "Slot",
]  # fmt: skip
