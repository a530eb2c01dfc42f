"""Days until which something waits, as entries of a calendar: comments, votes, action items."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings.calendar.event import CalendarEvent
from workflow.engine import inbox, kinds

MOST = 500  # of one kind


@dataclass(frozen=True)
class Awaited:
    """A kind of subject that waits until a day: in which column that stands, by which path it hangs on its TWG."""

    kind: str
    due: str
    twg: str
    words: str | Promise


# Rooms above and below this one: by the name of their kind, of which each knows who may see what.
AWAITED = (
    Awaited("round", "deadline", "twg__", _("Comments close: %(what)s")),
    Awaited("ballot", "deadline", "twg__", _("The vote closes: %(what)s")),
    Awaited("action_item", "due", "minutes__meeting__twg__", _("To be done: %(what)s")),
)


def of_person(person: Any) -> list[CalendarEvent]:
    """Whatever waits for the person by a day. Invitations are left out: the meeting itself stands there."""
    waits = (item for item in inbox.of(person).waiting if item.due and "/answer/" not in item.url)
    return [_day(str(item.title), str(item.detail), item.url, item.due) for item in waits if item.due]


def of_twgs(person: Any, among: Callable[[str], Q]) -> list[CalendarEvent]:
    """What is open in some TWGs, as far as the person may know; `among` says which, along a path to the TWG."""
    found = []
    for awaited in AWAITED:
        kind = kinds.get(awaited.kind)
        if kind is None:
            continue
        rows = kind.visible_to(person).filter(among(awaited.twg), state="open").exclude(**{awaited.due: None})
        for row in rows.order_by(awaited.due, "pk").distinct()[:MOST]:
            due = getattr(row, awaited.due)
            day = timezone.localtime(due).date() if isinstance(due, datetime) else due
            found.append(_day(str(awaited.words) % {"what": row}, "", kind.url(row), day))
    return found


def _day(title: str, detail: str, url: str, due: date) -> CalendarEvent:
    """A whole day that takes nobody's time. What is put off is another entry, and the old one is gone."""
    noon = datetime.combine(due, time(12), tzinfo=UTC)
    uid = hashlib.sha256(f"{url} {due}".encode()).hexdigest()[:32]
    return CalendarEvent(
        uid=f"{uid}@palabre", sequence=0, stamp=datetime.combine(due, time(0), tzinfo=UTC) - timedelta(days=30),
        starts=noon, ends=noon, zone="UTC", summary=title, description=detail, url=settings.SITE_URL + url,
        all_day=True, transparent=True,
    )  # fmt: skip
