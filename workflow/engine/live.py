"""Live updates: a socket says only *that* a subject has changed; the page then asks again, under its own access."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
from collections.abc import Iterable
from concurrent.futures import Future, wait
from functools import cache
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import transaction

from . import kinds
from .models import Pulse

log = logging.getLogger(__name__)
PATIENCE = 2  # seconds that a process which ends gives its last messages
_under_way: set[Future[None]] = set()


def group_of(kind: str, pk: int) -> str:
    """The channel group of those who watch one subject."""
    return f"live.{kind}.{pk}"


def announce(kind: str, pk: int) -> None:
    """After commit, tell every process's watchers through Redis.

    Without Redis nothing is sent: the process that holds the sockets reads the events itself (relay.py), so that
    the worker and other commands are seen too.
    """
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(kind, pk), robust=True)


def pulse(kind: str, pk: int) -> None:
    """After commit, tell watchers of what leaves no event: who is at work on the subject, what hangs on it."""
    if settings.REDIS_URL:
        announce(kind, pk)
    else:
        Pulse.objects.create(subject_kind=kind, subject_id=pk)


def message(kind: str, pk: int) -> dict[str, Any]:
    """What travels through the channel layer: the subject's name and nothing of its content."""
    return {"type": "changed", "kind": kind, "pk": pk}


def _send(kind: str, pk: int) -> None:
    """Hand the message to this process's sender and go on: nobody waits for Redis."""
    from channels.layers import get_channel_layer

    sending = get_channel_layer().group_send(group_of(kind, pk), message(kind, pk))
    told = asyncio.run_coroutine_threadsafe(sending, _sender(os.getpid()))
    _under_way.add(told)
    told.add_done_callback(_sent)


@cache
def _sender(process: int) -> asyncio.AbstractEventLoop:
    """The event loop in which a process sends: in one thread, whose connection to Redis stays open."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="live", daemon=True).start()
    return loop


def _sent(told: Future[None]) -> None:
    _under_way.discard(told)
    if error := told.exception():
        # What is committed stays committed when Redis is down.
        log.error("Watchers were not told of a change: %s", error)


@atexit.register
def finish() -> None:
    """Let what is under way arrive before the process ends."""
    wait(set(_under_way), timeout=PATIENCE)


def watchable(person: Any, subjects: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of the subjects (kind, pk) the person may follow: from the inside, or because they are public."""
    from django.contrib.auth.models import AnonymousUser

    wanted: dict[str, set[int]] = {}
    for name, pk in subjects:
        wanted.setdefault(name, set()).add(pk)
    found: set[tuple[str, int]] = set()
    for name, pks in wanted.items():
        kind = kinds.get(name)
        if kind is None:
            continue
        for rows_for, who in ((kind.internal_to, person), (kind.visible_to, AnonymousUser())):
            if left := {pk for pk in pks if (name, pk) not in found}:
                found.update((name, pk) for pk in rows_for(who).filter(pk__in=left).values_list("pk", flat=True))
    return found
