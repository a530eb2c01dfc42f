"""Events as one reader may read them: a name is shown to those who may see the person behind it, and to no one else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from . import history, kinds, selectors
from .models import Event
from .selectors import Line
from .together import Listing, Wanted


def names_open(events: Iterable[Event], reader: Any, seen: Iterable[int] | None = None) -> set[int]:
    """Which of the events (their ids) may show the reader who acted; `seen` are the actors known to be visible.

    Palabre itself and administrators hold no seat, so theirs are open to whoever reads the event at all.
    """
    known = list(events)
    if seen is None:
        seen = _visible_actors({e.actor_id for e in known}, reader)
    readable = {*seen, getattr(reader, "pk", None)}
    return {e.pk for e in known if e.actor_id is None or e.actor_id in readable or e.capacity == "administrator"}


def _visible_actors(actors: set[int | None], reader: Any) -> set[int]:
    people = kinds.get("person")
    asked = actors - {None, getattr(reader, "pk", None)}
    if people is None or not asked:
        return set()
    return set(people.visible_to(reader).filter(pk__in=asked).values_list("pk", flat=True))


def lines_for(events: Sequence[Event], reader: Any, seen: Iterable[int] | None = None) -> list[Line]:
    """The events in the reader's words, with the names that are theirs to read."""
    names = names_open(events, reader, seen)
    return [
        line if event.pk in names else replace(line, actor_name=_("Somebody"))
        for event, line in ((event, selectors.line(event)) for event in events)
    ]


LINE = (
    "subject_kind", "sequence", "name", "actor", "actor_name", "institution", "capacity", "at", "occurred",
    "from_state", "to_state", "note", "data", "hash",
)  # fmt: skip


def last_wanted(subject: Any, reader: Any, count: int) -> Wanted[list[Line]]:
    """A subject's last events in the reader's words, to be read together with other lists."""
    return Wanted(last_listings(subject, reader, count), lambda found: last_lines(found, reader))


def last_listings(subject: Any, reader: Any, count: int) -> dict[str, Listing]:
    """A subject's last events and who of their actors the reader may see, to be read together with other lists."""
    last = history.events_of(subject).filter(sequence__gt=subject.version - count)
    people: Any = kinds.get("person")
    return {
        "events": Listing(last.order_by("-sequence"), *LINE),
        "actors": Listing(people.visible_to(reader).filter(pk__in=last.values("actor"))),
    }


def last_lines(found: Mapping[str, list[Any]], reader: Any) -> list[Line]:
    """What `last_listings` found, in the reader's words."""
    return lines_for(found["events"], reader, [actor.pk for actor in found["actors"]])
