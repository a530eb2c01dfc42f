"""Who acts, and for which institution: the engine asks, the groups room answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """The seat from which a person acts on a subject; names as they are on the day."""

    institution: str = ""
    institution_ref: int | None = None
    capacity: str = ""


_standing: list[Callable[[Any, Any], Standing]] = []
_forget: list[Callable[[Any], None]] = []


def register(standing: Callable[[Any, Any], Standing], forget: Callable[[Any], None]) -> None:
    """`standing(person, subject)` names the seat; `forget(person)` drops what was cached of their seats."""
    _standing[:] = [standing]
    _forget[:] = [forget]


def afresh(person: Any) -> None:
    """What writes must not trust seats that a page read a minute ago."""
    for forget in _forget:
        forget(person)


def standing(person: Any, subject: Any) -> Standing:
    """The standing of `person` towards `subject`; empty for Palabre itself and for those who hold no seat."""
    if person is None or not _standing:
        return Standing()
    return _standing[0](person, subject)
