"""A feed of a thousand meetings: against bare `icalendar` output of the same events, and its 304 answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

MEETINGS = 1000
TIMES = 1  # in each turn: one reading takes a good part of a second


def feeds(in_turns: Callable[..., tuple[float, float, float]]) -> dict[str, Any]:
    """The content alone, then the whole answer with what it asks the database, then the answer that nothing changed.

    The floor of all three is `icalendar` writing the same thousand events: it asks no database, nor who may know what.
    """
    from django.test import Client
    from django.urls import reverse

    from meetings.calendar import content
    from meetings.scheduling import subscriptions

    link, secret = _world()
    events = subscriptions.events_of(link)
    assert len(events) == MEETINGS
    path, reader = reverse("calendar-feed", args=[secret]), Client(headers={"host": "localhost"})
    answer = reader.get(path)
    assert answer.content.count(b"BEGIN:VEVENT") == MEETINGS

    def bare() -> None:
        assert _bare(events).count(b"BEGIN:VEVENT") == MEETINGS

    def written() -> None:
        content.feed("All", events, refresh=subscriptions.REFRESH)

    def read() -> None:
        assert reader.get(path).status_code == 200

    def unchanged() -> None:
        assert reader.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304

    told: dict[str, Any] = {"meetings": MEETINGS, "bytes": len(answer.content)}
    for name, work in (("written", written), ("read", read), ("unchanged", unchanged)):
        rate, floor, ratio = in_turns(work, bare, TIMES)
        told[name] = {"ms": round(1000 / rate), "floor": round(1000 / floor), "times": round(1 / ratio, 2)}
    return told


def table(results: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Lines of the page, for each database by its name."""
    lines = [
        "",
        "| a feed of 1,000 meetings | database | milliseconds | bare `icalendar` | times |",
        "|---|---|---|---|---|",
    ]
    for name, told in results:
        for kind, words in (("written", "written"), ("read", "asked for and sent"), ("unchanged", "answered with 304")):
            row = told[kind]
            lines.append(f"| {words} | {name} | {row['ms']} | {row['floor']} | {row['times']:.2f} |")
    return lines


def _world() -> tuple[Any, str]:
    """A TWG with a thousand meetings in two zones, and its member's link to their calendar."""
    from meetings.scheduling import subscriptions
    from meetings.scheduling.models import Meeting
    from tests.meetings.scheduling import making as m

    house = m.house(1)
    begins = datetime(2020, 1, 6, 9, tzinfo=UTC)
    for number in range(MEETINGS):
        starts = begins + timedelta(days=3 * number)
        made = Meeting(
            twg=house.twg, titles={"en": f"Meeting {number}", "fr": f"Réunion {number}"}, place="Ridge, Accra",
            descriptions={"en": "Sources of data; the census, and what it lacks."}, starts_at=starts,
            ends_at=starts + timedelta(hours=3), zone=("Africa/Accra", "Europe/Paris")[number % 2],
        )  # fmt: skip
        m.engine.create(made, actor=None, begins="scheduled")
    return subscriptions.make(house.members[0], twg=house.twg)


def _bare(events: Any) -> bytes:
    """As the library's own handbook does it, with the same lines for each event."""
    import icalendar

    made = icalendar.Calendar()
    made.add("prodid", "-//Floor//EN")
    made.add("version", "2.0")
    for event in events:
        entry = icalendar.Event()
        for name, value in (
            ("uid", event.uid), ("dtstamp", event.stamp), ("dtstart", event.starts), ("dtend", event.ends),
            ("summary", event.summary), ("description", event.description), ("location", event.location),
            ("url", event.url), ("categories", list(event.categories)), ("status", event.status),
            ("sequence", event.sequence), ("last-modified", event.modified), ("class", "PUBLIC"),
            ("transp", "OPAQUE"),
        ):  # fmt: skip
            entry.add(name, value)
        made.add_component(entry)
    return made.to_ical()
