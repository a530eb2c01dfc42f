"""When the TWG should meet next, by the cadence of its terms of reference, and how far it has slipped (S17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.db.models import Q, QuerySet
from django.utils import timezone

from workflow.engine import edtf
from workflow.engine.together import Found, Listing, first
from workflow.groups.models import TermsOfReference, TermsState, Twg

from .models import Meeting, MeetingKind, MeetingState

COUNTING = (MeetingKind.LAUNCH, MeetingKind.REGULAR, MeetingKind.AD_HOC, MeetingKind.POLICY_WORKSHOP)
TOOK_PLACE = (MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
WEEKEND = (5, 6)  # Saturday and Sunday, as date.weekday() counts
USUAL_NOTICE = 14  # days between invitation and meeting, where no terms of reference say it


@dataclass(frozen=True)
class Cadence:
    """`earliest` and `latest` are the days between which the next meeting is due; None where nothing says when.

    `by_terms` says that terms of reference in force say so; else it is the rhythm that is recorded of the TWG.
    """

    last: Meeting | None
    earliest: date | None
    latest: date | None
    planned: Meeting | None
    by_terms: bool = False
    notice: int = USUAL_NOTICE

    @property
    def late_by(self) -> int:
        """Days by which the next meeting is late: planned after the latest day, or not planned and that day is over."""
        if self.latest is None:
            return 0
        when = self.planned.starts_at.date() if self.planned and self.planned.starts_at else timezone.localdate()
        return max(0, (when - self.latest).days)


def of(twg: Twg, person: Any) -> Cadence:
    """The TWG's cadence as it stands today, from the meetings that the person may know of (S31)."""
    return of_all([twg], person)[twg.pk]


def of_all(twgs: Sequence[Twg], person: Any) -> dict[int, Cadence]:
    """Of each TWG, by its number: two questions, however many TWGs there are."""
    ruling = {twg.pk: twg.linked_to_id or twg.pk for twg in twgs}
    adopted = TermsOfReference.objects.filter(twg__in=set(ruling.values()), state=TermsState.ADOPTED)
    terms = {found.twg_id: found for found in adopted}
    known: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in _counting(twgs, person):
        known[meeting.twg_id].append(meeting)
    return {twg.pk: _of(twg, terms.get(ruling[twg.pk]), known[twg.pk]) for twg in twgs}


def listings(twg: Twg, person: Any) -> dict[str, Listing]:
    """What `read` makes the cadence of, for a page that reads it together with other lists."""
    terms = TermsOfReference.objects.filter(twg=twg.linked_to_id or twg.pk, state=TermsState.ADOPTED)
    return {
        "terms": Listing(terms, "cadence_from", "cadence_to", "meeting_notice_days"),
        "counting": Listing(_counting([twg], person), "titles", "state", "starts_at", "zone", "when"),
    }


def read(twg: Twg, found: Found) -> Cadence:
    return _of(twg, first(found["terms"]), found["counting"])


def _counting(twgs: Sequence[Twg], person: Any) -> QuerySet[Meeting]:
    """What took place, and what is scheduled; all of it where nobody in particular asks."""
    found: QuerySet[Meeting] = Meeting.objects.all() if person is None else Meeting.objects.all().visible_to(person)
    return found.filter(
        Q(state__in=TOOK_PLACE) | Q(state=MeetingState.SCHEDULED, starts_at__gt=timezone.now()),
        twg__in=[twg.pk for twg in twgs], kind__in=COUNTING,
    )  # fmt: skip


def _of(twg: Twg, terms: TermsOfReference | None, known: Sequence[Meeting]) -> Cadence:
    ahead = [m for m in known if m.state == MeetingState.SCHEDULED and m.starts_at]
    planned = min(ahead, key=lambda meeting: (meeting.starts_at, meeting.pk), default=None)
    dated = [(day, m.pk, m) for m in known if m.state in TOOK_PLACE and (day := _day(m)) is not None]
    last = max(dated, default=None, key=lambda one: one[:2])
    least, most = (terms.cadence_from, terms.cadence_to) if terms else (twg.cadence_from, twg.cadence_to)
    notice = terms.meeting_notice_days if terms else USUAL_NOTICE
    if last is None or not least or not most:
        return Cadence(last[2] if last else None, None, None, planned, terms is not None, notice)
    earliest, latest = add_months(last[0], least), add_months(last[0], most)
    return Cadence(last[2], earliest, latest, planned, terms is not None, notice)


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
    twg: Twg, person: Any, known: Cadence | None = None, *, hour: int = 9, lasting: timedelta = timedelta(hours=3)
) -> tuple[datetime, datetime] | None:
    """A date for the next meeting: in the middle of what the cadence allows and no sooner than the notice of the terms,
    on a working day that is no holiday, in the TWG's zone."""
    cadence = known or of(twg, person)
    if cadence.earliest is None or cadence.latest is None:
        return None
    day = cadence.earliest + (cadence.latest - cadence.earliest) / 2
    day = max(day, timezone.localdate() + timedelta(days=cadence.notice))
    while day.weekday() in WEEKEND or holiday(twg, day):
        day += timedelta(days=1)
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(twg.time_zone))
    return starts, starts + lasting
