"""Mails of strangers: the calendar that one carries, and who says to have sent it (RFC 5322, 2045, 6047).

Python's mail parser is given nothing that makes it slow: it counts quadratically in the parameters of a header, asks
every open boundary about every line, and descends by recursion. What it finds is looked at with plain patterns.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any

from django.utils.translation import gettext_lazy as _

from .addresses import normal
from .guarded import Unreadable

MOST_OCTETS = 1_000_000
MOST_LINES = 50_000
MOST_PARTS = 50
MOST_CONTAINERS = 20  # parts that hold parts
LONGEST_HEADER = 2_000  # octets
ENCODINGS = ("", "7bit", "8bit", "binary", "base64", "quoted-printable")  # Python knows others, and stumbles over them
BEGINS = "BEGIN:VCALENDAR"
CONTAINER = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
CONTENT_HEADER = re.compile(rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
CHARSET = re.compile(r"charset\*?\s*=\s*(?:[\w-]*'[\w-]*')?\"?([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
# Only plain ones: others that Python knows are compressions, or take a time that grows with the square of the size.
CHARSETS = re.compile(r"us-ascii|utf-?8|utf-?16(?:le|be)?|(?:windows-|cp)125[0-8]|iso-8859-\d{1,2}", re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\([^()]*\)")
ANGLE = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True)
class Letter:
    """A calendar as text; `sender` is the address in the mail's From, "" where a bare file was read.

    `judged` is what the server that received it wrote of its sender: the topmost Authentication-Results.
    """

    calendar: str
    sender: str
    judged: str = ""


def opened(raw: bytes, *, by_hand: bool = False) -> Letter:
    """The calendar in a mail. Raises Unreadable where there is none, or too much around it.

    What is given `by_hand` may be a bare .ics file: whoever gives it answers for it. What came by mail never is one,
    however it begins: it would be an answer without a sender, whom nobody could hold to it.
    """
    if len(raw) > MOST_OCTETS:
        raise Unreadable(_("It is larger than an answer can be."))
    if by_hand and (bare := _bare(raw)):
        return Letter(bare, "")
    plain = _measured(raw)
    try:
        mail = message_from_bytes(plain)
    except (ValueError, LookupError, TypeError) as error:  # a boundary in pieces or in a charset of RFC 2231
        raise Unreadable(_("It is not built as a calendar's answer is.")) from error
    if mail.get_content_type() == "multipart/report":
        raise Unreadable(_("It is a report about a mail that was sent, and no answer."))
    part = _calendar_part(mail)
    text = _decoded(_payload(part), _header(part, "Content-Type"))
    return Letter(text, _sender(mail), _header(mail, "Authentication-Results"))


def _bare(raw: bytes) -> str:
    text = _decoded(raw, "").lstrip("\ufeff \r\n\t")
    return text if text[: len(BEGINS)].upper() == BEGINS else ""


def _measured(raw: bytes) -> bytes:
    """With plain line ends, once it is certain that the mail parser is done with it soon."""
    plain = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if plain.count(b"\n") > MOST_LINES or len(CONTAINER.findall(plain)) > MOST_CONTAINERS:
        raise Unreadable(_("It is larger than an answer can be."))
    if any(len(found[0]) > LONGEST_HEADER for found in CONTENT_HEADER.finditer(plain)):
        raise Unreadable(_("It is not built as a calendar's answer is."))
    return plain


# -- the part ----------------------------------------------------------------------------------------------


def _calendar_part(mail: Message) -> Message:
    """The text/calendar part; where there is none, the first file that calls itself a calendar."""
    parts = list(_parts(mail))
    for part in parts:
        if part.get_content_type() == "text/calendar":
            return part
    for part in parts:
        if part.get_content_type() == "application/ics" or ".ics" in _file_name(part):
            return part
    if any(part.get_content_type() == "application/ms-tnef" for part in parts):
        raise Unreadable(_("Its answer is in a form that only Outlook reads (winmail.dat)."))
    raise Unreadable(_("There is no calendar in this mail."))


def _parts(mail: Message) -> Iterator[Message]:
    """The parts that hold no parts. What a mail forwards is not its own: nothing in it is looked at."""
    waiting, number = [mail], 0
    while waiting:
        part, number = waiting.pop(), number + 1
        if number > MOST_PARTS:
            raise Unreadable(_("The mail has too many parts."))
        if not part.is_multipart():
            yield part
        elif part.get_content_maintype() == "multipart":
            inside: Any = part.get_payload()
            waiting += reversed(inside)


def _file_name(part: Message) -> str:
    return (_header(part, "Content-Disposition") + _header(part, "Content-Type")).lower()


def _header(part: Message, name: str) -> str:
    return str(part.get(name, ""))


def _payload(part: Message) -> bytes:
    if _header(part, "Content-Transfer-Encoding").strip().lower() not in ENCODINGS:
        raise Unreadable(_("It is not built as a calendar's answer is."))
    told: Any = part.get_payload(decode=True)
    octets: bytes = told
    return octets


def _decoded(octets: bytes, content_type: str) -> str:
    """As UTF-8, which iCalendar is (RFC 5545, 3.1.4); else as it is declared; else as Windows writes in the West.

    What is not UTF-8 is hardly ever so by chance; what is declared is often wrong. UTF-16 alone must be asked first.
    """
    if octets.startswith(BOM_UTF8):
        return octets.decode("utf-8-sig", "replace")
    if octets.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return octets.decode("utf-16", "replace")
    told = CHARSET.search(content_type)
    declared = told[1].lower() if told and CHARSETS.fullmatch(told[1]) else "utf-8"
    order = [declared, "utf-8"] if declared.startswith("utf") else ["utf-8", declared]
    for charset in order:
        try:
            return octets.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return octets.decode("cp1252", "replace")


# -- the sender --------------------------------------------------------------------------------------------


def _sender(mail: Message) -> str:
    """The one address in the one From: with none, or several, nobody can be held to the answer."""
    told = [str(one) for one in mail.get_all("From", [])]
    if len(told) == 1 and len(told[0]) <= LONGEST_HEADER:
        bare = COMMENT.sub(" ", QUOTED.sub(" ", told[0]))
        named = ANGLE.findall(bare)
        if len(named) <= 1 and (found := normal(named[0] if named else bare)):
            return found
    raise Unreadable(_("It does not say who sent it."))
