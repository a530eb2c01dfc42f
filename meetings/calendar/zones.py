"""VTIMEZONE from the zone database: what a zone's clock does in the years that a calendar is about (RFC 5545, 3.6.5).

Every change of the offset is written down with its own date, and no rule of recurrence: governments change rules, and
Morocco moves its clock around each Ramadan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STEP = timedelta(days=7)  # no zone changes its clock twice within a week


@dataclass(frozen=True)
class Change:
    """From `local`, by the clock that held before it, the offset is `after`."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def block(zone: str, years: Iterable[int]) -> list[str]:
    """The lines of a zone's VTIMEZONE that covers the years, unfolded."""
    told = sorted(set(years))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    for change in changes(zone, told[0], told[-1]):
        kind = "DAYLIGHT" if change.daylight else "STANDARD"
        lines += [
            f"BEGIN:{kind}", f"DTSTART:{change.local:%Y%m%dT%H%M%S}", f"TZOFFSETFROM:{offset(change.before)}",
            f"TZOFFSETTO:{offset(change.after)}", f"TZNAME:{change.name}", f"END:{kind}",
        ]  # fmt: skip
    return [*lines, "END:VTIMEZONE"]


@lru_cache(maxsize=512)
def changes(zone: str, first: int, last: int) -> tuple[Change, ...]:
    """What holds at the beginning of the first year, and every change from then to the end of the last one."""
    place = ZoneInfo(zone)
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 2, tzinfo=UTC)
    # Well before the first year begins anywhere, so that each moment of it comes after a change that says what holds.
    start = moment - timedelta(days=2)
    held = _offset(start, place)
    found = [_change(start, place, held)]
    while start < end:
        following = min(start + STEP, end)
        if (now := _offset(following, place)) != held:
            found.append(_change(_when(start, following, place), place, held))
            held = now
        start = following
    return tuple(found)


def _offset(moment: datetime, place: ZoneInfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta(0)


def _when(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The second at which the offset changes between two moments, by halving."""
    held = _offset(before, place)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, place) == held:
            before = middle
        else:
            after = middle
    return after


def _change(moment: datetime, place: ZoneInfo, before: timedelta) -> Change:
    there = moment.astimezone(place)
    name = (there.tzname() or "").replace(",", "").replace(";", "") or "LMT"
    daylight = bool(there.dst())
    return Change((moment + before).replace(tzinfo=None), before, _offset(moment, place), name, daylight)


def offset(of: timedelta) -> str:
    """An offset as UTC-OFFSET (3.3.14): seconds only where there are some, never "-0000"."""
    seconds = int(of.total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02d}{minutes:02d}" + (f"{seconds:02d}" if seconds else "")
