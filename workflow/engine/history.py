"""Reading history: a subject's events, the audit export, and the proof that nobody has rewritten it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


def verify() -> Verdict:
    """Walk every chain, compare it with the subjects' own columns, ask the rooms; stops at the first break."""
    verdict = Verdict(guarded=triggers.installed(connection))
    heads = hashlib.sha256()
    known: dict[tuple[str, int], Event] = {}
    for events in _chains():
        last, verdict.broken = _verify_chain(events)
        verdict.events += len(events)
        if verdict.broken:
            break
        known[last.subject_kind, last.subject_id] = last
        heads.update(f"{last.subject_kind}:{last.subject_id}:{last.sequence}:{last.hash}\n".encode())
    verdict.broken = verdict.broken or _verify_subjects(known)
    for prove in _checks.values():
        verdict.broken = verdict.broken or prove()
    if not verdict.broken and not verdict.guarded:
        verdict.broken = Break("database", None, "the triggers that protect history are missing")
    verdict.subjects = len(known)
    verdict.digest = heads.hexdigest()
    return verdict


def _chains() -> Iterator[list[Event]]:
    chain: list[Event] = []
    for event in Event.objects.order_by("subject_kind", "subject_id", "sequence").iterator(chunk_size=2000):
        if chain and (event.subject_kind, event.subject_id) != (chain[0].subject_kind, chain[0].subject_id):
            yield chain
            chain = []
        chain.append(event)
    if chain:
        yield chain


def _verify_chain(events: list[Event]) -> tuple[Event, Break | None]:
    previous, state = "", ""
    for number, event in enumerate(events, start=1):
        name = f"{event.subject_kind}:{event.subject_id}"
        if event.sequence != number:
            return event, Break(name, number, f"event {number} is missing: the next one is {event.sequence}")
        if event.previous != previous:
            return event, Break(name, number, "it does not follow from the event before it")
        if event.hash != digest(event):
            return event, Break(name, number, "its content is not what was recorded")
        if event.from_state and event.from_state != state:
            return event, Break(name, number, f"it leaves {event.from_state} but the subject was in {state}")
        previous, state = event.hash, event.to_state or state
    return events[-1], None


def _verify_subjects(known: dict[tuple[str, int], Event]) -> Break | None:
    """The subjects' own columns must be what their last events say, and every subject must have a history."""
    remaining = set(known)
    for kind in kinds.all_kinds():
        states = _last_states(kind.name) if kind.flow else {}
        for subject in kind.model._base_manager.order_by("pk").iterator(chunk_size=2000):
            name = f"{kind.name}:{subject.pk}"
            last = known.get((kind.name, subject.pk))
            if last is None:
                return Break(name, None, "the subject has no history")
            remaining.discard((kind.name, subject.pk))
            if (subject.version, subject.head) != (last.sequence, last.hash):
                return Break(name, last.sequence, "the subject's version and head are not those of its last event")
            if kind.flow and getattr(subject, kind.flow.column()) != states.get(subject.pk):
                return Break(name, last.sequence, "the subject's state is not the one its history leads to")
    for kind_name, pk in sorted(remaining):
        return Break(f"{kind_name}:{pk}", known[kind_name, pk].sequence, "the subject itself has been deleted")
    return None


def _last_states(kind: str) -> dict[int, str]:
    events = Event.objects.filter(subject_kind=kind).exclude(to_state="").order_by("sequence")
    return dict(events.values_list("subject_id", "to_state"))
