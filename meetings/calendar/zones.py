"""VTIMEZONE from the zone database: what a zone's clock does while the events of a calendar last (RFC 5545, 3.6.5).

Outlook reads one STANDARD and one DAYLIGHT of a zone, their DTSTART and their yearly RRULE, and nothing else
(MS-OXCICAL, 2.1.3.1.1.19). So a zone is written in one of two ways only, each of which is true for every program: as a
clock that stands still while the events last, or as one that is turned twice a year by rules that hold while they last.
Where the clock does anything else, as Morocco's does around each Ramadan, there is no table, and times are in UTC.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STEP = timedelta(days=5)  # since 1970 no zone has turned its clock twice within less than a week
AROUND = 7  # years: in as many, the fourth Sunday of a month has been its last one, and has not
MOST_YEARS = 200
FIRST_YEAR = 1970
DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Onset:
    """At `moment` the clock of a zone is turned: it was `before` ahead of UTC, and is `after` from then on."""

    moment: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def local(self) -> datetime:
        """By the clock that is being turned, as DTSTART tells it."""
        return (self.moment + self.before).replace(tzinfo=None)


@dataclass(frozen=True)
class Rule:
    """The `nth` weekday of a month (-1: the last), Monday being 0, at an hour of the clock that is being turned."""

    month: int
    nth: int
    weekday: int
    at: time

    def on(self, year: int) -> datetime:
        days = monthrange(year, self.month)[1]
        first = 1 + (self.weekday - date(year, self.month, 1).weekday()) % 7
        day = first + 7 * (self.nth - 1) if self.nth > 0 else first + 7 * ((days - first) // 7)
        return datetime.combine(date(year, self.month, day), self.at)

    def __str__(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={self.nth}{WEEKDAYS[self.weekday]}"


Turn = tuple[Onset, Rule | None]  # an onset, and the rule by which it comes again each year


def block(zone: str, first: datetime, last: datetime) -> list[str] | None:
    """The unfolded lines of the VTIMEZONE for all moments from `first` to `last`, both aware.

    None where no table says it that every program reads: such times are to be written in UTC.
    """
    if last.year - first.year > MOST_YEARS:
        return None
    known = [onset for year in range(first.year - 1, last.year + 2) for onset in _onsets(zone, year)]
    turned = [onset for onset in known if onset.moment <= last]
    past = [onset for onset in turned if onset.moment <= first]
    yearly = _yearly(zone, known[len(past) - 1 :], first, last) if past else None
    if yearly:
        return _table(zone, yearly)
    if len(turned) > len(past):
        return None
    return _table(zone, [(past[-1] if past else _since(zone, first), None)])


# -- when the clock is turned ------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _onsets(zone: str, year: int) -> tuple[Onset, ...]:
    """Every change of the offset in a year of UTC. What the zone is called meanwhile turns no clock."""
    place, found = ZoneInfo(zone), []
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    held = _offset(moment, place)
    while moment < end:
        following = min(moment + STEP, end)
        if (now := _offset(following, place)) != held:
            turned = _when(moment, following, place)
            found.append(Onset(turned, held, now, _name(turned, place)))
            held = now
        moment = following
    return tuple(found)


def _when(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The second from which another offset holds than at `before`, by halving."""
    held, seconds = _offset(before, place), int((after - before).total_seconds())
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + timedelta(seconds=middle), place) == held:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(moment: datetime, place: ZoneInfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta(0)


def _name(moment: datetime, place: ZoneInfo) -> str:
    return moment.astimezone(place).tzname() or str(place)


def _since(zone: str, first: datetime) -> Onset:
    """The clock was not turned for a year or more: it is said to stand since the beginning of the year before."""
    place = ZoneInfo(zone)
    held = _offset(first, place)
    return Onset(datetime(first.year - 1, 1, 1, tzinfo=UTC) - held, held, held, _name(first, place))


# -- the rules by which it is turned -----------------------------------------------------------------------


def _yearly(zone: str, onsets: Sequence[Onset], first: datetime, last: datetime) -> list[Turn] | None:
    """An onset of either kind with its rule, if rules say what the clock does from `onsets[0]` to `last`.

    They must hold in each year from `first` to `last` as a whole: of the year Outlook asks nothing.
    """
    needed = [onset for number, onset in enumerate(onsets) if number < 2 or onset.moment <= last]
    turns = {(onset.before, onset.after) for onset in needed}
    if len(turns) != 2 or {turn[::-1] for turn in turns} != turns:
        return None
    clock: list[Turn] = []
    for turn in turns:
        kind = [onset for onset in needed if (onset.before, onset.after) == turn]
        if (rule := _rule(zone, kind)) is None:
            return None
        clock.append((kind[0], rule))
    years = range((first - DAY).year, (last + DAY).year + 1)  # anybody's years, wherever they are
    return _since_when(zone, clock) if all(len(_held(zone, year, clock)) == 2 for year in years) else None


def _rule(zone: str, kind: Sequence[Onset]) -> Rule | None:
    """The rule that these onsets of one kind follow; None where there is none.

    In a few years several rules fit. The one is taken that the years around follow too.
    """
    fitting = frozenset.intersection(*map(_fitting, kind))
    around = [
        onset
        for year in range(kind[0].local.year - AROUND, kind[-1].local.year + AROUND)
        for onset in _onsets(zone, year)
        if (onset.before, onset.after) == (kind[0].before, kind[0].after)
    ]
    follow = {rule: sum(rule in _fitting(onset) for onset in around) for rule in fitting}
    best = max(follow, key=lambda rule: (follow[rule], rule.nth), default=None)
    return best if best and follow[best] > 1 else None  # once is no rule


def _held(zone: str, year: int, clock: list[Turn]) -> list[Turn]:
    """The onsets of that year, if the clock was turned by these rules and not otherwise; else nothing."""
    told = {(onset.before, onset.after): onset for onset in _onsets(zone, year)}
    if len(_onsets(zone, year)) != 2:
        return []
    found = [(told.get((onset.before, onset.after)), rule) for onset, rule in clock]
    return [(onset, rule) for onset, rule in found if onset and rule and rule.on(year) == onset.local]


def _since_when(zone: str, clock: list[Turn]) -> list[Turn]:
    """The same rules from the first year in which both held: so a zone is told alike in the invitations of many years.

    Some programs take a table that begins late for UTC, if the zone's winter is (vobject).
    """
    for year in range(min(onset.local.year for onset, _rule in clock), FIRST_YEAR, -1):
        earlier = _held(zone, year, clock)
        if len(earlier) != 2:
            break
        clock = earlier
    return clock


@lru_cache(maxsize=4096)
def _fitting(onset: Onset) -> frozenset[Rule]:
    """All rules that would turn the clock at this moment."""
    local = onset.local
    nth, days = (local.day + 6) // 7, monthrange(local.year, local.month)[1]
    numbers = ([nth] if nth < 5 else []) + ([-1] if local.day + 7 > days else [])
    return frozenset(Rule(local.month, number, local.weekday(), local.time()) for number in numbers)


# -- how it is written down --------------------------------------------------------------------------------


def _table(zone: str, clock: Iterable[Turn]) -> list[str]:
    """STANDARD is the clock in winter, and the only one where it stands still: Outlook reads no zone without."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    for number, (onset, rule) in enumerate(sorted(clock, key=lambda told: told[0].after)):
        kind = "DAYLIGHT" if number else "STANDARD"
        lines += [
            f"BEGIN:{kind}", f"DTSTART:{onset.local:%Y%m%dT%H%M%S}", f"TZOFFSETFROM:{offset(onset.before)}",
            f"TZOFFSETTO:{offset(onset.after)}", f"TZNAME:{onset.name}",
            *([f"RRULE:{rule}"] if rule else []), f"END:{kind}",
        ]  # fmt: skip
    return [*lines, "END:VTIMEZONE"]


def offset(of: timedelta) -> str:
    """An offset as UTC-OFFSET (3.3.14): seconds only where there are some, never "-0000"."""
    seconds = int(of.total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02d}{minutes:02d}" + (f"{seconds:02d}" if seconds else "")
