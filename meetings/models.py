"""The app's models, room by room."""

from meetings.attendance.models import Attendance
from meetings.minutes.models import ActionItem, Addendum, Decision, Minutes
from meetings.scheduling.models import AgendaItem, Answer, CalendarLink, Invitation, Meeting, Slot
from meetings.trainings.models import Certificate, Course, Participation, Training

__all__ = [
    "ActionItem", "Addendum", "AgendaItem", "Answer", "Attendance", "CalendarLink", "Certificate", "Course", "Decision",
    "Invitation", "Meeting", "Minutes", "Participation", "Slot", "Training",
]  # fmt: skip
