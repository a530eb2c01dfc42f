"""A meeting as people's calendars know it (RFC 5545): what `meetings.calendar` writes down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
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
STATUS = {MeetingState.CANCELLED: "CANCELLED", MeetingState.POSTPONED: "CANCELLED"}
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


def attendee(invitation: Invitation) -> Attendee:
    person = invitation.person
    role = "CHAIR" if invitation.role == Role.CHAIR else "REQ-PARTICIPANT"
    if invitation.role == Role.OBSERVER:
        role = "OPT-PARTICIPANT"
    return Attendee(email=person.email, name=str(person), partstat=PARTSTAT[Reply(invitation.reply)], role=role)


def attendees_for(meeting: Meeting, person: Any, among: Iterable[Invitation]) -> tuple[Attendee, ...]:
    """Everybody who is invited, for those who may read addresses; for others themselves alone."""
    all_of_them = access.may_read_addresses(person, meeting.twg)
    return tuple(attendee(one) for one in among if all_of_them or one.person_id == person.pk)


VEILED: dict[str, Any] = {"descriptions": {}, "place": "", "map_url": "", "video_url": "", "dial_in": ""}


def veil(meeting: Meeting) -> None:
    """Leave nothing of a meeting but its time, for a letter to somebody who knew of it and may not any more (S31)."""
    for name, value in VEILED.items():
        setattr(meeting, name, value)
    meeting.titles = not_public.names()


def entry(
    meeting: Meeting, *, summary: str, description: str, attendees: tuple[Attendee, ...] = (), status: str = "",
    organized_by: Organizer | None = None, url: str = "", alarms: bool = True,
) -> CalendarEvent:  # fmt: skip
    """A meeting that has a date, as one entry, in the language that is active."""
    starts, ends = meeting.starts_at, meeting.ends_at
    if starts is None or ends is None:
        raise ValueError("a meeting without a date is in nobody's calendar")
    return CalendarEvent(
        uid=meeting.uid, sequence=meeting.sequence, stamp=timezone.now(), starts=starts,
        ends=ends, zone=meeting.zone, summary=summary, description=description,
        location=meeting.place, url=url or settings.SITE_URL + reverse("meeting", args=[meeting.pk]),
        video_url=meeting.video_url, categories=(str(meeting.get_kind_display()),),
        status=status or STATUS.get(MeetingState(meeting.state), "CONFIRMED"), organizer=organized_by,
        attendees=attendees, alarms=(Alarm(ALARM),) if alarms else (), private=meeting.closed,
    )  # fmt: skip
