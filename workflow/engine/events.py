"""How an event comes to the end of its subject's chain; `services` decides that it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from . import actors, digests, kinds, live, outbox
from .flow import Act
from .models import Event


@dataclass
class Telling:
    """How an event is told: when it happened, a key that makes its replay idempotent, and whether mail follows."""

    occurred: str = ""
    external_key: str | None = None
    quiet: bool = False


AS_IT_HAPPENS = Telling()
HEAD = ("version", "head")  # of the subject: the columns that follow its last event


def append(
    subject: Any,
    name: str,
    act: Act,
    *,
    source: str = "",
    target: str = "",
    telling: Telling = AS_IT_HAPPENS,
    columns: tuple[str, ...] | None = None,
) -> Event:
    """Add the event and save the subject with its new head; `columns` are all that is to be saved, if not the whole."""
    kind = kinds.of(subject)
    standing = actors.standing(act.actor, subject)
    event = Event(
        subject_kind=kind.name,
        subject_id=subject.pk,
        sequence=subject.version + 1,
        at=timezone.now(),
        occurred=telling.occurred,
        actor=act.actor,
        actor_name=str(act.actor) if act.actor else "Palabre",
        institution=standing.institution,
        institution_ref=standing.institution_ref,
        capacity=standing.capacity,
        name=name,
        from_state=source,
        to_state=target,
        note=act.note,
        data=plain(act.recorded),
        previous=subject.head,
        external_key=telling.external_key,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    subject.version, subject.head = event.sequence, event.hash
    if columns:
        subject.save(update_fields=columns)
    else:
        subject.save(force_update=True)
    if not telling.quiet and kind.notice:
        outbox.put("notice", {"event": event.pk}, key=f"notice:{event.pk}", new=True)
    live.announce(kind.name, subject.pk)
    return event


def digest(event: Event) -> str:
    """SHA-256 over the event's content, which holds the hash of the event before it."""
    return digests.of(event.content())


def plain(value: Any) -> Any:
    """JSON values that read back as they were written, on either database."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)
