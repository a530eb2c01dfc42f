"""What time brings: deadlines live in the database, and any process that ticks carries them out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from . import outbox
from .models import Pulse

_due: dict[str, Callable[[datetime], int]] = {}
_last: list[datetime] = []

KEEP_RESULTS = timedelta(days=7)
KEEP_PULSES = timedelta(minutes=5)
LOST_AFTER = timedelta(minutes=10)
EVERY = timedelta(seconds=15)


def moment() -> datetime:
    """Now, by the database's clock where it has one of its own: one clock for all processes that accept votes.

    On SQLite, and in tests that freeze the time, it is this process's.
    """
    if not settings.DATABASE_CLOCK or connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def at_tick(name: str) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """Register work that falls due with time: it gets the time and returns how much it did. It must be idempotent."""

    def put(function: Callable[[datetime], int]) -> Callable[[datetime], int]:
        _due[name] = function
        return function

    return put


def tick(*, force: bool = False) -> dict[str, int]:
    """Carry out what is due; at most every 15 seconds in one process unless forced. Returns what was done."""
    now = timezone.now()
    if not force and _last and timedelta(0) <= now - _last[0] < EVERY:
        return {}
    _last[:] = [now]
    done = {"outbox rows rescued": outbox.rescue(), "lost tasks closed": _close_lost_tasks(now)}
    for name, work in _due.items():
        done[name] = work(now)
    Pulse.objects.filter(at__lt=now - KEEP_PULSES).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_RESULTS).delete()
    return done


def _close_lost_tasks(now: datetime) -> int:
    """A killed worker leaves its task running for ever. The outbox row behind it is rescued by its own lease."""
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LOST_AFTER)
    return lost.update(status=TaskResultStatus.FAILED, finished_at=now, exception_class_path="builtins.SystemExit")
