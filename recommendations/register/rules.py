"""When a recommendation or a report on it is late, and when the next one is asked for: pure functions."""

from __future__ import annotations

from datetime import date, timedelta

from meetings.scheduling.cadence import add_months
from workflow.datarequests.rules import today_in

__all__ = ["NEWS", "days_late", "next_report", "today_in"]

NEWS = timedelta(days=60)  # how long after its day it is told by mail that something is late


def days_late(due: date | None, today: date) -> int:
    """Whole days past `due`; 0 while the day lasts, and where no day is set."""
    return max((today - due).days, 0) if due else 0


def next_report(since: date, rhythm: int | None) -> date | None:
    """The day on which the next report is owed, so many months after the last; None where nobody is asked."""
    return add_months(since, rhythm) if rhythm else None
