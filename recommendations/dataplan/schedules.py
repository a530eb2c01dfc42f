"""The actions of a plan in time, as one person may know them: the drawing, its table and what slips start here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from . import rules
from .models import DataAction, Dependency


class Slip(NamedTuple):
    """An action that would be later: by how many days, and the day on which it would then be due."""

    action: DataAction
    days: int
    due: date | None


@dataclass(frozen=True)
class Schedule:
    """The actions of a plan in time, as one person may know them: what is hidden from them holds nothing up here."""

    actions: Sequence[DataAction]
    tasks: Sequence[rules.Task]
    critical: Sequence[int] = ()
    early: Sequence[tuple[DataAction, DataAction]] = ()
    by_key: dict[int, DataAction] = field(default_factory=dict)

    def slips(self, key: int, days: int) -> list[Slip]:
        """What slips, and by how many days, when one action ends so much later; itself first."""
        found = rules.slips(self.tasks, key, days)
        listed = sorted(found.items(), key=lambda pair: (pair[0] != key, pair))
        return [Slip(a := self.by_key[one], late, rules.moved(a.due_on, late)) for one, late in listed]


def schedule(found: Iterable[DataAction], person: Any) -> Schedule:
    """One question besides the one for the actions."""
    listed_ = list(found)
    by_key = {action.pk: action for action in listed_}
    needs: dict[int, set[int]] = {}
    for one, need in Dependency.objects.filter(action__in=by_key, needs__in=by_key).values_list("action", "needs"):
        needs.setdefault(one, set()).add(need)
    tasks = [task_of(action, needs.get(action.pk, set())) for action in listed_]
    early = [(by_key[one], by_key[need]) for one, need in rules.too_early(tasks)]
    return Schedule(listed_, tasks, rules.critical_path(tasks), early, by_key)


def task_of(action: DataAction, needs: Iterable[int]) -> rules.Task:
    return rules.Task(action.pk, action.starts_on, action.due_on, frozenset(needs), action.is_over)


@dataclass(frozen=True)
class Row:
    """One line of the schedule's table: how long the action takes, what it needs, how much room it has."""

    action: DataAction
    days: int
    needs: Sequence[DataAction]
    slack: int | None
    critical: bool


def rows_of(known: Schedule) -> list[Row]:
    """The schedule as a table, in its order."""
    free, critical = rules.slack(known.tasks), set(known.critical)
    return [
        Row(action, task.days, [known.by_key[need] for need in sorted(task.needs)], free.get(task.key),
            task.key in critical)
        for action, task in zip(known.actions, known.tasks, strict=True)
    ]  # fmt: skip
