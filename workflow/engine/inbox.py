"""Inbox providers: each room says what waits for a person and what is coming; the home page asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Item:
    """One thing that waits for a person: a sentence, the button, and a day if there is one."""

    title: Text
    action: Text
    url: str
    detail: Text = ""
    due: date | None = None
    since: date | None = None


Provider = Callable[[Any], Iterable[Item]]
_waiting: dict[str, Provider] = {}
_coming: dict[str, Provider] = {}


def waiting(name: str) -> Callable[[Provider], Provider]:
    """Register what waits for a person, under the room's name."""
    return _put(_waiting, name)


def coming(name: str) -> Callable[[Provider], Provider]:
    """Register what is coming (no action needed yet), under the room's name."""
    return _put(_coming, name)


def _put(registry: dict[str, Provider], name: str) -> Callable[[Provider], Provider]:
    def put(provider: Provider) -> Provider:
        registry[name] = provider
        return provider

    return put


def waiting_for(person: Any) -> list[Item]:
    """All that waits for a person, the soonest due first, then the longest waiting."""
    return sorted((item for provider in _waiting.values() for item in provider(person)), key=_order)


def coming_for(person: Any) -> list[Item]:
    return sorted((item for provider in _coming.values() for item in provider(person)), key=_order)


def _order(item: Item) -> tuple[date, date]:
    return (item.due or date.max, item.since or date.max)
