"""When the TWG should meet next, by the cadence of its terms of reference, and how far it has slipped (S17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

from workflow.engine import edtf
from workflow.groups.models import TermsOfReference, TermsState, Twg

from .models import Meeting, MeetingKind, MeetingState

COUNTING = (MeetingKind.LAUNCH, MeetingKind.REGULAR, MeetingKind.AD_HOC, MeetingKind.POLICY_WORKSHOP)
TOOK_PLACE = (MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
WEEKEND = (5, 6)  # Saturday and Sunday, as date.weekday() counts


@dataclass(frozen=True)
class Cadence:
    """`earliest` and `latest` are the days between which the next meeting is due; None where nothing says when."""

    last: date | None
    earliest: date | None
    latest: date | None
    planned: Meeting | None

    @property
    def late_by(self) -> int:
        """Days by which the next meeting is late: planned after the latest day, or not planned and that day is over."""
        if self.latest is None:
            return 0
        when = self.planned.starts_at.date() if self.planned and self.planned.starts_at else timezone.localdate()
        return max(0, (when - self.latest).days)


def of(twg: Twg, person: Any) -> Cadence:
    """The TWG's cadence as it stands today, from the meetings that the person may know of (S31): three queries."""
    terms = TermsOfReference.objects.filter(twg=twg.linked_to_id or twg.pk, state=TermsState.ADOPTED).first()
    found = Meeting.objects.all().visible_to(person).filter(twg=twg, kind__in=COUNTING)
    last = max(filter(None, (_day(meeting) for meeting in found.filter(state__in=TOOK_PLACE))), default=None)
    ahead = found.filter(state=MeetingState.SCHEDULED, starts_at__gt=timezone.now()).order_by("starts_at").first()
    if terms is None or last is None:
        return Cadence(last, None, None, ahead)
    return Cadence(last, add_months(last, terms.cadence_from), add_months(last, terms.cadence_to), ahead)


def _day(meeting: Meeting) -> date | None:
    """The day on which it ended, as far as it is known: of "2009-04" the last day."""
    if meeting.starts_at:
        return meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date()
    return edtf.parse(meeting.when).last if meeting.when and meeting.when != edtf.OPEN else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def holiday(twg: Twg, day: date) -> str:
    """The name of the country's public holiday on this day; "" when there is none, or nobody knows."""
    country = str(twg.country or "")
    if not country or country not in holidays.list_supported_countries(include_aliases=False):
        return ""
    return str(holidays.country_holidays(country, years=day.year).get(day, ""))


def proposed(
    twg: Twg, person: Any, *, hour: int = 9, lasting: timedelta = timedelta(hours=3)
) -> tuple[datetime, datetime] | None:
    """A date for the next meeting: in the middle of what the cadence allows, on a working day, in the TWG's zone."""
    cadence = of(twg, person)
    if cadence.earliest is None or cadence.latest is None:
        return None
    day = cadence.earliest + (cadence.latest - cadence.earliest) / 2
    day = max(day, timezone.localdate() + timedelta(days=14))
    while day.weekday() in WEEKEND or holiday(twg, day):
        day += timedelta(days=1)
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(twg.time_zone))
    return starts, starts + lasting
