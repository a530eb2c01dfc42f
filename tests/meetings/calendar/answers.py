"""Answers as calendars send them: the least that one consists of, and those of the common programs."""

from __future__ import annotations

import base64
import quopri
import time
from email.message import EmailMessage

from meetings.calendar import replies
from meetings.calendar.replies import Answer, Unreadable

AMA, DEPUTY = "ama.mensah@interior.example", "deputy@interior.example"
ACCEPTS = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{AMA}"
SECOND = 1.0  # of the processor's time, for whatever is sent


def calendar(*lines: str, attendee: str = ACCEPTS, method: str = "REPLY", head: tuple[str, ...] = ()) -> bytes:
    """The least that an answer consists of; `lines` are more of its event, `head` more of its calendar."""
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Some//Calendar//EN", f"METHOD:{method}", *head, "BEGIN:VEVENT",
        "UID:1@palabre", "DTSTAMP:20300301T080000Z", "SEQUENCE:3", attendee, *lines, "END:VEVENT", "END:VCALENDAR", "",
    ]).encode()  # fmt: skip


def mail(body: bytes, *headers: str, sender: str = f"Ama Mensah <{AMA}>", kind: str = "text/calendar") -> bytes:
    head = [f"From: {sender}", "Subject: Accepted", "MIME-Version: 1.0", f"Content-Type: {kind}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def multipart(*parts: bytes, sender: str = AMA) -> bytes:
    """Each part with headers of its own."""
    return mail(
        b"--b\r\n" + b"\r\n--b\r\n".join(parts) + b"\r\n--b--", sender=sender, kind="multipart/mixed; boundary=b"
    )


def read(raw: bytes) -> Answer | None:
    """None for what is refused. No other exception comes out, and it is done within a second."""
    found: Answer | None = None
    reason, began = "", time.process_time()
    try:
        found = replies.read(raw, by_hand=True)
    except Unreadable as refused:
        reason = str(refused.reason)
    assert time.process_time() - began < SECOND
    assert found or reason
    return found


def accepted(raw: bytes) -> Answer:
    found = read(raw)
    assert found is not None
    assert (found.uid, found.attendee, found.partstat) == ("1@palabre", AMA, "ACCEPTED")
    return found


# -- what the programs send ------------------------------------------------------------------------------


def outlook() -> bytes:
    """Exchange: a table of the zone from 1601 on, the organizer's text in another language, base64."""
    zone = [
        "BEGIN:VTIMEZONE", "TZID:Greenwich Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    told = calendar(
        "COMMENT;LANGUAGE=fr-FR:Je viens\\, avec deux\r\n  collègues.\\n", "SUMMARY;LANGUAGE=fr-FR:Accepté: réunion",
        "DTSTART;TZID=Greenwich Standard Time:20300405T090000", "DTEND;TZID=Greenwich Standard Time:20300405T120000",
        "CLASS:PUBLIC", "PRIORITY:5", "TRANSP:OPAQUE", "STATUS:CONFIRMED", "X-MICROSOFT-CDO-APPT-SEQUENCE:3",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        attendee=f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Mensah, Ama:MAILTO:{AMA.upper()}", head=tuple(zone),
    )  # fmt: skip
    return multipart(
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nJe viens",
        b'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(told),
        sender=f'"Mensah, Ama" <{AMA}>',
    )


def google() -> bytes:
    """A part among the alternatives, and the same once more as a file."""
    who = f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Ama Mensah\r\n ;X-NUM-GUESTS=0:mailto:{AMA}"
    told = calendar("DTSTART:20300405T090000Z", "DTEND:20300405T120000Z", "SUMMARY:Meeting", attendee=who)
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Ama Mensah <{AMA}>", "twg@palabre.example", "Accepted: Meeting"
    made.set_content("Ama Mensah has accepted this invitation.")
    made.add_alternative("<p>Ama Mensah has accepted this invitation.</p>", subtype="html")
    made.add_alternative(told.decode(), subtype="calendar", params={"method": "REPLY"})
    made.add_attachment(told, maintype="application", subtype="ics", filename="invite.ics")
    return made.as_bytes()


def apple() -> bytes:
    """Quoted-printable, the address quoted, no text beside it."""
    who = (
        f'ATTENDEE;CN="Ama Mensah";CUTYPE=INDIVIDUAL;EMAIL="{AMA}";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:{AMA}'
    )
    told = calendar("CREATED:20300301T075959Z", "TRANSP:OPAQUE", attendee=who, head=("CALSCALE:GREGORIAN",))
    return mail(
        quopri.encodestring(told), "Content-Transfer-Encoding: quoted-printable",
        kind="text/calendar; charset=utf-8; method=REPLY",
    )  # fmt: skip


def thunderbird() -> bytes:
    """A zone by its name with its table, line ends of Unix, the file alone."""
    table = ("BEGIN:VTIMEZONE", "TZID:Africa/Accra", "BEGIN:STANDARD", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000",
             "TZNAME:GMT", "DTSTART:19700101T000000", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
    told = calendar(
        "DTSTART;TZID=Africa/Accra:20300405T090000", "X-MOZ-GENERATION:1", head=table,
        attendee=f"ATTENDEE;CN=Ama Mensah;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:{AMA}",
    ).replace(b"\r\n", b"\n")  # fmt: skip
    return multipart(
        b"Content-Type: text/plain\r\n\r\nAma Mensah has accepted.",
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=invite.ICS\r\n\r\n"
        + told,
    )


SAMPLES = {made.__name__: made() for made in (outlook, google, apple, thunderbird)} | {"a bare file": calendar()}
