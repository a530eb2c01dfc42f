"""The app's models, room by room."""

from meetings.attendance.models import Attendance
from meetings.scheduling.models import AgendaItem, Answer, Invitation, Meeting, Slot

__all__ = ["AgendaItem", "Answer", "Attendance", "Invitation", "Meeting", "Slot"]
