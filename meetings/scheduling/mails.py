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

from . import deadlines, entries, links
from .models import Invitation, Meeting, MeetingState

FOLDER = "meetings/mail"
# What is told of a transition: by which template, and with which iTIP method.
TOLD = {"poll": "poll", "schedule": "invitation", "move": "updated", "postpone": "postponed", "cancel": "cancelled"}
METHODS = {"invitation": "REQUEST", "updated": "REQUEST", "postponed": "CANCEL", "cancelled": "CANCEL",
           "removed": "CANCEL", "reminder": "REQUEST"}  # fmt: skip
# In which states the entry stands in people's calendars, and in which it is taken out.
STANDS = (MeetingState.SCHEDULED, MeetingState.IN_SESSION)


# -- queued -----------------------------------------------------------------------------------------------


def follow(meeting: Meeting, event: Event) -> None:
    """What follows a transition."""
    if why := TOLD.get(event.name):
        _queue(meeting, why, event.sequence, event=event.sequence)


def requested(meeting: Meeting, people: Iterable[int]) -> None:
    """Somebody more is invited."""
    _queue(meeting, "invitation", meeting.version + 1, people=sorted(people))


def updated(meeting: Meeting) -> None:
    """What stands in calendars has changed."""
    _queue(meeting, "updated", meeting.version + 1)


def removed(meeting: Meeting, people: Iterable[int]) -> None:
    """Somebody was taken off the list."""
    _queue(meeting, "removed", meeting.version + 1, people=sorted(people))


def asked_again(meeting: Meeting, person: int) -> None:
    """Somebody's calendar asks for the invitation once more (RFC 5546, 3.2.6); once for each state of the meeting."""
    told = {"meeting": meeting.pk, "why": "invitation", "sequence": meeting.sequence}
    payload = {**told, "person": person, "again": True}
    outbox.put("meeting-mail", payload, key=f"meeting:{meeting.pk}:again:{meeting.sequence}:{person}")


def taken(meeting: Meeting, invitation: Invitation) -> None:
    """An answer came by mail: its person is told, so that one that somebody has forged does not stay unseen."""
    payload = {"meeting": meeting.pk, "why": "answered", "sequence": meeting.sequence, "person": invitation.person_id}
    moment = (invitation.replied_at or timezone.now()).isoformat()
    outbox.put("meeting-mail", payload, key=f"meeting:{meeting.pk}:answered:{invitation.pk}:{moment}")


def _queue(meeting: Meeting, why: str, version: int, people: list[int] | None = None, event: int | None = None) -> None:
    """`event` is the transition's whose reason the mail tells; a change has none."""
    payload = {"meeting": meeting.pk, "why": why, "sequence": meeting.sequence, "people": people, "event": event}
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
    found = deadlines.those_reminded(found, told.get("to", ""))
    about = {name: told.get(name) for name in ("meeting", "why", "sequence", "event")}
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
    invitation = Invitation.objects.filter(meeting=meeting, person=told["person"]).select_related("person").first()
    # Who was taken off a closed meeting's list knew of it: the entry in their calendar must go.
    knows = person is not None and _may_know(meeting, person)
    if person is None or invitation is None or (told["why"] != "removed" and not knows):
        raise outbox.Dropped("the recipient may no longer see this")
    if not knows:
        entries.veil(meeting)
    if _overtaken(told, meeting, invitation):
        raise outbox.Dropped("a later message tells more")
    with translation.override(person.language), timezone.override(person.time_zone):
        return _letter(meeting, invitation, told, row.key)


def _overtaken(told: dict[str, Any], meeting: Meeting, invitation: Invitation) -> bool:
    """Whether what a row was to tell is not so any more, or was told already.

    A mail tells the meeting as it stands when it is sent. So of two changes that wait, the first one tells both, and
    the second has nothing left to tell; and the sequence alone says nothing, since it rises for who is taken off, too.
    """
    why, method = told["why"], METHODS.get(told["why"], "")
    if why == "removed":
        return invitation.removed_at is None  # back on the list: an invitation says so
    if invitation.removed_at is not None:
        return True
    if method == "CANCEL":
        return meeting.state in STANDS or told["sequence"] < meeting.sequence
    if method == "REQUEST" and meeting.state not in STANDS:
        return True
    if why == "reminder":
        return bool(told["sequence"] < meeting.sequence)
    return method == "REQUEST" and not told.get("again") and invitation.asked_sequence >= told["sequence"]


def _may_know(meeting: Meeting, person: Person) -> bool:
    return Meeting.objects.all().visible_to(person).filter(pk=meeting.pk).exists()


def _letter(meeting: Meeting, invitation: Invitation, told: dict[str, Any], key: str) -> outbox.Parcel:
    person, why = invitation.person, told["why"]
    method = METHODS.get(why, "")
    link = links.link_for(meeting, person)
    context: dict[str, Any] = {
        "meeting": meeting, "person": person, "invitation": invitation, "link": link,
        "event": history.events_of(meeting).filter(sequence=told.get("event") or 0).first(),
    }  # fmt: skip
    subject = " ".join(render_to_string(f"{FOLDER}/{why}.subject.txt", context).split())
    text = render_to_string(f"{FOLDER}/{why}.txt", context).strip() + "\n"
    calendar = _calendar(meeting, invitation, why) if method and meeting.starts_at else b""
    html = render_to_string(f"{FOLDER}/letter.html", {"text": text, "subject": subject})
    mail = mime.message(
        subject=subject, text=text, html=html, calendar=calendar, method=method, to=person.email,
        from_=settings.DEFAULT_FROM_EMAIL, reply_to=settings.CALENDAR_ADDRESS, key=key,
    )  # fmt: skip

    def sent() -> None:
        Invitation.objects.filter(pk=invitation.pk).update(asked_sequence=meeting.sequence)

    return outbox.Parcel(mail.send, sent if method == "REQUEST" else None)


def _calendar(meeting: Meeting, invitation: Invitation, why: str) -> bytes:
    """The entry for one person's calendar, or what takes it out of there."""
    person, organizer = invitation.person, entries.organizer(meeting)
    if why == "removed":  # its UID is all that a calendar needs to take it out
        gone = entries.entry(meeting, summary=meeting.title, organized_by=organizer, bare=True)
        return content.cancel(gone, entries.attendees([invitation]))
    attendees = entries.attendees_for(meeting, person, entries.invited(meeting))
    if METHODS[why] == "CANCEL":
        return content.cancel(
            entries.entry(meeting, summary=meeting.title, attendees=attendees, organized_by=organizer)
        )
    words = entries.words(meeting, asks=True)
    return content.request(entries.entry(
        meeting, summary=meeting.title, description=words, attendees=attendees, organized_by=organizer, alarms=True,
    ))  # fmt: skip


def is_over(meeting: Meeting) -> bool:
    """Whether nothing is answered any more."""
    return meeting.state not in (MeetingState.POLLING, MeetingState.SCHEDULED)
