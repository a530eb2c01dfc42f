"""A meeting as people's calendars know it (RFC 5545): what `meetings.calendar` writes down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from meetings.calendar.event import Alarm, Attendee, CalendarEvent, Organizer
from workflow.groups import access
from workflow.groups.models import Membership, Role

from . import not_public
from .models import Invitation, Meeting, MeetingState, Reply

PARTSTAT = {
    Reply.NONE: "NEEDS-ACTION", Reply.ACCEPTED: "ACCEPTED", Reply.TENTATIVE: "TENTATIVE", Reply.DECLINED: "DECLINED",
    Reply.DELEGATED: "DELEGATED",
}  # fmt: skip
# What has lost its date keeps the old one, and does not take place then.
STATUS = {MeetingState.CANCELLED: "CANCELLED", MeetingState.POSTPONED: "CANCELLED", MeetingState.POLLING: "CANCELLED",
          MeetingState.PLANNED: "TENTATIVE"}  # fmt: skip
ALARM = timedelta(hours=1)


def organizer(meeting: Meeting) -> Organizer:
    """The secretariat; replies reach Palabre, which reads them (RFC 5546, 2.1.1)."""
    seat = (
        Membership.objects.active()
        .filter(twg=meeting.twg_id, role=Role.SECRETARIAT, person__is_active=True)
        .select_related("person")
        .order_by("pk")
        .first()
    )
    name = str(seat.person) if seat else meeting.twg.name
    return Organizer(email=settings.CALENDAR_ADDRESS, name=name)


def invited(meeting: Meeting) -> list[Invitation]:
    found = Invitation.objects.filter(meeting=meeting, removed_at=None, person__is_active=True)
    return list(found.select_related("person", "institution"))


def attendees(among: Iterable[Invitation]) -> tuple[Attendee, ...]:
    """Who is invited, and behind each whom they have sent instead (RFC 5546, 3.2.2.3)."""
    return tuple(found for invitation in among for found in _attendees(invitation))


def _attendees(invitation: Invitation) -> Iterator[Attendee]:
    person, sent = invitation.person, invitation.delegate if invitation.reply == Reply.DELEGATED else ""
    role = "CHAIR" if invitation.role == Role.CHAIR else "REQ-PARTICIPANT"
    if invitation.role == Role.OBSERVER:
        role = "OPT-PARTICIPANT"
    yield Attendee(
        email=person.email, name=str(person), partstat=PARTSTAT[Reply(invitation.reply)], role=role, delegated_to=sent
    )
    if sent:
        name = "" if sent in invitation.replaced_by else invitation.replaced_by
        yield Attendee(email=sent, name=name, role=role, delegated_from=person.email)


def attendees_for(meeting: Meeting, person: Any, among: Iterable[Invitation]) -> tuple[Attendee, ...]:
    """Everybody who is invited, for those who may read addresses; for others themselves alone."""
    all_of_them = access.may_read_addresses(person, meeting.twg)
    return attendees(one for one in among if all_of_them or one.person_id == person.pk)


def page_of(meeting: Meeting) -> str:
    """The meeting's own page, which asks who is there: an entry is passed on, and opens nothing to whom it reaches."""
    return settings.SITE_URL + reverse("meeting", args=[meeting.pk])


def words(meeting: Meeting, *, asks: bool = False) -> str:
    """What people read in the entry: whose meeting it is, what it is about, how one takes part, where one answers.

    Never the personal link that answers without a password: it stands in the mail's text alone.
    """
    page = page_of(meeting) if asks else ""
    return render_to_string("meetings/mail/entry.txt", {"meeting": meeting, "page": page}).strip()


VEILED: dict[str, Any] = {"descriptions": {}, "place": "", "map_url": "", "video_url": "", "dial_in": ""}


def veil(meeting: Meeting) -> None:
    """Leave nothing of a meeting but its time, for a letter to somebody who knew of it and may not any more (S31)."""
    for name, value in VEILED.items():
        setattr(meeting, name, value)
    meeting.titles = not_public.names()


def entry(
    meeting: Meeting, *, summary: str, description: str = "", attendees: tuple[Attendee, ...] = (),
    organized_by: Organizer | None = None, alarms: bool = False, bare: bool = False,
) -> CalendarEvent:  # fmt: skip
    """A meeting that has a date, as one entry, in the language that is active; `bare`: that, and nothing else of it."""
    starts, ends = meeting.starts_at, meeting.ends_at
    if starts is None or ends is None:
        raise ValueError("a meeting without a date is in nobody's calendar")
    made = CalendarEvent(
        uid=meeting.uid, sequence=meeting.sequence, stamp=timezone.now(), starts=starts, ends=ends, zone=meeting.zone,
        summary=summary, status=STATUS.get(MeetingState(meeting.state), "CONFIRMED"), organizer=organized_by,
        attendees=attendees, private=meeting.closed,
    )  # fmt: skip
    if bare:
        return made
    return replace(
        made, description=description, location=meeting.place, map_url=meeting.map_url, video_url=meeting.video_url,
        url=page_of(meeting), categories=(str(meeting.get_kind_display()),),
        alarms=(Alarm(ALARM),) if alarms and made.status != "CANCELLED" else (),
    )  # fmt: skip
