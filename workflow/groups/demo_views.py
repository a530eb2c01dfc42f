"""Pages that only the demonstration has: its mail box and its ways in."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import demo
from .accounts import sign_in

MOST_MAILS = 50


@dataclass(frozen=True)
class Mail:
    subject: str
    to: str
    at: datetime
    text: str


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail that was written to a file, the newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    return render(request, "workflow/groups/mailbox.html", {"mails": [_read(f) for f in files[:MOST_MAILS]]})


def _read(file: Path) -> Mail:
    message = email.message_from_bytes(file.read_bytes())
    plain = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    return Mail(
        subject=_header(message["Subject"]),
        to=_header(message["To"]),
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        text="" if plain is None else _text(plain),
    )


def _header(raw: object) -> str:
    """A header as words; as it stands where it is not well formed."""
    try:
        return str(make_header(decode_header(str(raw or ""))))
    except (ValueError, LookupError, HeaderParseError):
        return str(raw)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


@never_cache
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link that the terminal shows: it works once (410 afterwards)."""
    person = demo.read(token)
    if person is None:
        return render(request, "workflow/groups/demo_over.html", status=410)
    logout(request)
    return sign_in(request, person, to=reverse("home"))


@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """A button of the sign-in page; only for those whom the page offers."""
    wanted = request.POST.get("person", "")
    person = next((p for _label, p in demo.people() if str(p.pk) == wanted), None)
    if person is None:
        raise Http404
    logout(request)
    return sign_in(request, person, to=reverse("home"))
