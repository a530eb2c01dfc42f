"""The socket at /ws/live/: a page says which subjects it shows and is told when one of them has changed.

In: `{"watch": ["edition:12", …]}`, at most 20 subjects and 2 kB. Out: `{"changed": "edition:12"}`. What the person may
not follow is left out in silence, so that nobody learns what exists. Access is asked again before every message.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from . import live, relay

MOST_SUBJECTS = 20
MOST_BYTES = 2048
# Close codes of our own (RFC 6455 leaves 4000-4999 to applications).
UNREADABLE, TOO_LARGE, SIGNED_OUT, NOTHING_HERE = 4400, 4413, 4401, 4404

SUBJECT = re.compile(r"([a-z_]{1,40}):([0-9]{1,15})")


class Unreadable(Exception):
    """What came over the socket is not a request to watch subjects."""


def subjects_in(text: str) -> list[tuple[str, int]]:
    """The subjects that a message asks to watch. Raises Unreadable."""
    try:
        wanted = json.loads(text)["watch"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(wanted, list):
        raise Unreadable
    found = []
    for name in wanted:
        match = SUBJECT.fullmatch(name) if isinstance(name, str) else None
        if match is None:
            raise Unreadable
        found.append((match[1], int(match[2])))
    return found


class LiveConsumer(AsyncWebsocketConsumer):
    """One open page."""

    watched: set[tuple[str, int]]
    relay: relay.Relay | None = None
    ended = False

    async def connect(self) -> None:
        self.watched = set()
        await self.accept()
        if not settings.REDIS_URL:
            self.relay = relay.here()
            await self.relay.join()

    async def disconnect(self, code: int) -> None:
        for kind, pk in self.watched:
            await self.channel_layer.group_discard(live.group_of(kind, pk), self.channel_name)
        if self.relay is not None:
            await self.relay.leave()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.ended:
            return
        if len(bytes_data or b"") + len((text_data or "").encode(errors="replace")) > MOST_BYTES:
            await self._end(TOO_LARGE)
            return
        try:
            wanted = [s for s in subjects_in(text_data or "") if s not in self.watched]
        except Unreadable:
            await self._end(UNREADABLE)
            return
        for kind, pk in await self._allowed(wanted[:MOST_SUBJECTS]):
            if len(self.watched) < MOST_SUBJECTS:
                self.watched.add((kind, pk))
                await self.channel_layer.group_add(live.group_of(kind, pk), self.channel_name)

    async def changed(self, event: dict[str, Any]) -> None:
        """From the channel layer: a subject has changed. Who may no longer follow it is not told."""
        if self.ended:
            return
        subject = (event["kind"], event["pk"])
        person, allowed = await self._now([subject])
        if self.scope["user"].is_authenticated and not person.is_authenticated:
            await self._end(SIGNED_OUT)
        elif allowed:
            await self.send(json.dumps({"changed": f"{subject[0]}:{subject[1]}"}))
        else:
            self.watched.discard(subject)
            await self.channel_layer.group_discard(live.group_of(*subject), self.channel_name)

    async def _end(self, code: int) -> None:
        """Close from our side; what still arrives is not looked at."""
        self.ended = True
        await self.close(code)

    async def _allowed(self, subjects: list[tuple[str, int]]) -> set[tuple[str, int]]:
        if not subjects:
            return set()
        return (await self._now(subjects))[1]

    @database_sync_to_async
    def _now(self, subjects: list[tuple[str, int]]) -> tuple[Any, set[tuple[str, int]]]:
        """Who holds the socket and what they may follow, from session and seats as they are now.

        The session may have ended, or the person been shut out. All in one turn of the database's thread, for which
        every other open page of the process waits.
        """
        store = import_module(settings.SESSION_ENGINE).SessionStore
        request = HttpRequest()
        request.session = store(self.scope["session"].session_key)
        person = get_user(request)
        return person, live.watchable(person, subjects)


class Nowhere(AsyncWebsocketConsumer):
    """Any other address."""

    async def connect(self) -> None:
        await self.close(NOTHING_HERE)
