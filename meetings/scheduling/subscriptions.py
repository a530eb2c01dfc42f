"""Calendars that people subscribe to: a secret address for each, what stands in it, and how it is taken back."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.calendar.event import CalendarEvent
from workflow.engine import digests
from workflow.engine.models import Event
from workflow.groups import access
from workflow.groups.models import Person, Region, Twg

from . import days, entries, not_public
from .models import CalendarLink, Invitation, Meeting

MOST_LINKS = 20
MOST_MEETINGS = 1000
REFRESH = timedelta(hours=6)


def make(person: Person, twg: Twg | None = None, region: Region | None = None) -> tuple[CalendarLink, str]:
    """A new link and its secret, which is shown once. Raises ValidationError beyond twenty that are valid."""
    if CalendarLink.objects.filter(person=person, revoked_at=None).count() >= MOST_LINKS:
        raise ValidationError(_("You have twenty calendar links: revoke one first."))
    secret = secrets.token_urlsafe(32)
    return CalendarLink.objects.create(person=person, twg=twg, region=region, hash=digests.of_text(secret)), secret


def find(secret: str) -> CalendarLink | None:
    """The link with this secret, while it is valid, and its person may come in and reads its TWG from the inside."""
    found = CalendarLink.objects.filter(hash=digests.of_text(secret), revoked_at=None, person__is_active=True)
    link = found.select_related("person", "twg__region", "region").first()
    if link is None or (link.twg is not None and not access.inside(link.person, link.twg)):
        return None
    return link


def revoke(person: Any, pk: int) -> None:
    """The address opens nothing any more."""
    CalendarLink.objects.filter(person=person.pk, pk=pk, revoked_at=None).update(revoked_at=timezone.now())


def of_region(region: Region, path: str = "twg__") -> Q:
    """What hangs on the region's own TWG and on those of its countries."""
    return Q(**{f"{path}region": region}) | Q(**{f"{path}country__in": [country.code for country in region.countries]})


def regions(person: Any) -> QuerySet[Region]:
    """Those in which the person reads a TWG from the inside: of these a calendar can hold something for them."""
    known = Twg.objects.internal_to(person).order_by()
    countries = set(known.exclude(country="").values_list("country", flat=True))
    own = set(known.exclude(region=None).values_list("region", flat=True))
    found = [one.pk for one in Region.objects.all() if one.pk in own or countries & {c.code for c in one.countries}]
    return Region.objects.filter(pk__in=found)


def meetings_of(link: CalendarLink) -> QuerySet[Meeting]:
    """The meetings that have a date and that the link's person may know of today, cancelled ones too (S31)."""
    known: QuerySet[Meeting] = Meeting.objects.all().visible_to(link.person).exclude(starts_at=None)
    if link.twg_id is not None:
        known = known.filter(Q(twg=link.twg_id) | Q(with_twgs=link.twg_id))
    elif link.region is not None:
        known = known.filter(of_region(link.region) | of_region(link.region, "with_twgs__"))
    else:
        known = known.filter(pk__in=Invitation.objects.filter(person=link.person_id, removed_at=None).values("meeting"))
    return _stamped(known)


def _stamped(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With the moment of their last change; the newest first, of a very long list."""
    last = Event.objects.filter(subject_kind="meeting", subject_id=OuterRef("pk")).order_by("-sequence").values("at")
    told = meetings.select_related("twg__region").annotate(told_at=Coalesce(Subquery(last[:1]), "starts_at"))
    return told.order_by("-starts_at", "-pk")


def events_of(link: CalendarLink) -> list[CalendarEvent]:
    """What stands in the calendar: meetings, and the days until which something waits, in the person's own zone.

    In the person's own calendar that is what waits for them; in a TWG's and a region's, what waits for anybody there.
    """
    own = link.twg_id is None and link.region_id is None
    found = [_entry(meeting, alarms=own) for meeting in meetings_of(link)[:MOST_MEETINGS]]
    with timezone.override(link.person.time_zone):
        if own:
            return [*found, *days.of_person(link.person)]
        if link.region is not None:
            return [*found, *days.of_twgs(link.person, lambda path: of_region(link.region, path))]  # type: ignore[arg-type]
        waits = days.of_twgs(link.person, lambda path: Q(**{path.removesuffix("__"): link.twg_id}))
        return [*found, *not_public.events_of(link.twg, link.person), *waits]  # type: ignore[arg-type]


def _entry(meeting: Any, *, alarms: bool) -> CalendarEvent:
    """Stamped with its last change, so that a feed in which nothing changed is the same to the octet."""
    made = entries.entry(meeting, summary=meeting.title, description=entries.words(meeting), alarms=alarms)
    return replace(made, stamp=meeting.told_at, modified=meeting.told_at)


# -- the public's --------------------------------------------------------------------------------------------


def announced(region: Region | None = None) -> QuerySet[Meeting]:
    """What the secretariats have announced to the public, in a region or everywhere; never a closed session (S31)."""
    known: QuerySet[Meeting] = Meeting.objects.all().announced()
    return _stamped(known.filter(of_region(region)) if region else known)


def public_events(region: Region | None = None) -> list[CalendarEvent]:
    """Title, date and place of each, and nothing else.

    No alarm: a program would ring for a thousand people.
    """
    return [_public(meeting) for meeting in announced(region)[:MOST_MEETINGS]]


def _public(meeting: Any) -> CalendarEvent:
    made = entries.entry(meeting, summary=meeting.title, bare=True)
    return replace(
        made, uid=not_public.other_uid(meeting, "public"), stamp=meeting.told_at,
        modified=meeting.told_at, description=meeting.twg.name, location=meeting.place,
        url=settings.SITE_URL + reverse("public-calendar"), categories=(str(meeting.get_kind_display()),),
    )  # fmt: skip
