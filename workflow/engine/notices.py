"""Mail that follows an event: one row per event, expanded by the worker to one row per recipient.

Access is asked again at the moment of sending, so that nobody is told of what they may no longer see (S31).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from . import kinds, outbox, readers, selectors
from .models import Event, OutboxRow


@dataclass(frozen=True)
class Notice:
    """Whom an event is told to, with which template (`<template>.subject.txt` and `<template>.txt`)."""

    recipients: Iterable[Any]
    template: str
    # Recipients who must see more than the subject's page: "internal" for what only its followers learn.
    internal: bool = True


@outbox.handler("notice")
def expand(row: OutboxRow) -> None:
    """Turn the notice of one event into one mail per recipient; the actor is not told what they did themselves."""
    event = Event.objects.get(pk=row.payload["event"])
    kind = kinds.get(event.subject_kind)
    if kind is None or kind.notice is None:
        raise outbox.Dropped("this kind tells nobody any more")
    subject = kind.model._base_manager.get(pk=event.subject_id)
    notice = kind.notice(subject, event)
    if notice is None:
        raise outbox.Dropped("this event is not told by mail")
    outbox.put_many(
        "mail",
        [
            (
                f"mail:{event.pk}:{person.pk}",
                {"event": event.pk, "person": person.pk, "template": notice.template, "internal": notice.internal},
            )
            for person in notice.recipients
            if person.pk != event.actor_id
        ],
    )


@outbox.handler("mail")
def tell(row: OutboxRow) -> outbox.Parcel:
    """One recipient's mail, in their language, if they still may know."""
    from django.contrib.auth import get_user_model

    event = Event.objects.get(pk=row.payload["event"])
    kind = kinds.get(event.subject_kind)
    person = get_user_model().objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None or kind is None:
        raise outbox.Dropped("the recipient has left")
    allowed = (kind.internal_to if row.payload["internal"] else kind.visible_to)(person)
    subject = allowed.filter(pk=event.subject_id).first()
    if subject is None:
        raise outbox.Dropped("the recipient may no longer see this")
    with translation.override(person.language):
        template, context = row.payload["template"], _words(kind, event, subject, person)
        return letter(person, f"{template}.subject.txt", f"{template}.txt", context, message_key=row.key)


def _words(kind: kinds.SubjectKind, event: Event, subject: Any, person: Any) -> dict[str, Any]:
    """What a mail's templates may say of an event to one person, in the language that is active."""
    transitions = kind.flow.transitions() if kind.flow else ()
    meaning = next((t.custom.get("help", "") for t in transitions if t.slug == event.name), "")
    [line] = readers.lines_for([event], person)
    return {
        "event": event,
        "label": line.label,
        "actor": line.actor_name,
        "before": line.from_label,
        "state": line.to_label,
        "meaning": meaning,
        "yours": [a for a in selectors.actions(subject, person) if a.primary],
        "subject": subject,
        "person": person,
        "url": settings.SITE_URL + kind.url(subject),
        **(kind.mail_words(subject, event, person) if kind.mail_words else {}),
    }


def letter(person: Any, subject: str, body: str, context: dict[str, Any], *, message_key: str) -> outbox.Parcel:
    """One plain-text mail of two templates, in the language that is active; the Message-ID follows from the key, so
    that a repeated delivery is the same message."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    mail = EmailMultiAlternatives(
        subject=" ".join(render_to_string(subject, context).split()),
        body=render_to_string(body, context).strip() + "\n",
        to=[person.email],
        headers={"Message-ID": f"<{message_key.replace(':', '.')}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    return outbox.Parcel(mail.send)
