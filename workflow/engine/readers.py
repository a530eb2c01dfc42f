"""Events as one reader may read them: a name is shown to those who may see the person behind it, and to no one else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from . import kinds, selectors
from .models import Event
from .selectors import Line


def names_open(events: Iterable[Event], reader: Any) -> set[int]:
    """Which of the events (their ids) may show the reader who acted.

    Palabre itself and administrators hold no seat, so theirs are open to whoever reads the event at all.
    """
    known = list(events)
    actors = {e.actor_id for e in known if e.actor_id is not None}
    people = kinds.get("person")
    seen = {reader.pk} if getattr(reader, "pk", None) else set()
    if people is not None and actors - seen:
        seen |= set(people.visible_to(reader).filter(pk__in=actors).values_list("pk", flat=True))
    return {e.pk for e in known if e.actor_id is None or e.actor_id in seen or e.capacity == "administrator"}


def lines_for(events: Sequence[Event], reader: Any) -> list[Line]:
    """The events in the reader's words, with the names that are theirs to read."""
    names = names_open(events, reader)
    return [
        line if event.pk in names else replace(line, actor_name=_("Somebody"))
        for event, line in ((event, selectors.line(event)) for event in events)
    ]
