"""A number of days in the unit in which people weigh it: days, then months, then years."""

from __future__ import annotations

from django.utils.timesince import TIME_STRINGS
from django.utils.translation import ngettext

IN_DAYS = 100  # up to here a day more or less matters
IN_MONTHS = 730
YEAR = 365.25


def words(count: int) -> str:
    """`count` days: "12 days", "7 months", "17 years"; rounded down, so that no stay looks longer than it was."""
    if count < IN_DAYS:
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    unit, length = ("month", YEAR / 12) if count < IN_MONTHS else ("year", YEAR)
    return str(TIME_STRINGS[unit] % {"num": int(count / length)})
