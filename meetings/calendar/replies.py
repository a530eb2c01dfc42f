"""What other people's calendars send back: answers and counter-proposals (RFC 5546, 3.2.3 and 3.2.7).

Whatever strangers send is looked at here before anything else reads it: nothing but `Unreadable` comes out, and nothing
costs more than its size allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import icalendar
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_OCTETS = 1_000_000
MOST_PARTS = 50
MOST_LINES = 2_000
LONGEST_LINE = 20_000  # octets, unfolded
MOST_COMPONENTS = 60
DEEPEST = 4
ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,200}@[^\s@<>,;:\"]{1,200}")


class Unreadable(Exception):
    """What was sent is no answer to an invitation; `reason` says why, for people."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """One attendee's answer. `sender` is the mail's From, "" where a bare file was read; moments are aware."""

    method: str
    uid: str
    sequence: int
    stamp: datetime | None
    attendee: str
    partstat: str
    name: str = ""
    comment: str = ""
    delegated_to: str = ""
    delegated_from: str = ""
    proposed_starts: datetime | None = None
    proposed_ends: datetime | None = None
    sender: str = ""


def read(raw: bytes) -> Answer:
    """The answer in a mail or in a bare calendar file. Raises Unreadable for everything else."""
    if len(raw) > MOST_OCTETS:
        raise Unreadable(_("It is larger than an answer can be."))
    try:
        sender, calendar = _calendar_in(raw)
        _measure(calendar)
        return _answer(icalendar.Calendar.from_ical(calendar), sender)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("It can't be read as a calendar's answer.")) from error


# -- the calendar in the mail -----------------------------------------------------------------------------


def _calendar_in(raw: bytes) -> tuple[str, bytes]:
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        return "", raw
    mail = message_from_bytes(raw, policy=policy.default)
    sender = parseaddr(str(mail.get("From", "")))[1].strip().lower()
    for part in _parts(mail):
        name = str(part.get_filename() or "").lower()
        if part.get_content_type() in ("text/calendar", "application/ics") or name.endswith(".ics"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return sender, _utf8(payload, str(part.get_content_charset() or "utf-8"))
    raise Unreadable(_("There is no calendar in this mail."))


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The mail's parts, each once and not too many."""
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            raise Unreadable(_("The mail has too many parts."))
        if not part.is_multipart():
            yield part


def _utf8(payload: bytes, charset: str) -> bytes:
    try:
        return payload.decode(charset).encode()
    except (LookupError, UnicodeDecodeError):
        return payload.decode("utf-8", "replace").encode()


def _measure(calendar: bytes) -> None:
    """Before a parser sees it: how many lines, how long, how many components, how deep."""
    unfolded = re.sub(rb"\r?\n[ \t]", b"", calendar)
    lines = unfolded.splitlines()
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Unreadable(_("It is larger than an answer can be."))
    depth = deepest = components = 0
    for line in lines:
        word = line[:6].upper()
        if word == b"BEGIN:":
            depth, components = depth + 1, components + 1
            deepest = max(deepest, depth)
        elif line[:4].upper() == b"END:":
            depth -= 1
    if deepest > DEEPEST or components > MOST_COMPONENTS or depth != 0:
        raise Unreadable(_("It is not built as a calendar's answer is."))


# -- what it says -----------------------------------------------------------------------------------------


def _answer(calendar: Any, sender: str) -> Answer:
    method = str(calendar.get("METHOD", "")).upper()
    if method not in ("REPLY", "COUNTER"):
        raise Unreadable(_("It is no answer to an invitation."))
    events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    if len(events) != 1:
        raise Unreadable(_("An answer is about one meeting."))
    [event] = events
    attendees = event.get("ATTENDEE")
    if attendees is None or isinstance(attendees, list):
        raise Unreadable(_("An answer is one person's."))
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise Unreadable(_("It does not say which meeting it is about."))
    told = attendees.params
    counters = method == "COUNTER"
    return Answer(
        method=method, uid=uid, sequence=int(event.get("SEQUENCE", 0)), stamp=_moment(event.get("DTSTAMP")),
        attendee=_address(str(attendees)), partstat=str(told.get("PARTSTAT", "NEEDS-ACTION")).upper(),
        name=str(told.get("CN", ""))[:200], comment=_comment(event), delegated_to=_other(told.get("DELEGATED-TO")),
        delegated_from=_other(told.get("DELEGATED-FROM")), sender=sender,
        proposed_starts=_moment(event.get("DTSTART")) if counters else None,
        proposed_ends=_moment(event.get("DTEND")) if counters else None,
    )  # fmt: skip


def _address(value: str) -> str:
    """An address without its `mailto:`, in small letters."""
    address = re.sub(r"(?i)^mailto:", "", value.strip()).strip().lower()
    if not ADDRESS.fullmatch(address):
        raise Unreadable(_("It does not say whose answer it is."))
    return address


def _other(value: Any) -> str:
    """The address of a delegate or delegator; "" where there is none."""
    first = value[0] if isinstance(value, list) and value else value
    return _address(str(first).strip('"')) if first else ""


def _comment(event: Any) -> str:
    comment = event.get("COMMENT", "")
    first = comment[0] if isinstance(comment, list) and comment else comment
    return str(first)[:1000]


def _moment(value: Any) -> datetime | None:
    """A moment, aware; None for a day, or a time that does not say where it is that time."""
    told = getattr(value, "dt", None)
    return told.astimezone(UTC) if isinstance(told, datetime) and told.tzinfo is not None else None
