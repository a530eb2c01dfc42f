"""The sheet to sign as a PDF: everybody invited by institution, empty rows, and the QR code to sign in (S18)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import qrcode
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M

from meetings.scheduling.models import Meeting
from workflow.documents import pdf_out
from workflow.documents.book import Book, BookFigure, BookPart, BookSection
from workflow.documents.tables import table
from workflow.engine.errors import Unmet

from .selectors import Line

EMPTY_ROWS = 12  # for whoever comes without an invitation


def pdf(meeting: Meeting, lines: Sequence[Line], address: str) -> bytes:
    """Raises Unmet where this server can't make it; the page prints as well."""
    if reason := pdf_out.available():
        raise Unmet(reason)
    body = f"![](figure:1)\n\n{_table(lines)}"
    told = [
        (_("Technical Working Group"), meeting.twg.name), (_("Date"), _day(meeting)), (_("Place"), meeting.place),
        (_("Sign in on your phone"), address),
    ]  # fmt: skip
    picture = BookFigure(_qr(address), "", "", "", _("The address to sign in, as a QR code"))
    return pdf_out.write(
        Book(
            title=_("Attendance sheet"), subtitle=meeting.title, cover=[(label, text) for label, text in told if text],
            language=get_language() or "en", figure=lambda number: picture,
            parts=[BookPart("", _("Attendance sheet"), [BookSection("", _("Sign in the last column"), body)])],
        )
    )  # fmt: skip


def _table(lines: Iterable[Line]) -> str:
    head = (_("Institution"), _("Name"), _("Rank"), pgettext("at a meeting", "Arrived"), _("Signature"))
    invited = [(line.institution, line.name, "", "", "") for line in lines]
    return table(head, [*invited, *[("", "", "", "", "")] * EMPTY_ROWS])


def _day(meeting: Meeting) -> str:
    at = meeting.starts_at
    return date_format(at.astimezone(ZoneInfo(meeting.zone)), "DATE_FORMAT") if at else meeting.when


def _qr(address: str) -> bytes:
    drawn = io.BytesIO()
    qrcode.make(address, error_correction=ERROR_CORRECT_M, box_size=6, border=4).save(drawn)
    return drawn.getvalue()
