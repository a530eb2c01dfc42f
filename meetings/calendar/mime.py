"""An invitation as a mail that calendars open (RFC 6047): text, HTML, text/calendar, and the same as a file."""

from __future__ import annotations

from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart

FILE = "invite.ics"


class Invitation(EmailMultiAlternatives):
    """multipart/mixed( multipart/alternative( plain, html, calendar ), invite.ics ).

    Google and Apple read the part among the alternatives, Outlook too, older Exchange and some telephones the file.
    """

    calendar: bytes = b""
    method = ""

    def _create_message(self, msg: Any) -> Any:
        """With the method in the part's own type (RFC 6047, 2.4), which Django's alternatives can't carry."""
        encoding = self.encoding or "utf-8"
        alternative = MIMEMultipart("alternative")
        alternative.attach(msg)
        for content, _kind in self.alternatives:
            alternative.attach(MIMEText(str(content), "html", encoding))
        if not self.calendar:
            return self._within(alternative, [])
        part = MIMEText(self.calendar.decode(), "calendar", "utf-8")
        part.set_param("method", self.method)
        alternative.attach(part)
        file = MIMEApplication(self.calendar, "ics", name=FILE)
        file.add_header("Content-Disposition", "attachment", filename=FILE)
        return self._within(alternative, [file])

    def _within(self, alternative: Any, files: list[Any]) -> Any:
        mixed = SafeMIMEMultipart(_subtype="mixed", encoding=self.encoding or "utf-8")
        mixed.attach(alternative)
        for file in files:
            mixed.attach(file)
        return mixed


def message(
    *, subject: str, text: str, html: str, calendar: bytes, method: str, to: str, from_: str, reply_to: str, key: str
) -> Invitation:
    """A mail to one person. The Message-ID follows from the key, so that a repeated delivery is the same message."""
    host = parseaddr(from_)[1].partition("@")[2]
    mail = Invitation(
        subject=" ".join(subject.split()), body=text, from_email=from_, to=[to], reply_to=[reply_to],
        headers={"Message-ID": f"<{key.replace(':', '.')}@{host}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    mail.attach_alternative(html, "text/html")
    mail.calendar, mail.method = calendar, method
    return mail
