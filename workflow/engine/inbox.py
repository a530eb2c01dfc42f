"""Inbox providers: each room says what waits for a person and what is coming; the home page asks them all.

A provider names the lists that it wants read (together.py) and makes the items of them; None when there is nothing to
ask for this person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from . import together
from .together import Wanted

Text = str | Promise


@dataclass(frozen=True)
class Item:
    """One thing that waits for a person: a sentence, the button, and a day if there is one."""

    title: Text
    action: Text
    url: str
    detail: Text = ""
    due: date | None = None
    takes_place: bool = False  # `due` is the day of something that is held, not the last day for doing it
    since: date | None = None


Provider = Callable[[Any], Wanted[Iterable[Item]] | None]
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


@dataclass(frozen=True)
class Inbox:
    """All that waits for a person and all that is coming, each the soonest due first, then the longest waiting."""

    waiting: Sequence[Item] = ()
    coming: Sequence[Item] = ()


def of(person: Any) -> Inbox:
    """Asks every room; what they want read is read together, so that one more room costs no question."""
    found = together.answers(_wanted("waiting", _waiting, person) | _wanted("coming", _coming, person))

    def sorted_items(kind: str) -> list[Item]:
        return sorted((item for name, items in found.items() if name.startswith(kind) for item in items), key=_order)

    return Inbox(sorted_items("waiting"), sorted_items("coming"))


def _wanted(kind: str, registry: dict[str, Provider], person: Any) -> dict[str, Wanted[Iterable[Item]]]:
    offers = {f"{kind} {name}": provider(person) for name, provider in registry.items()}
    return {name: offer for name, offer in offers.items() if offer is not None}


def _order(item: Item) -> tuple[date, date]:
    return (item.due or date.max, item.since or date.max)
