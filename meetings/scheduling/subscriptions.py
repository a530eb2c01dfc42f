"""Calendars that people subscribe to: a secret address for each, what stands in it, and how it is taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.calendar.event import CalendarEvent
from workflow.engine import inbox
from workflow.engine.models import Event
from workflow.groups.models import Person, Twg

from . import entries, not_public
from .models import CalendarLink, Invitation, Meeting

MOST_LINKS = 20
MOST_MEETINGS = 1000
REFRESH = timedelta(hours=6)


def make(person: Person, twg: Twg | None = None) -> tuple[CalendarLink, str]:
    """A new link and its secret, which is shown once. Raises ValidationError beyond twenty that are valid."""
    if CalendarLink.objects.filter(person=person, revoked_at=None).count() >= MOST_LINKS:
        raise ValidationError(_("You have twenty calendar links: revoke one first."))
    secret = secrets.token_urlsafe(32)
    return CalendarLink.objects.create(person=person, twg=twg, hash=_hash(secret)), secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str) -> CalendarLink | None:
    """The link with this secret, while it is valid and its person may come in."""
    found = CalendarLink.objects.filter(hash=_hash(secret), revoked_at=None, person__is_active=True)
    return found.select_related("person", "twg__region").first()


def revoke(person: Any, pk: int) -> None:
    """The address opens nothing any more."""
    CalendarLink.objects.filter(person=person.pk, pk=pk, revoked_at=None).update(revoked_at=timezone.now())


def meetings_of(link: CalendarLink) -> QuerySet[Meeting]:
    """The meetings that have a date and that the link's person may know of today, cancelled ones too (S31)."""
    known: QuerySet[Meeting] = Meeting.objects.all().visible_to(link.person).exclude(starts_at=None)
    if link.twg_id is not None:
        known = known.filter(Q(twg=link.twg_id) | Q(with_twgs=link.twg_id))
    else:
        known = known.filter(pk__in=Invitation.objects.filter(person=link.person_id, removed_at=None).values("meeting"))
    last = Event.objects.filter(subject_kind="meeting", subject_id=OuterRef("pk")).order_by("-sequence").values("at")
    return known.select_related("twg__region").annotate(told_at=Subquery(last[:1])).order_by("-starts_at")


def events_of(link: CalendarLink) -> list[CalendarEvent]:
    """What stands in the calendar: meetings, and for the person's own one the days until which something waits."""
    found = [_entry(meeting) for meeting in meetings_of(link)[:MOST_MEETINGS]]
    if link.twg is not None:
        return [*found, *not_public.events_of(link.twg, link.person)]
    return [*found, *_deadlines(link.person)]


def _entry(meeting: Any) -> CalendarEvent:
    """Stamped with its last change, so that a feed in which nothing changed is the same to the octet."""
    made = entries.entry(meeting, summary=meeting.title, description=meeting.description)
    return replace(made, stamp=meeting.told_at, modified=meeting.told_at)


def _deadlines(person: Any) -> Sequence[CalendarEvent]:
    """Comments, votes, actions: whatever waits for the person by a day, each as that day."""
    waits = [item for item in inbox.of(person).waiting if item.due and "/answer/" not in item.url]
    return [_day(str(item.title), str(item.detail), item.url, item.due) for item in waits if item.due]


def _day(title: str, detail: str, url: str, due: date) -> CalendarEvent:
    noon = datetime.combine(due, time(12), tzinfo=UTC)
    uid = hashlib.sha256(f"{url} {due}".encode()).hexdigest()[:32]
    return CalendarEvent(
        uid=f"{uid}@palabre", sequence=0, stamp=datetime.combine(due, time(0), tzinfo=UTC) - timedelta(days=30),
        starts=noon, ends=noon, zone="UTC", summary=title, description=detail, url=settings.SITE_URL + url,
        all_day=True, transparent=True,
    )  # fmt: skip
