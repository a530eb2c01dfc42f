"""Pages that only the demonstration has: its mail box and its ways in."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from . import demo
from .accounts import sign_in

MOST_MAILS = 50


@dataclass(frozen=True)
class Mail:
    subject: str
    to: str
    at: datetime
    text: str


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail that was written to a file, the newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), key=lambda f: f.stat().st_mtime, reverse=True)
    return render(request, "workflow/groups/mailbox.html", {"mails": [_read(f) for f in files[:MOST_MAILS]]})


def _read(file: Path) -> Mail:
    message = cast(EmailMessage, email.message_from_bytes(file.read_bytes(), policy=email.policy.default))
    body = message.get_body(("plain",))
    return Mail(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        text=body.get_content() if body else "",
    )


@never_cache
@require_GET
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
