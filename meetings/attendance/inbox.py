"""What waits while a meeting lasts: to sign in, to keep the list, to close it; strangers whom nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from meetings.scheduling.models import Invitation, Meeting, MeetingState
from workflow.engine import clock
from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from . import places
from .models import Attendance


@waiting("attendance")
def waiting_strangers(person: Any) -> Wanted[Iterable[Item]] | None:
    """Walk-ins to confirm, by meeting, for the chair and the secretariat."""
    running = _running(person)
    if not running:
        return None
    unconfirmed = Q(attendances__confirmed=False, attendances__came=True)
    found = Meeting.objects.all().visible_to(person).filter(unconfirmed, twg__in=running, state__in=places.LISTED)
    counted = Meeting.objects.filter(pk__in=found.values("pk")).annotate(
        strangers=Count("attendances", filter=unconfirmed)
    )
    return Wanted({"meetings": Listing(counted.order_by("pk"), "titles", "strangers")}, lambda read: [
        _item(meeting) for meeting in read["meetings"]
    ])  # fmt: skip


@waiting("sessions")
def waiting_sessions(person: Any) -> Wanted[Iterable[Item]] | None:
    """Meetings whose doors are open: who runs them keeps the list, who is invited signs in (S18).

    One that is over and was never closed waits for those who run it: its minutes wait for that.
    """
    if not person.pk:
        return None
    running, now = _running(person), clock.moment()
    begun = Q(state=MeetingState.IN_SESSION) | Q(state=MeetingState.SCHEDULED, starts_at__lte=now + places.DOORS)
    found = Meeting.objects.all().visible_to(person).filter(begun).order_by("starts_at", "pk")
    asked = Invitation.objects.filter(person=person.pk, removed_at=None).values("meeting")
    there = Attendance.objects.filter(person=person.pk, came=True).values("meeting")
    mine = found.filter(pk__in=asked).exclude(pk__in=there).exclude(twg__in=running)
    lasting = mine.filter(Q(state=MeetingState.IN_SESSION) | Q(ends_at__gte=now))
    shown = ("titles", "state", "starts_at", "ends_at")
    listings = {"run": Listing(found.filter(twg__in=running), *shown), "attend": Listing(lasting, *shown)}
    return Wanted(listings, _sessions)


def _running(person: Any) -> set[int]:
    """The TWGs whose meetings the person runs."""
    return {s.twg_id for s in access.seats(person).present if s.role in ("chair", "secretariat")}


def _sessions(found: Found) -> Iterator[Item]:
    for meeting in found["run"]:
        if meeting.ends_at and meeting.ends_at < clock.moment():
            page = reverse("meeting", args=[meeting.pk])
            yield _session(meeting, _("Its time is over."), _("Say whether it was held"), page)
        elif meeting.state == MeetingState.SCHEDULED:
            begin = reverse("act", args=["meeting", meeting.pk, "begin"])
            yield _session(meeting, _("People can sign in already."), _("Open the session"), begin)
        else:
            yield _session(meeting, _("In session now."), _("Keep the list"), reverse("attendance", args=[meeting.pk]))
    for meeting in found["attend"]:
        sign = pgettext_lazy("a meeting", "Sign in")
        yield _session(meeting, _("People sign in now."), sign, reverse("here", args=[meeting.pk]))


def _session(meeting: Any, told: Any, action: Any, url: str) -> Item:
    due = timezone.localtime(meeting.starts_at).date() if meeting.starts_at else None
    return Item(title=meeting.title, detail=told, action=action, url=url, due=due, takes_place=True)


def _item(meeting: Any) -> Item:
    told = ngettext(
        "%(count)d person signed in without an invitation",
        "%(count)d people signed in without an invitation",
        meeting.strangers,
    ) % {"count": meeting.strangers}
    url = reverse("attendance", args=[meeting.pk])
    return Item(title=meeting.title, detail=told, action=_("Confirm them"), url=url)
