"""When a data request is late: pure functions of state, day and place (S11)."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

REMIND_BEFORE = timedelta(days=3)
BEFORE, OVER = "due", "late"
USUAL_TIME = timedelta(days=14)  # what a new request suggests


def today_in(zone: str) -> date:
    """The day that it is now in an IANA zone: a day asked for ends where the TWG works, not where the reader sits."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def days_late(state: str, due: date, zone: str) -> int:
    """Whole days past `due`; 0 while the day lasts, and for a request that nobody waits for any more."""
    return max((today_in(zone) - due).days, 0) if state == "asked" else 0


def reminder(due: date, zone: str, asked_for: timedelta) -> str:
    """Which reminder is called for: `due` in the last days, `late` once they are over, "" before.

    Whoever was asked within the last day (`asked_for`) needs none yet.
    """
    left = due - today_in(zone)
    if left < timedelta(0):
        return OVER
    return BEFORE if left <= REMIND_BEFORE and asked_for >= timedelta(days=1) else ""
