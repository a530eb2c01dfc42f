"""What the search finds: each room puts its own on a shelf, under its readers' rights; the search asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Found:
    """One result: its name, its page, and a word about it."""

    title: str
    url: str
    detail: str = ""


# `shelf(person, words)` gives what the person may see with the folded text that it is searched in. The words are
# folded, too: a shelf may leave out in the database what does not hold every one of them. It asks one question.
Shelf = Callable[[Any, list[str]], Iterable[tuple[str, Found]]]
_shelves: dict[str, tuple[Text, Shelf]] = {}


def register(name: str, label: Text, shelf: Shelf) -> None:
    """Called once by each room, from the app's `ready`."""
    _shelves[name] = (label, shelf)


def filled(person: Any, wanted: list[str]) -> Iterable[tuple[Text, Iterable[tuple[str, Found]]]]:
    """Every shelf's label and what stands on it."""
    for label, shelf in _shelves.values():
        yield label, shelf(person, wanted)
