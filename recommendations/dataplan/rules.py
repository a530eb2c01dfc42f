"""When actions take place and what holds up what: pure functions (S14, S23-S27).

Days are whole days and both ends count: an action of one day begins and ends on it. What nobody knows is None: it takes
no time of its own, and what depends on it is pushed as far as what it needs is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
Needs = Mapping[int, Collection[int]]


@dataclass(frozen=True)
class Task:
    """An action as a schedule knows it. `over` is one that is done or dropped: nothing pushes it any more."""

    key: int
    first: date | None = None
    last: date | None = None
    needs: frozenset[int] = frozenset()
    over: bool = False

    @property
    def days(self) -> int:
        """How long it takes; 0 where one of its ends is not known."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0

    @property
    def begins(self) -> date | None:
        return self.first or self.last

    @property
    def ends(self) -> date | None:
        return self.last or self.first


# -- dependencies -----------------------------------------------------------------------------------------


def circle(needs: Needs, key: int, wanted: Iterable[int]) -> list[int]:
    """The circle that would be closed if `key` needed `wanted`, from `key` back to itself; empty if there is none."""
    for first in wanted:
        if path := _path(needs, first, key):
            return [key, *path]
    return []


def _path(needs: Needs, start: int, goal: int) -> list[int]:
    """A way along what needs what, both ends included; empty where there is none."""
    came: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            found: list[int] = []
            step: int | None = at
            while step is not None:
                found.append(step)
                step = came[step]
            return found[::-1]
        for following in sorted(needs.get(at, ())):
            if following not in came:
                came[following] = at
                waiting.append(following)
    return []


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Each after all that it needs, the soonest first among those that could come next.

    What is needed and not among the tasks holds nothing up. Raises ValueError for a circle.
    """
    known = {task.key: task for task in tasks}
    open_needs = {key: {need for need in task.needs if need in known} for key, task in known.items()}
    followers = followers_of(known.values())
    ready = {key for key, left in open_needs.items() if not left}
    found: list[Task] = []
    while ready:
        key = min(ready, key=lambda one: (known[one].begins or date.max, known[one].ends or date.max, one))
        ready.remove(key)
        found.append(known[key])
        for follower in followers.get(key, ()):
            open_needs[follower].discard(key)
            if not open_needs[follower]:
                ready.add(follower)
    if len(found) < len(known):
        raise ValueError("actions need each other in a circle")
    return found


def followers_of(tasks: Iterable[Task]) -> dict[int, list[int]]:
    """What needs each task, by its key."""
    found: dict[int, list[int]] = defaultdict(list)
    for task in tasks:
        for need in sorted(task.needs):
            found[need].append(task.key)
    return found


def too_early(tasks: Iterable[Task]) -> list[tuple[int, int]]:
    """(task, what it needs) where it is to begin before that has ended."""
    known = {task.key: task for task in tasks}
    return [
        (task.key, need)
        for task in known.values()
        for need in sorted(task.needs)
        if not task.over and need in known and _overlap(known[need], task)
    ]


def _overlap(before: Task, after: Task) -> bool:
    return not before.over and bool(before.ends and after.first and after.first <= before.ends)


# -- what holds up the end --------------------------------------------------------------------------------


def slack(tasks: Iterable[Task]) -> dict[int, int]:
    """By how many days each unfinished task may end later before the last of all does, as things are planned.

    Of those whose end is known. What is over has no slack to speak of, and is left out.
    """
    listed = in_order(tasks)
    standing = {task.key: task for task in listed if not task.over}
    ends = [task.ends for task in standing.values() if task.ends]
    if not ends:
        return {}
    last = max(ends)
    followers = followers_of(standing.values())
    may: dict[int, int] = {}
    for task in reversed(listed):
        if task.key not in standing:
            continue
        own = [(last - task.ends).days] if task.ends else []
        later = [may[key] + room(task, standing[key]) for key in followers.get(task.key, ()) if key in may]
        if own or later:
            may[task.key] = min([*own, *later])
    return {key: days for key, days in may.items() if standing[key].ends}


def room(before: Task, after: Task) -> int:
    """Whole days between the end of one task and the beginning of one that needs it; 0 where they overlap already, and
    where nobody knows.
    """
    if before.ends is None or after.begins is None:
        return 0
    return max((after.begins - before.ends).days - 1, 0)


def critical_path(tasks: Iterable[Task]) -> list[int]:
    """The chain of unfinished tasks without slack that ends with the last of all: each day lost on it is lost at the
    end. Where there are several such chains, the one that begins first.
    """
    listed = [task for task in tasks if not task.over]
    known, free = {task.key: task for task in listed}, slack(listed)
    tight = [known[key] for key, days in free.items() if days == 0]
    if not tight:
        return []
    best: dict[int, list[int]] = {}
    for task in in_order(tight):
        chains = [best[need] for need in sorted(task.needs) if need in best and _meets(known[need], task)]
        best[task.key] = [*min(chains, key=lambda chain: (_begins(known, chain), -len(chain)), default=[]), task.key]
    end = max(task.ends for task in tight if task.ends)
    last = [chain for key, chain in best.items() if known[key].ends == end]
    return min(last, key=lambda chain: (_begins(known, chain), -len(chain), chain))


def _meets(before: Task, after: Task) -> bool:
    """Whether a day lost on one is a day lost on the other."""
    return room(before, after) == 0


def _begins(known: Mapping[int, Task], chain: Sequence[int]) -> date:
    return known[chain[0]].begins or date.max


# -- what slips if this slips -----------------------------------------------------------------------------


def slips(tasks: Iterable[Task], key: int, days: int) -> dict[int, int]:
    """By how many days each task slips when one of them (`key`) ends so many days later; itself included.

    Room between two tasks takes up the delay, and what is over slips no more. What is not told of does not slip.
    """
    listed = in_order(tasks)
    known = {task.key: task for task in listed}
    if days <= 0 or key not in known or known[key].over:
        return {}
    late = {key: days}
    for task in listed:
        if task.over or task.key == key:
            continue
        pushed = [late[need] - room(known[need], task) for need in task.needs if need in late]
        if (most := max(pushed, default=0)) > 0:
            late[task.key] = most
    return late


def moved(day: date | None, days: int) -> date | None:
    """The day so many days later; None where it is not known, and at the end of the calendar."""
    try:
        return day + timedelta(days=days) if day else None
    except OverflowError:
        return None


# -- lateness ---------------------------------------------------------------------------------------------

UNFINISHED = ("planned", "in_progress", "blocked")


def days_late(state: str, due: date | None, today: date) -> int:
    """Whole days past the last day that `due` can be; 0 for what is over or has no day."""
    return max((today - due).days, 0) if due and state in UNFINISHED else 0
