"""How many of an institution's people are trained, as a higher floor knows: a question, answered from above (S33, S46).

The meetings floor registers who counts; while nobody has, the number is the one that somebody writes down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workflow.engine.together import Wanted


@dataclass(frozen=True)
class Trained:
    """How many people have completed a course, and in how many trainings."""

    people: int
    trainings: int


Counter = Callable[[int], Wanted[Trained]]
_counter: Counter | None = None


def answer(counter: Counter) -> None:
    """The floor that knows says how it counts, by the institution's id; called from its `AppConfig.ready`."""
    global _counter
    _counter = counter


def wanted(institution: int | None) -> Wanted[Trained | None]:
    """What is to be read to know it; None where no institution is named, or nobody counts."""
    if _counter is None or institution is None:
        return Wanted({}, lambda found: None)
    asked = _counter(institution)
    return Wanted(asked.listings, asked.made)
