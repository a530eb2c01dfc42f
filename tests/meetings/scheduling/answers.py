"""Answers to a meeting, as calendars and strangers send them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from meetings.scheduling.models import Invitation, Meeting

STAMP = "20250301T080000Z"


def answer(meeting: Meeting, who: str, partstat: str = "ACCEPTED", **more: Any) -> bytes:
    """A REPLY as calendars write it."""
    told = {"method": "REPLY", "sequence": meeting.sequence, "stamp": STAMP, "params": "", "extra": "", **more}
    return "\r\n".join([
        "BEGIN:VCALENDAR", "PRODID:-//Some//Calendar//EN", "VERSION:2.0", f"METHOD:{told['method']}", "BEGIN:VEVENT",
        f"UID:{meeting.uid}", f"DTSTAMP:{told['stamp']}", f"SEQUENCE:{told['sequence']}",
        f"ATTENDEE;PARTSTAT={partstat};CN=Somebody{told['params']}:MAILTO:{who}", *filter(None, [told["extra"]]),
        "END:VEVENT", "END:VCALENDAR", "",
    ]).encode()  # fmt: skip


def mail(calendar: bytes, sender: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Somebody <{sender}>", "no-reply@palabre.example", "Accepted"
    made.set_content("I come.")
    made.add_alternative(calendar.decode(), subtype="calendar", params={"method": "REPLY"})
    return made.as_bytes()


def given_by(person: Any) -> str:
    return Invitation.objects.get(person=person).reply
