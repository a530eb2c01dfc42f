"""Times as people and programs write them, read by the meeting's own clock and on the meeting's own day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting

CLOCK = re.compile(r"^(\d{1,2})(?:[:hH.](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?$")
NUMBERS = re.compile(r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[,T ]+(.+)$")
OFFSET = re.compile(r"(?:Z|\s*UTC|\s*GMT|[+-]\d{2}:?\d{2})$")
AROUND = timedelta(days=1)  # how far from the meeting a time may be


def read(text: str, meeting: Meeting) -> datetime | None:
    """The moment, None for nothing. Raises ValueError with a sentence for what is no time, or not of the meeting's."""
    text = " ".join(text.replace("\u202f", " ").split())
    if not text:
        return None
    zone = ZoneInfo(meeting.zone)
    if meeting.starts_at is None:
        raise ValueError(_("The day of this meeting is not known: leave the times out."))
    starts, ends = meeting.starts_at.astimezone(zone), (meeting.ends_at or meeting.starts_at).astimezone(zone)
    found = list(_readings(text, starts, zone))
    if not found:
        raise ValueError(_("“%(text)s” is no time: write it as 09:30 or 2009-04-15 09:30.") % {"text": text[:40]})
    fitting = [at for at in found if starts - AROUND <= at <= ends + AROUND]
    if not fitting:
        raise ValueError(_("“%(text)s” is not on the day of this meeting.") % {"text": text[:40]})
    return min(fitting, key=lambda at: abs(at - starts))


def _readings(text: str, starts: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """All moments that the text may mean: day before month, or month before day."""
    if at := _clock(text):
        yield datetime.combine(starts.date(), at, zone)
        return
    if OFFSET.search(text) and (moment := _iso(text)):
        yield moment
        return
    numbers = NUMBERS.match(text)
    at = _clock(numbers[4]) if numbers else None
    if numbers and at:
        for day in _days(int(numbers[1]), int(numbers[2]), int(numbers[3])):
            yield datetime.combine(day, at, zone)


def _iso(text: str) -> datetime | None:
    cleaned = re.sub(r"\s*(?:UTC|GMT)$", "+00:00", text.replace("Z", "+00:00"))
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _clock(text: str) -> time | None:
    found = CLOCK.match(text)
    if not found or not (found[2] or found[4]):
        return None
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _days(first: int, second: int, third: int) -> Iterator[date]:
    orders = [(first, second, third)] if first > 31 else [(third, second, first), (third, first, second)]
    for year, month, day in orders:
        try:
            yield date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            continue
