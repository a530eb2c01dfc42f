"""Certificates: a code that nobody guesses, a content under Palabre's signature, and whether it still holds (S33)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workflow.documents import pdf_out
from workflow.documents.book import Book
from workflow.engine import signatures
from workflow.engine.errors import Unmet
from workflow.groups import words

from .models import Certificate, Participation, ParticipationState

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read for another
GROUPS, EACH = 4, 4


def new_code() -> str:
    """About eighty bits, in groups that can be typed from paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(EACH)) for _group in range(GROUPS))


def spelled(typed: str) -> str:
    """A code as it was issued, however somebody has typed it."""
    plain = re.sub(r"[^A-Z0-9]", "", typed.upper())[: GROUPS * EACH]
    return "-".join(plain[at : at + EACH] for at in range(0, len(plain), EACH))


def issue(participation: Participation) -> Certificate:
    """Names as they are on the day: institutions are renamed, people move."""
    training = participation.training
    content = {
        "name": participation.name,
        "institution": dict(participation.institution.names) if participation.institution else {},
        "course": dict(training.course.titles),
        "hours": training.course.hours,
        "completed_on": participation.completed_on.isoformat() if participation.completed_on else "",
        "place": training.meeting.place,
        "twg": dict(training.twg.names),
    }
    return Certificate.objects.create(
        participation=participation, code=new_code(), content=content, signature=signatures.sign(content)
    )


@dataclass(frozen=True)
class Checked:
    """A certificate as a stranger reads it."""

    certificate: Certificate
    holds: bool

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(label, text), in the reader's language."""
        told = self.certificate.content
        hours = str(told["hours"] or "")
        listed = [
            (_("Name"), told["name"]), (_("Institution"), words.in_language(told["institution"])),
            (_("Course"), words.in_language(told["course"])), (_("Hours"), hours),
            (_("Completed on"), _day(told["completed_on"])), (_("Place"), told["place"]),
            (_("Technical Working Group"), words.in_language(told["twg"])),
        ]  # fmt: skip
        return [(label, text) for label, text in listed if text]


def _day(day: str) -> str:

    return date_format(date.fromisoformat(day), "DATE_FORMAT") if day else ""


def current(participation: Participation) -> Certificate | None:
    """The certificate that stands for the participation now."""
    if participation.state != ParticipationState.COMPLETED:
        return None
    return Certificate.objects.filter(participation=participation).order_by("pk").last()


def check(code: str) -> Checked | None:
    """The certificate behind a code; it holds while it is the current one and its signature is Palabre's."""
    found = Certificate.objects.filter(code=spelled(code)).select_related("participation__training__meeting").first()
    if found is None or found.participation.training.meeting.closed:
        return None  # of a training that was closed since, nothing is told (S31)
    genuine = signatures.holds(found.content, found.signature, signatures.public_key())
    return Checked(found, genuine and current(found.participation) == found)


def address(certificate: Certificate) -> str:
    """Where a stranger checks it."""
    return settings.SITE_URL + reverse("certificate", args=[certificate.code])


def pdf(certificate: Certificate, language: str) -> bytes:
    """One page to frame; raises Unmet where this server can't make it."""
    if reason := pdf_out.available():
        raise Unmet(reason)
    checked = Checked(certificate, True)
    cover = [*checked.lines[1:], (_("Code"), certificate.code), (_("To be checked at"), address(certificate))]
    return pdf_out.write(
        Book(
            title=_("Certificate"), subtitle=certificate.content["name"], cover=cover, language=language, parts=[],
            figure=_no_figure,
        )
    )  # fmt: skip


def _no_figure(number: int) -> Any:
    return None
