"""An invitation, its move and its cancellation, followed by two calendar programs that are not ours (RFC 5546, 2.1.5).

Each keeps what it was sent as a client does: by UID, the highest sequence, and of one sequence the latest stamp. One
reads with `icalendar`, the other with `vobject`; neither knows anything of this room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from meetings.calendar import content

from . import making as m


@dataclass(frozen=True)
class Seen:
    """What a program knows of an entry; `local` is what its owner reads at the place of the meeting."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    local: str
    zone: str
    status: str
    where: str


def by_icalendar(raw: bytes) -> tuple[str, list[Seen]]:
    whole: Any = icalendar.Calendar.from_ical(raw)
    return str(whole["METHOD"]), [
        Seen(
            str(one["UID"]), int(one["SEQUENCE"]), one["DTSTAMP"].dt, one["DTSTART"].dt.astimezone(UTC),
            f"{one['DTSTART'].dt:%H:%M}", one["DTSTART"].params.get("TZID", "UTC"), str(one.get("STATUS", "")),
            str(one.get("LOCATION", "")),
        )
        for one in whole.walk("VEVENT")
    ]  # fmt: skip


def by_vobject(raw: bytes) -> tuple[str, list[Seen]]:
    [whole] = vobject.readComponents(raw.decode(), validate=True)

    def told(one: Any, name: str) -> str:
        return str(one.contents[name][0].value) if name in one.contents else ""

    return whole.method.value, [
        Seen(
            one.uid.value, int(one.sequence.value), one.dtstamp.value, one.dtstart.value.astimezone(UTC),
            f"{one.dtstart.value:%H:%M}", getattr(one.dtstart, "x_vobj_original_tzid_param", None) or "UTC",
            told(one, "status"), told(one, "location"),
        )
        for one in whole.vevent_list
    ]  # fmt: skip


class Program:
    """Somebody's calendar: what is in it, and what it does with a mail."""

    def __init__(self, read: Callable[[bytes], tuple[str, list[Seen]]]) -> None:
        self.read = read
        self.entries: dict[str, Seen] = {}
        self.gone: set[str] = set()

    def opens(self, raw: bytes) -> None:
        method, entries = self.read(raw)
        for seen in entries:
            known = self.entries.get(seen.uid)
            if known and (seen.sequence, seen.stamp) < (known.sequence, known.stamp):
                continue
            self.entries[seen.uid] = seen
            self.gone = self.gone | {seen.uid} if method == "CANCEL" else self.gone - {seen.uid}


PROGRAMS = pytest.mark.parametrize("read", [by_icalendar, by_vobject], ids=["icalendar", "vobject"])
PLACES = [("Europe/Paris", "2030-03-27T09:00", "2030-04-02T14:30"), ("Africa/Accra", "2030-03-27T09:00",
          "2030-04-02T14:30"), ("America/New_York", "2030-10-30T09:00", "2030-11-06T14:30"),
          ("Africa/Casablanca", "2030-01-03T09:00", "2030-01-10T14:30")]  # fmt: skip


def told(zone: str, local: str, sequence: int, **fields: Any) -> Any:
    starts = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    stamp = m.STAMP + timedelta(hours=sequence)
    return m.event(uid="7@palabre", zone=zone, starts=starts, sequence=sequence, stamp=stamp, **fields)


@PROGRAMS
@pytest.mark.parametrize(("zone", "first", "moved"), PLACES)
def test_it_is_invited_to_moved_and_cancelled(read: Any, zone: str, first: str, moved: str) -> None:
    """Over the night on which clocks are turned, too: nine o'clock is nine o'clock at the place of the meeting."""
    program = Program(read)
    before, after = told(zone, first, 1, location="Ridge"), told(zone, moved, 2, location="Kumasi")
    program.opens(content.request(before))
    assert program.entries["7@palabre"] == Seen(
        "7@palabre", 1, before.stamp, before.starts, "09:00", zone, "CONFIRMED", "Ridge"
    )
    program.opens(content.request(after))
    assert program.entries["7@palabre"] == Seen(
        "7@palabre", 2, after.stamp, after.starts, "14:30", zone, "CONFIRMED", "Kumasi"
    )
    program.opens(content.cancel(replace(after, sequence=3)))
    [last] = program.entries.values()
    assert (last.sequence, last.status, last.starts, program.gone) == (3, "CANCELLED", after.starts, {"7@palabre"})


@PROGRAMS
def test_in_whatever_order_the_mails_come_the_last_one_stands(read: Any) -> None:
    zone, first, moved = PLACES[0]
    after = told(zone, moved, 2)
    mails = [content.request(told(zone, first, 1)), content.request(after), content.cancel(replace(after, sequence=3))]
    for order in ((2, 1, 0), (1, 0, 2), (0, 2, 1), (0, 1, 1, 2, 2)):
        program = Program(read)
        for number in order:
            program.opens(mails[number])
        assert (program.entries["7@palabre"].status, program.gone) == ("CANCELLED", {"7@palabre"})


@PROGRAMS
def test_who_was_taken_off_has_it_no_more_and_may_be_invited_again(read: Any) -> None:
    zone, first, _moved = PLACES[0]
    program = Program(read)
    program.opens(content.request(told(zone, first, 1)))
    program.opens(content.cancel(told(zone, first, 2), [m.AMA]))
    assert (program.gone, program.entries["7@palabre"].status) == ({"7@palabre"}, "")
    program.opens(content.request(told(zone, first, 3)))
    assert (program.gone, program.entries["7@palabre"].status) == (set(), "CONFIRMED")
