"""Times in the zones of strangers, who name them as they like (RFC 5545, 3.3.5 and 3.6.5).

A name of the zone database is taken for what it says, and so is one of Windows. Of any other the table in the file is
asked, as far as its rules are plain: nothing is expanded, since a rule of a stranger can be without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .guarded import Component, Property, Unreadable
from .zones import WEEKDAYS, Rule

MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?", re.ASCII)
OFFSET = re.compile(r"([+-])(\d\d)([0-5]\d)(?:[0-5]\d)?", re.ASCII)
BYDAY = re.compile(rf"([+-]?[1-4]|-1)({'|'.join(WEEKDAYS)})")
PLAIN_PARTS = {"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "WKST", "UNTIL"}
MOST_OBSERVANCES = 100


def moment(told: Property, zones: Iterable[Component]) -> datetime:
    """The moment of a DTSTART or DTEND, in UTC. Raises Unreadable for a day, and where the zone can't be known."""
    value = told.value.strip()
    local = _clock(value)
    if local is None or not 1970 <= local.year <= 9000:
        raise Unreadable(_("It proposes no time that can be read."))
    if value.endswith("Z"):
        return local.replace(tzinfo=UTC)
    name = told.parameters.get("TZID", "").strip()
    if known := known_zone(name):
        return local.replace(tzinfo=ZoneInfo(known)).astimezone(UTC)
    for zone in zones:
        if name and zone.value("TZID") == name and (ahead := _ahead(zone, local)) is not None:
            return (local - ahead).replace(tzinfo=UTC)
    raise Unreadable(_("It proposes a time, but in no time zone that is known."))


def stamp(value: str) -> datetime | None:
    """A DTSTAMP, which is in UTC (3.8.7.2); None for anything else."""
    told = _clock(value) if value.endswith("Z") else None
    return told.replace(tzinfo=UTC) if told else None


def _clock(value: str) -> datetime | None:
    """What a clock shows in a DATE-TIME, wherever it stands; None for anything else (3.3.5)."""
    found = MOMENT.fullmatch(value)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a clock knows no zone
    except ValueError:
        return None  # the thirtieth of February


def known_zone(name: str) -> str:
    """The zone database's name for it, "" for none. Some programs put theirs before it: /example.org/Africa/Accra."""
    known = _all_zones()
    words = name.strip("/").split("/")
    tails = ["/".join(words[first:]) for first in range(max(len(words) - 3, 0), len(words))]
    windows = WINDOWS_TO_OLSON.get(name, "")
    return next((one for one in (name, *tails, windows) if one in known), "")


@lru_cache(maxsize=1)
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory"}


# -- a table in the file -----------------------------------------------------------------------------------


def _ahead(zone: Component, local: datetime) -> timedelta | None:
    """How far the clock was ahead of UTC: what the last change before that time says. None where it can't be said."""
    last: tuple[datetime, timedelta] | None = None
    if len(zone.parts) > MOST_OBSERVANCES:
        return None
    for observance in zone.parts:
        offset, turned = _offset(observance.value("TZOFFSETTO")), _turned(observance, local)
        if offset is None or turned is None:
            return None
        if turned <= local and (last is None or turned > last[0]):
            last = (turned, offset)
    return last[1] if last else None


def _offset(value: str) -> timedelta | None:
    found = OFFSET.fullmatch(value)
    if found is None or int(found[2]) > 15:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return ahead if found[1] == "+" else -ahead


def _turned(observance: Component, local: datetime) -> datetime | None:
    """When the clock was last turned so before that time, or will be first; None where the rule is not a plain one."""
    first, told = _clock(observance.value("DTSTART")), observance.value("RRULE").upper()
    if first is None or not told or first > local:
        return first
    parts = dict(part.partition("=")[::2] for part in told.split(";"))
    day, month = BYDAY.fullmatch(parts.get("BYDAY", "")), parts.get("BYMONTH", "")
    plain = parts.get("FREQ") == "YEARLY" and parts.get("INTERVAL", "1") == "1" and set(parts) <= PLAIN_PARTS
    if not plain or day is None or not re.fullmatch(r"[1-9]|1[0-2]", month):
        return None
    rule = Rule(int(month), int(day[1]), WEEKDAYS.index(day[2]), first.time())
    until = parts.get("UNTIL", "9999")[:4]
    final = min(local.year, int(until)) if re.fullmatch(r"\d{4}", until, re.ASCII) else local.year
    years = (year for year in (final, final - 1) if year >= first.year)
    return next((turned for turned in map(rule.on, years) if turned <= local), first)
