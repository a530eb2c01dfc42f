"""Without Redis, the process that holds the sockets reads new events and pulses from the database and tells watchers.

So it sees what the worker, other commands and other server processes write. It runs only while a socket is open.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from django.db.models import Max, Q

from . import live
from .models import Event, Pulse

log = logging.getLogger(__name__)

EVERY = 0.25  # seconds between two looks
AFTER_AN_ERROR = 2.0  # seconds
# PostgreSQL gives numbers before it commits: 11 may be there before 10. A number that was skipped is looked for
# again during this time, after which its transaction is taken to have been rolled back.
GAP_LASTS = 60.0  # seconds
GAPS = 1000  # at most, the newest ones
LOOK_BACK = 100  # events, when the tail begins


@dataclass
class Tail:
    """How far events, or pulses, have been read: all numbers up to `last` but for the gaps, each with its end."""

    model: type[Event] | type[Pulse] = Event
    last: int = 0
    gaps: dict[int, float] = field(default_factory=dict)

    def begin(self) -> None:
        """Start at the newest event; what is committed later is news, even under a lower number."""
        self.last = self.model._default_manager.aggregate(newest=Max("id"))["newest"] or 0
        oldest = max(self.last - LOOK_BACK, 0)
        known = self.model._default_manager.filter(id__gt=oldest, id__lte=self.last).values_list("id", flat=True)
        self._remember(set(range(oldest + 1, self.last + 1)) - set(known))

    def news(self) -> set[tuple[str, int]]:
        """The subjects (kind, pk) that have events (or pulses) not seen before."""
        self.gaps = {number: until for number, until in self.gaps.items() if until > time.monotonic()}
        rows = self.model._default_manager.filter(Q(id__gt=self.last) | Q(id__in=list(self.gaps))).values_list(
            "id", "subject_kind", "subject_id"
        )
        found = {number: (kind, pk) for number, kind, pk in rows.order_by("id")}
        if found:
            newest = max(self.last, *found)
            self._remember(set(range(max(self.last, newest - GAPS) + 1, newest + 1)) - set(found))
            self.last = newest
        for number in found:
            self.gaps.pop(number, None)
        return set(found.values())

    def _remember(self, numbers: set[int]) -> None:
        self.gaps.update(dict.fromkeys(numbers, time.monotonic() + GAP_LASTS))
        for number in sorted(self.gaps)[:-GAPS]:
            del self.gaps[number]


def _begin(tails: tuple[Tail, ...]) -> None:
    for tail in tails:
        tail.begin()


def _news(tails: tuple[Tail, ...]) -> set[tuple[str, int]]:
    return set().union(*(tail.news() for tail in tails))


class Relay:
    """The tail of one event loop: begun by the first socket, ended by the last."""

    def __init__(self) -> None:
        self.sockets = 0
        self.task: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    async def join(self) -> None:
        """Count a socket in; on return, whatever is committed from now on will be told."""
        self.sockets += 1
        if self.task is None or self.task.done():
            self.ready, self.stopping = asyncio.Event(), asyncio.Event()
            self.task = asyncio.create_task(self._run(self.ready, self.stopping))
        await self.ready.wait()

    async def leave(self) -> None:
        """Count a socket out. The last one waits until the tail has let go of the database."""
        self.sockets -= 1
        if self.sockets == 0 and self.task is not None:
            task, self.task = self.task, None
            self.stopping.set()
            await task

    async def _run(self, ready: asyncio.Event, stopping: asyncio.Event) -> None:
        tails = (Tail(), Tail(Pulse))
        try:
            while not stopping.is_set():
                pause = EVERY
                try:
                    if not ready.is_set():
                        await database_sync_to_async(_begin)(tails)
                        ready.set()
                    await self._tell(await database_sync_to_async(_news)(tails))
                except DatabaseError as error:  # it restarts, or another writer holds it: look again, nothing is lost
                    log.warning("live updates wait for the database: %s", error)
                    pause = AFTER_AN_ERROR
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)
        finally:
            ready.set()  # nobody waits for a tail that has ended

    async def _tell(self, subjects: set[tuple[str, int]]) -> None:
        layer = get_channel_layer()
        for kind, pk in subjects:
            await layer.group_send(live.group_of(kind, pk), live.message(kind, pk))


_relays: WeakKeyDictionary[asyncio.AbstractEventLoop, Relay] = WeakKeyDictionary()


def here() -> Relay:
    """The relay of the running event loop."""
    return _relays.setdefault(asyncio.get_running_loop(), Relay())
