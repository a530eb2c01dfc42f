"""What Outlook reads of a VTIMEZONE (MS-OXCICAL, 2.1.3.1.1.19): one STANDARD, one DAYLIGHT, one rule of each.

Written from Microsoft's description, and from nothing of ours: it tells whether Outlook shows the hour that was meant.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def parts(table: list[str]) -> dict[str, dict[str, str]]:
    """Properties of the parts by their name; two of one name, or dates instead of a rule, are not read."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in table:
        name, _colon, value = line.partition(":")
        if name == "BEGIN" and value != "VTIMEZONE":
            assert value not in found, "a second one is not read"
            current = found[value] = {}
        elif name not in ("END", "BEGIN"):
            current[name] = value
    assert "STANDARD" in found
    assert all("RDATE" not in part for part in found.values())
    return found


def offset(told: str) -> timedelta:
    sign = -1 if told[0] == "-" else 1
    return sign * timedelta(hours=int(told[1:3]), minutes=int(told[3:5]))


def onset(part: dict[str, str], year: int) -> datetime:
    rule = re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-1|[1-4])(\w\w)", part["RRULE"])
    assert rule, "one weekday of one month, once a year"
    month, nth, weekday = int(rule[1]), int(rule[2]), DAYS.index(rule[3])
    days = [day for day in range(1, monthrange(year, month)[1] + 1) if datetime(year, month, day).weekday() == weekday]  # noqa: DTZ001
    day = days[nth - 1 if nth > 0 else nth]
    return datetime.strptime(f"{year}{month:02d}{day:02d}" + part["DTSTART"][8:], "%Y%m%dT%H%M%S")  # noqa: DTZ007


def utc(local: datetime, table: list[str]) -> datetime:
    """The moment in UTC, plain, that Outlook takes a local time for."""
    found = parts(table)
    if "DAYLIGHT" not in found:
        return local - offset(found["STANDARD"]["TZOFFSETTO"])
    begins, ends = onset(found["DAYLIGHT"], local.year), onset(found["STANDARD"], local.year)
    summer = begins <= local < ends if begins < ends else not ends <= local < begins
    return local - offset(found["DAYLIGHT" if summer else "STANDARD"]["TZOFFSETTO"])
