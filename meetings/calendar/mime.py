"""An invitation as a mail that calendars open (RFC 6047): text, HTML, text/calendar, and the same as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr, parseaddr
from typing import Any

from django.core.mail import EmailMultiAlternatives

from .lines import clean, one_line

FILE = "invite.ics"
KEPT_IN_A_KEY = str.maketrans(dict.fromkeys("<>@ \t", "."))


class Invitation(EmailMultiAlternatives):
    """multipart/mixed( multipart/alternative( plain, html, calendar ), invite.ics ).

    Google and Apple read the part among the alternatives, Outlook too; older Exchange and some telephones the file.
    Without a `calendar` it is a mail of text and HTML.
    """

    calendar: bytes = b""
    method = ""

    def message(self, **options: Any) -> Any:
        """Django's message, with the calendar where calendars look for it.

        Django's own alternatives can't carry the method in their type (RFC 6047, 2.4), and would send the calendar as
        text, which mail servers may wrap: in base64 it arrives to the octet.
        """
        made: Any = super().message(**options)
        if not self.subject.isascii():
            # Django leaves the name of the header alone on its line, and programs show what is left as a space.
            made.replace_header("Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        if self.calendar:
            [alternative] = (part for part in made.walk() if part.get_content_type() == "multipart/alternative")
            alternative.attach(self._part())
        return made

    def _part(self) -> MIMEBase:
        part = MIMENonMultipart("text", "calendar", charset="utf-8", method=self.method)
        part.set_payload(self.calendar)
        encode_base64(part)
        return part


def mailbox(email: str, name: str = "") -> str:
    """A person as mail headers name them. Whatever the name holds, it stays a name."""
    return formataddr((one_line(name), one_line(email)))


def message(
    subject: str, text: str, html: str, calendar: bytes, method: str, from_: str, to: str | Sequence[str],
    *, reply_to: str = "", key: str = "", headers: Mapping[str, str] | None = None,
) -> Invitation:  # fmt: skip
    """A mail with a calendar, or without one when `calendar` is empty.

    The Message-ID follows from `key`, so that a repeated delivery is the same message. What was typed into titles and
    names can add no header: their line ends are spaces. Raises ValueError where `method` is not the calendar's own.
    """
    if calendar and f"\r\nMETHOD:{method}\r\n".encode() not in calendar:
        raise ValueError(f"the calendar's method is not {method!r}, which its part would name (RFC 6047, 2.4)")
    told = {"Auto-Submitted": "auto-generated", **(headers or {})}
    if key:
        host = parseaddr(from_)[1].partition("@")[2]
        told["Message-ID"] = f"<{one_line(key).replace(':', '.').translate(KEPT_IN_A_KEY)}@{host}>"
    mail = Invitation(
        subject=one_line(subject), body=clean(text), from_email=one_line(from_),
        to=[one_line(one) for one in ([to] if isinstance(to, str) else to)],
        reply_to=[one_line(reply_to)] if reply_to else None,
        headers={name: one_line(value) for name, value in told.items()},
    )  # fmt: skip
    mail.attach_alternative(clean(html), "text/html")
    mail.calendar, mail.method = calendar, method
    if calendar:
        mail.attach(_file(calendar))
    return mail


def _file(calendar: bytes) -> MIMEBase:
    part = MIMENonMultipart("application", "ics", name=FILE)
    part.set_payload(calendar)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=FILE)
    return part
