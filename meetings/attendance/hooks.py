"""What the attendance room brings: words for its events, its panels, what waits for who runs a meeting."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from workflow.engine import details, kinds
from workflow.groups import panels

from . import event_words, inbox  # noqa: F401 - the inbox registers itself
from . import panels as own

EVENTS = {
    "attendance_recorded": _("Attendance written down"),
    "attendance_corrected": _("Attendance corrected by the person"),
    "attendance_struck": _("Struck from the list of who came"),
    "attendance_imported": _("Attendance brought in from a list"),
    "signed_in": _("Signed in"),
    "walk_in_signed_in": _("Signed in without an invitation"),
    "walk_in_confirmed": _("Walk-in confirmed"),
}


def register() -> None:
    details.WORDS.update(event_words.WORDS)
    for key, reading in event_words.READINGS.items():
        details.reads(key, reading)
    panels.register("attendance", own.of_meeting, "meetings/attendance/panel.html", page="meeting")
    panels.register("attendance", own.of_twg, "meetings/attendance/twg_panel.html")
    name_events()


def name_events() -> None:
    """The meeting's history also tells of attendance; the room below names its own events."""
    kind = kinds.get("meeting")
    if kind is not None:
        kinds.register(replace(kind, events={**kind.events, **EVENTS}))
