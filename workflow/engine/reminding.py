"""Reminders: what is told by mail as time passes and is no event, so that a form that somebody has open stays valid.

Each is one row of the outbox. Its key names the subject, the day and what is told, so that it is sent once, whoever
ticks; a subject that gets another day is reminded of anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from . import history, outbox
from .models import OutboxRow, Subject
from .services import hold


def remind(kind: str, wanted: Iterable[tuple[str, dict[str, Any]]]) -> int:
    """Put those of the rows (key, payload) into the outbox that are not there yet, one process at a time; how many."""
    rows = dict(wanted)
    known = set(OutboxRow.objects.filter(key__in=rows).values_list("key", flat=True)) if rows else set()
    if not rows.keys() - known:
        return 0
    with transaction.atomic():
        hold(kind)
        return len(outbox.put_many(kind, rows.items()))


def expand(row: OutboxRow, subject: Subject, told: Iterable[tuple[int, str]], *, folder: str = "workflow/mail") -> None:
    """One mail for each person (id), by the name of its template in `folder`, about where the subject stands.

    Raises `outbox.Dropped` for a subject without a history, of which a mail can't tell.
    """
    event = history.events_of(subject).last()
    if event is None:
        raise outbox.Dropped("it has no history")
    about = {"event": event.pk, "internal": True}
    outbox.put_many(
        "mail",
        [
            (f"mail:{row.key}:{person}", {**about, "person": person, "template": f"{folder}/{template}"})
            for person, template in told
        ],
    )
