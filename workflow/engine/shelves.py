"""What the search finds: each room puts its own on a shelf, under its readers' rights; the search asks them all.

However many shelves there are, they are read with one question (`together`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from .together import Listing

Text = str | Promise


@dataclass(frozen=True)
class Shelf:
    """One group of results."""

    label: Text
    # Of a person and the folded words they look for: what they may see, or nothing. The listing may leave out in the
    # database what does not hold every word.
    listing: Callable[[Any, list[str]], Listing | None]
    # Of a subject: the page and its key there, the detail shown, and all texts by which it is found.
    line: Callable[[Any], tuple[Any, ...]]


_shelves: dict[str, Shelf] = {}


def register(name: str, shelf: Shelf) -> None:
    """Called by each room, from the app's `ready`."""
    _shelves[name] = shelf


def all_shelves() -> dict[str, Shelf]:
    """By name, in the order in which they were put up."""
    return dict(_shelves)
