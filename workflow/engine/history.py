"""Reading history: a subject's events, the audit export, and the proof that nobody has rewritten it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from . import kinds, triggers
from .models import Event
from .services import digest


def events_of(subject: Any) -> QuerySet[Event]:
    """A subject's events, the first one first."""
    return Event.objects.filter(subject_kind=kinds.of(subject).name, subject_id=subject.pk).order_by("sequence")


@dataclass(frozen=True)
class Break:
    """Where a chain is broken, and how."""

    subject: str
    sequence: int | None
    why: str


@dataclass
class Verdict:
    """What a verification read. `digest` is one SHA-256 over every chain's head: keep it elsewhere, compare later.

    `broken` is the first break in what is recorded, so that missing triggers never hide what was done without them;
    where nothing else is broken, it is the missing triggers themselves (`guarded` is False).
    """

    subjects: int = 0
    events: int = 0
    digest: str = ""
    broken: Break | None = None
    guarded: bool = True


_checks: dict[str, Callable[[], Break | None]] = {}


def check(name: str) -> Callable[[Callable[[], Break | None]], Callable[[], Break | None]]:
    """A room proves what its events only hold the hash of: texts, files. The function gives the first break."""

    def put(function: Callable[[], Break | None]) -> Callable[[], Break | None]:
        _checks[name] = function
        return function

    return put


@dataclass(frozen=True)
class Stated:
    """What a subject's own columns say: how many events it has, the last one's hash, and the state they lead to."""

    version: int
    head: str
    state: str | None  # None for a kind without states


Key = tuple[str, int]


def verify() -> Verdict:
    """Walk every chain, compare it with the subjects' own columns, ask the rooms; stops at the first break.

    Subjects are read before events. Whatever is written meanwhile adds events and alters none, so that it is neither
    waited for nor taken for a break. Events pass one by one; only the subjects' columns are kept.
    """
    verdict = Verdict(guarded=triggers.installed(connection))
    heads = hashlib.sha256()
    subjects, unknown = _subjects(), {}  # type: dict[Key, Stated], dict[Key, int]
    for (kind, pk), events in _chains():
        stated = subjects.pop((kind, pk), None)
        last, count, verdict.broken = _walk(f"{kind}:{pk}", events, stated)
        verdict.events += count
        if verdict.broken:
            break
        verdict.subjects += 1
        heads.update(f"{kind}:{pk}:{last.sequence}:{last.hash}\n".encode())
        if stated is None:
            unknown[kind, pk] = last.sequence
    verdict.broken = verdict.broken or _deleted(unknown) or _without_history(subjects)
    for prove in _checks.values():
        verdict.broken = verdict.broken or prove()
    if not verdict.broken and not verdict.guarded:
        verdict.broken = Break("database", None, "the triggers that protect history are missing")
    verdict.digest = heads.hexdigest()
    return verdict


def _subjects() -> dict[Key, Stated]:
    found = {}
    for kind in kinds.all_kinds():
        columns = ("pk", "version", "head", *((kind.flow.column(),) if kind.flow else ()))
        rows = kind.model._base_manager.order_by("pk").values_list(*columns)
        for pk, version, head, *state in rows.iterator(chunk_size=2000):
            found[kind.name, pk] = Stated(version, head, *(state or [None]))
    return found


def _chains() -> Iterator[tuple[Key, Iterator[Event]]]:
    events = Event.objects.order_by("subject_kind", "subject_id", "sequence").iterator(chunk_size=2000)
    return groupby(events, key=lambda event: (event.subject_kind, event.subject_id))


def _walk(name: str, events: Iterator[Event], stated: Stated | None) -> tuple[Event, int, Break | None]:
    """One chain up to its end or its first break: the last event read, how many that were, and the break."""
    event, number, reached, previous, state = Event(), 0, None, "", ""  # type: Event, int, Stated | None, str, str
    for number, event in enumerate(events, start=1):
        if why := _wrong(event, number, previous, state):
            return event, number, Break(name, number, why)
        previous, state = event.hash, event.to_state or state
        if stated and number == stated.version:
            reached = Stated(number, event.hash, None if stated.state is None else state)
    if stated is None or reached == stated:
        return event, number, None
    if reached and reached.head == stated.head:
        return event, number, Break(name, stated.version, "the subject's state is not the one its history leads to")
    return event, number, Break(name, number, "the subject's version and head are not those of its last event")


def _wrong(event: Event, number: int, previous: str, state: str) -> str:
    if event.sequence != number:
        return f"event {number} is missing: the next one is {event.sequence}"
    if event.previous != previous:
        return "it does not follow from the event before it"
    if event.hash != digest(event):
        return "its content is not what was recorded"
    if event.from_state and event.from_state != state:
        return f"it leaves {event.from_state} but the subject was in {state}"
    return ""


def _deleted(unknown: dict[Key, int]) -> Break | None:
    """Of chains whose subject was not there before: it has come since, or is gone."""
    for kind_name, pk in sorted(unknown):
        kind = kinds.get(kind_name)
        if kind is None or not kind.model._base_manager.filter(pk=pk).exists():
            return Break(f"{kind_name}:{pk}", unknown[kind_name, pk], "the subject itself has been deleted")
    return None


def _without_history(subjects: dict[Key, Stated]) -> Break | None:
    first = next(iter(subjects), None)
    return Break(f"{first[0]}:{first[1]}", None, "the subject has no history") if first else None
