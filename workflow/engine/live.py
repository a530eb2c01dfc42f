"""Live updates: a socket says only *that* a subject has changed; the page then asks again, under its own access."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction


def group_of(kind: str, pk: int) -> str:
    """The channel group of those who watch one subject."""
    return f"live.{kind}.{pk}"


def announce(kind: str, pk: int) -> None:
    """After commit, tell every process's watchers through Redis.

    Without Redis nothing is sent: the process that holds the sockets reads the events itself (consumers.py), so
    that the worker and other commands are seen too.
    """
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(kind, pk))


def _send(kind: str, pk: int) -> None:
    from asgiref.sync import async_to_sync
    from channels.layers import get_channel_layer

    async_to_sync(get_channel_layer().group_send)(group_of(kind, pk), {"type": "changed", "subject": f"{kind}:{pk}"})
