"""Mail about meetings: invitations, updates and cancellations for calendars, polls, reminders (RFC 5546, 6047).

One row of the outbox for each occasion, which the worker expands to one for each person. Who may know of the meeting is
asked again at the moment of sending (S31). What a later row has overtaken is not sent any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from meetings.calendar import content, mime
from workflow.engine import history, outbox
from workflow.engine.models import Event, OutboxRow
from workflow.groups.models import Person

from . import entries, links
from .models import Invitation, Meeting, MeetingState

FOLDER = "meetings/mail"
# What is told of a transition: by which template, and with which iTIP method.
TOLD = {"poll": "poll", "schedule": "invitation", "move": "updated", "postpone": "postponed", "cancel": "cancelled"}
METHODS = {"invitation": "REQUEST", "updated": "REQUEST", "postponed": "CANCEL", "cancelled": "CANCEL",
           "removed": "CANCEL", "reminder": "REQUEST"}  # fmt: skip


# -- queued -----------------------------------------------------------------------------------------------


def follow(meeting: Meeting, event: Event) -> None:
    """What follows a transition."""
    if why := TOLD.get(event.name):
        _queue(meeting, why, event.sequence)


def requested(meeting: Meeting, people: Iterable[int]) -> None:
    """Somebody more is invited."""
    _queue(meeting, "invitation", meeting.version + 1, people=sorted(people))


def updated(meeting: Meeting) -> None:
    """What stands in calendars has changed."""
    _queue(meeting, "updated", meeting.version + 1)


def removed(meeting: Meeting, person: int) -> None:
    """Somebody was taken off the list."""
    _queue(meeting, "removed", meeting.version + 1, people=[person])


def _queue(meeting: Meeting, why: str, version: int, people: list[int] | None = None) -> None:
    payload = {"meeting": meeting.pk, "why": why, "sequence": meeting.sequence, "people": people}
    outbox.put("meeting", payload, key=f"meeting:{meeting.pk}:{why}:{version}")


# -- one row for each person ------------------------------------------------------------------------------


@outbox.handler("meeting")
def expand(row: OutboxRow) -> None:
    told = row.payload
    found = Invitation.objects.filter(meeting=told["meeting"], person__is_active=True)
    if told["people"] is not None:
        found = found.filter(person__in=told["people"])
    if told["why"] != "removed":
        found = found.filter(removed_at=None)
    about = {name: told[name] for name in ("meeting", "why", "sequence")}
    outbox.put_many(
        "meeting-mail", [(f"{row.key}:{pk}", {**about, "person": pk}) for pk in found.values_list("person", flat=True)]
    )


# -- sent -------------------------------------------------------------------------------------------------


@outbox.handler("meeting-mail")
def deliver(row: OutboxRow) -> outbox.Parcel:
    """One person's mail, if they may still know of the meeting and no later row tells them more."""
    told = row.payload
    meeting = Meeting.objects.select_related("twg__region").get(pk=told["meeting"])
    person = Person.objects.filter(pk=told["person"], is_active=True).first()
    # Who was taken off a closed meeting's list knew of it: the entry in their calendar must go.
    if person is None or (told["why"] != "removed" and not _may_know(meeting, person)):
        raise outbox.Dropped("the recipient may no longer see this")
    if METHODS.get(told["why"]) and told["sequence"] < meeting.sequence and told["why"] != "removed":
        raise outbox.Dropped("a later message follows")
    with translation.override(person.language), timezone.override(person.time_zone):
        return _letter(meeting, person, told["why"], row.key)


def _may_know(meeting: Meeting, person: Person) -> bool:
    return Meeting.objects.all().visible_to(person).filter(pk=meeting.pk).exists()


def _letter(meeting: Meeting, person: Person, why: str, key: str) -> outbox.Parcel:
    link = links.link_for(meeting, person)
    context: dict[str, Any] = {
        "meeting": meeting, "person": person, "link": link, "event": history.events_of(meeting).last(),
    }  # fmt: skip
    subject = " ".join(render_to_string(f"{FOLDER}/{why}.subject.txt", context).split())
    text = render_to_string(f"{FOLDER}/{why}.txt", context).strip() + "\n"
    method = METHODS.get(why, "")
    calendar = _calendar(meeting, person, method, link, why) if method and meeting.starts_at else b""
    html = render_to_string(f"{FOLDER}/letter.html", {"text": text, "subject": subject, "link": link})
    mail = mime.message(
        subject=subject, text=text, html=html, calendar=calendar, method=method, to=person.email,
        from_=settings.DEFAULT_FROM_EMAIL, reply_to=settings.CALENDAR_ADDRESS, key=key,
    )  # fmt: skip

    def sent() -> None:
        Invitation.objects.filter(meeting=meeting, person=person).update(asked_sequence=meeting.sequence)

    return outbox.Parcel(mail.send, sent if method == "REQUEST" else None)


def _calendar(meeting: Meeting, person: Person, method: str, link: str, why: str) -> bytes:
    among = entries.invited(meeting)
    attendees = entries.attendees_for(meeting, person, among)
    if why == "removed":
        gone = Invitation.objects.filter(meeting=meeting, person=person).select_related("person").first()
        attendees = (entries.attendee(gone),) if gone else ()
    made = entries.entry(
        meeting, summary=meeting.title, description=render_to_string(f"{FOLDER}/entry.txt", {"meeting": meeting,
        "link": link}).strip(), attendees=attendees, organized_by=entries.organizer(meeting), url=link,
        status="CANCELLED" if method == "CANCEL" else "",
    )  # fmt: skip
    return content.cancel(made) if method == "CANCEL" else content.request(made)


def is_over(meeting: Meeting) -> bool:
    """Whether nothing is answered any more."""
    return meeting.state not in (MeetingState.POLLING, MeetingState.SCHEDULED)
