"""The outbox: what follows a transaction is written in it, and done after it, at least once, by the worker.

A row is claimed by raising `attempts` under a lease, so that two workers never hold one row. Its handler runs in one
transaction: what it writes there is in the database together with the row's `done`, all of it or nothing. What leaves
Palabre (a mail) the handler only prepares, as a `Parcel`: it is sent between two transactions, so that no lock waits
for a mail server. A worker killed after sending and before marking sends again, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from .models import OutboxRow

log = logging.getLogger(__name__)
Status = OutboxRow.Status

LEASE = timedelta(minutes=5)  # longer than any sending lasts: a mail server gets EMAIL_TIMEOUT for each answer
# Seconds before each further attempt; after the last one the row is failed and waits for an administrator.
BACKOFF = (10, 60, 300, 1800, 7200, 21600, 86400)


@dataclass(frozen=True)
class Parcel:
    """What a handler has prepared: how to send it, and what is written together with the row's `done`."""

    send: Callable[[], Any]
    afterwards: Callable[[], Any] | None = None


Handler = Callable[[OutboxRow], Parcel | None]
_handlers: dict[str, Handler] = {}


class Dropped(Exception):
    """Raised by a handler when there is nothing left to do: the recipient has lost access, the seat has ended."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register who delivers rows of one kind."""

    def put(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return put


def put(
    kind: str, payload: dict[str, Any], *, key: str, due: datetime | None = None, new: bool = False
) -> OutboxRow | None:
    """Write a row and the task that delivers it, in the current transaction; None when `key` is already there.

    `new` says that the key can't be there yet, which saves the question.
    """
    if not new and OutboxRow.objects.filter(key=key).exists():
        return None
    row = OutboxRow.objects.create(key=key, kind=kind, payload=payload, due=due or timezone.now())
    _enqueue(row)
    return row


def put_many(kind: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> list[OutboxRow]:
    """Write many rows at once; those whose key is already there are left alone."""
    wanted = dict(rows)
    known = set(OutboxRow.objects.filter(key__in=wanted).values_list("key", flat=True))
    made = [put(kind, payload, key=key, new=True) for key, payload in wanted.items() if key not in known]
    return [row for row in made if row]


def _enqueue(row: OutboxRow) -> None:
    later = row.due > timezone.now()
    (deliver.using(run_after=row.due) if later else deliver).enqueue(row.pk)


@task()
def deliver(row_id: int) -> str:
    """Deliver one row: claim it, run its handler, send what that has prepared, mark it; returns the row's status."""
    row = _claim(row_id)
    if row is None:
        return "not mine"
    try:
        parcel = _open(row)
        if parcel:
            parcel.send()
    except Dropped as reason:
        _close(row, Status.DROPPED, str(reason))
    except Exception as error:  # noqa: BLE001 - kept on the row, tried again, then shown to administrators
        log.warning("outbox %s failed at attempt %s: %s", row.key, row.attempts, error)
        _retry_or_fail(row, f"{type(error).__name__}: {error}")
    else:
        if parcel:
            _sent(row, parcel)
    return str(row.status)


def _claim(row_id: int) -> OutboxRow | None:
    now = timezone.now()
    free = Q(status=Status.WAITING) | Q(status=Status.SENDING, lease_until__lt=now)
    claimed = OutboxRow.objects.filter(free, pk=row_id).update(
        status=Status.SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE
    )
    return OutboxRow.objects.get(pk=row_id) if claimed else None


def _open(row: OutboxRow) -> Parcel | None:
    """Run the handler. A row that sends nothing is done with what the handler has written."""
    with transaction.atomic():
        parcel = _handlers[row.kind](row)
        if parcel is None:
            _close(row, Status.DONE)
    return parcel


def _sent(row: OutboxRow, parcel: Parcel) -> None:
    """Not among the failures: what has left is not tried again because the database could not be told at once."""
    with transaction.atomic():
        if parcel.afterwards:
            parcel.afterwards()
        _close(row, Status.DONE)


def _close(row: OutboxRow, status: OutboxRow.Status, why: str = "") -> None:
    row.status, row.last_error, row.done_at, row.lease_until = status, why, timezone.now(), None
    row.save(update_fields=["status", "last_error", "done_at", "lease_until"])


def _retry_or_fail(row: OutboxRow, error: str) -> None:
    """Wait for the next attempt, or for an administrator; nothing when the lease was lost to another worker."""
    row.status = Status.FAILED
    if row.attempts <= len(BACKOFF):
        row.status, row.due = Status.WAITING, timezone.now() + timedelta(seconds=BACKOFF[row.attempts - 1])
    with transaction.atomic():
        held = OutboxRow.objects.filter(pk=row.pk, status=Status.SENDING, attempts=row.attempts)
        kept = held.update(status=row.status, due=row.due, last_error=error[:2000], lease_until=None)
        if kept and row.status == Status.WAITING:
            _enqueue(row)


def retry(row: OutboxRow) -> bool:
    """An administrator sends a failed row again, with all its attempts before it; False when it is not failed."""
    with transaction.atomic():
        changed = OutboxRow.objects.filter(pk=row.pk, status=Status.FAILED).update(
            status=Status.WAITING, attempts=0, due=timezone.now()
        )
        if changed:
            _enqueue(OutboxRow.objects.get(pk=row.pk))
    return bool(changed)


def rescue() -> int:
    """Enqueue again what a killed worker left behind; returns how many rows.

    A row is left behind when its lease has run out, or when it has been due for a minute and nobody took it.
    """
    now = timezone.now()
    orphans = OutboxRow.objects.filter(
        Q(status=Status.SENDING, lease_until__lt=now) | Q(status=Status.WAITING, due__lt=now - timedelta(minutes=1))
    )
    count = 0
    for row in orphans[:500]:
        deliver.enqueue(row.pk)
        count += 1
    return count
