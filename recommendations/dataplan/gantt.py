"""A schedule as numbers to draw: bars over time, what holds up what, today (S14). Drawn by the server, beside a table.

The drawing has no viewBox: bars are percentages and letters keep their size, on a phone as on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.text import Truncator

from .models import DataAction
from .schedules import Schedule

ROW, HEAD = 44, 24  # pixels: of a row, of the line of months
BAR, BAR_Y, TEXT_Y = 15, 21, 14  # pixels, within a row
MOST_TICKS = 4  # as many as a telephone shows side by side
LONGEST = 44  # characters of a title in the drawing
LEAST = 1.0  # per cent: no bar is thinner


@dataclass(frozen=True)
class Bar:
    """One action. `x` and `width` are per cent of the drawing, None where no date is known."""

    action: DataAction
    y: int
    critical: bool
    late: bool
    x: float | None = None
    width: float = 0

    @property
    def label(self) -> str:
        """As much of the title as a telephone shows; the table has all of it."""
        return Truncator(self.action.title).chars(LONGEST)

    @property
    def done_width(self) -> float:
        """How much of the bar is filled."""
        share = 100 if self.action.state == "done" else self.action.percent
        return round(self.width * share / 100, 2)

    @property
    def end(self) -> float:
        return round((self.x or 0) + self.width, 2)

    @property
    def text_y(self) -> int:
        return self.y + TEXT_Y

    @property
    def bar_y(self) -> int:
        return self.y + BAR_Y

    @property
    def middle(self) -> float:
        return self.y + BAR_Y + BAR / 2


@dataclass(frozen=True)
class Link:
    """A line from the end of one bar down or up to another that needs it, then along to where that begins."""

    x: float
    y: float
    to_x: float
    to_y: float


@dataclass(frozen=True)
class Drawing:
    """`ticks` are (per cent, words) of months or years; `today` per cent, None outside the drawing."""

    bars: list[Bar]
    links: list[Link] = field(default_factory=list)
    ticks: list[tuple[float, str]] = field(default_factory=list)
    today: float | None = None

    @property
    def dated(self) -> bool:
        """Whether there is anything to draw: no chart stands for actions without a single day."""
        return any(bar.x is not None for bar in self.bars)

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.bars)


def draw(schedule: Schedule, today: date) -> Drawing:
    """Every action in its row, in the schedule's order; those without a date have a name and no bar."""
    ends = [day for task in schedule.tasks for day in (task.begins, task.ends) if day]
    critical = set(schedule.critical)
    if not ends:
        return Drawing([_bar(a, n, False, today) for n, a in enumerate(schedule.actions)])
    first, last = min(ends), max(ends)
    scale = Scale(first, max((last - first).days + 1, 1))
    bars = [_bar(a, n, a.pk in critical, today, scale) for n, a in enumerate(schedule.actions)]
    known = {bar.action.pk: bar for bar in bars if bar.x is not None}
    links = [
        _link(known[need], known[task.key])
        for task in schedule.tasks
        for need in sorted(task.needs)
        if task.key in known and need in known
    ]
    here = scale.place(today) if first <= today <= last else None
    return Drawing(bars, links, list(_ticks(first, last, scale)), here)


def pages(drawing: Drawing, most: int) -> Iterator[Drawing]:
    """The drawing in pieces of so many rows, each with all the months; a line from one piece to another is left out."""
    for first in range(0, len(drawing.bars), most):
        up, bars = ROW * first, drawing.bars[first : first + most]
        bottom = HEAD + ROW * len(bars)
        lines = [replace(line, y=line.y - up, to_y=line.to_y - up) for line in drawing.links]
        yield replace(
            drawing, bars=[replace(bar, y=bar.y - up) for bar in bars],
            links=[line for line in lines if all(HEAD <= y <= bottom for y in (line.y, line.to_y))],
        )  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """Where a day stands, in per cent."""

    first: date
    days: int

    def place(self, day: date) -> float:
        return round(100 * (day - self.first).days / self.days, 2)


def _bar(action: DataAction, number: int, critical: bool, today: date, scale: Scale | None = None) -> Bar:
    begins, ends = action.starts_on or action.due_on, action.due_on or action.starts_on
    y, late = HEAD + ROW * number, bool(action.days_late)
    if scale is None or begins is None or ends is None:
        return Bar(action, y, critical, late)
    width = max(round(100 * ((ends - begins).days + 1) / scale.days, 2), LEAST)
    return Bar(action, y, critical, late, min(scale.place(begins), 100 - LEAST), width)


def _link(before: Bar, after: Bar) -> Link:
    return Link(min(before.end, 100), before.middle, after.x or 0, after.middle)


def _ticks(first: date, last: date, scale: Scale) -> Iterator[tuple[float, str]]:
    """The beginnings of months, or of years, as many as can be read."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((one for one in (1, 2, 3, 6, 12, 24, 60) if months / one <= MOST_TICKS), 120)
    at: date | None = date(first.year, first.month, 1)
    while at is not None and at <= last:
        words = date_format(at, "Y" if step >= 12 and at.month == 1 else "M Y", use_l10n=False)
        yield max(scale.place(at), 0.0), words
        at = _later(at, step)


def _later(month: date, by: int) -> date | None:
    """So many months later; None after the end of the calendar."""
    number = month.year * 12 + month.month - 1 + by
    return None if number // 12 > date.max.year else date(number // 12, number % 12 + 1, 1)
