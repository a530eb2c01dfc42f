"""The app's models, room by room."""

from meetings.scheduling.models import AgendaItem, Answer, Invitation, Meeting, Slot

__all__ = ["AgendaItem", "Answer", "Invitation", "Meeting", "Slot"]
