"""The only code that writes states and events: create, change, perform. `engine.perform` is this `perform`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from viewflow.fsm import TransitionConditionsUnmet

from . import actors, asks, gates, kinds, texts
from .errors import Conflict, NotPermitted, Unmet
from .events import AS_IT_HAPPENS, HEAD, Telling, append, digest, plain
from .flow import Act, Flow, gates_of, refused_for
from .models import Event, Subject
from .storing import all_or_nothing, check_fields, constraints_in_words, store

__all__ = [
    "AS_IT_HAPPENS", "Change", "Telling", "change", "create", "digest", "events_since", "hold", "lock", "own_tables",
    "perform", "plain",
]  # fmt: skip


def perform(
    flow: Flow,
    transition: str,
    *,
    actor: Any,
    note: str = "",
    version: int | None = None,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Event:
    """Run one transition in one database transaction: lock, re-read, permit, ask, check, run, save, event, outbox.

    `version` is what the person had before them: raises `Conflict` when the subject has moved on since. Raises
    `NotPermitted`, `Incomplete` (answers missing or wrong) or `Unmet` (a condition with its reason) and then changes
    nothing. Mail and live updates follow only after commit.
    """
    actors.afresh(actor)
    with all_or_nothing() as wrote:
        subject = lock(flow.subject)
        if version is not None and subject.version != version:
            raise Conflict(subject, events_since(subject, version))
        act = Act(actor=actor, note=note, wrote=wrote)
        fresh = type(flow)(subject, act)
        found = fresh.find(transition)
        if found is None:
            raise Conflict(subject, events_since(subject, version), _not_from_here(fresh, transition))
        if reason := refused_for(found, fresh, actor):
            raise NotPermitted(reason)
        for gate in gates_of(found):
            gates.hold(gate.name, subject)
        answered = asks.answers(fresh, fresh.asks_of(found), {"note": note, **(data or {})}, files)
        act.data = {k: v for form in answered for k, v in form.cleaned_data.items()}
        act.note = act.data.get("note", "")
        for form in answered:
            act.recorded.update(form.record(act))
        source = str(fresh.state)
        _run(fresh, transition)
        event = append(
            subject,
            transition,
            act,
            source=source,
            target=str(fresh.state),
            telling=telling,
        )
        fresh.follow(event)
    _take_over(flow.subject, subject)
    return event


def _take_over(stale: Subject, fresh: Subject) -> None:
    """Let the caller's object show what was just written, without asking the database again."""
    for column in fresh._meta.concrete_fields:
        setattr(stale, column.attname, getattr(fresh, column.attname))


def _run(flow: Flow, transition: str) -> None:
    flow.performing = True
    try:
        getattr(flow, transition)()
    except TransitionConditionsUnmet as refusal:
        raise Unmet(refusal.unmet_message or str(refusal)) from refusal
    finally:
        flow.performing = False


def _not_from_here(flow: Flow, transition: str) -> str:
    label = type(flow).label_of(transition)
    if not label:
        return _("There is no such action.")
    return _("“%(action)s” is not possible while the stage is “%(state)s”.") % {
        "action": label,
        "state": flow.state.label,
    }


def create(
    subject: Any,
    *,
    actor: Any,
    name: str = "created",
    note: str = "",
    data: dict[str, Any] | None = None,
    telling: Telling = AS_IT_HAPPENS,
    checked: bool = False,
    begins: str = "",
) -> Any:
    """Save a new subject with the first event of its history; it starts in its flow's initial state.

    `begins` names that state where a flow has several to start in.
    `checked` says that the service has looked at every field itself, so that the database's own constraints are enough:
    for what many people write at once.
    """
    flow = kinds.of(subject).flow
    if flow and begins:
        setattr(subject, flow.column(), begins)
    with transaction.atomic():
        texts.check(subject, (f.attname for f in subject._meta.concrete_fields))
        if checked:
            subject.save()
        else:
            store(subject)
        target = str(getattr(subject, flow.column())) if flow else ""
        act = Act(actor=actor, note=note, recorded=data or {})
        append(subject, name, act, target=target, telling=telling, columns=HEAD)
    return subject


def assign(subject: Any, fields: Mapping[str, Any]) -> None:
    """Give the fields of a row these values; whoever calls it saves."""
    for name, value in fields.items():
        setattr(subject, name, value)


def without(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The fields but these: what comes by another way, or stays."""
    return {name: value for name, value in fields.items() if name not in names}


@dataclass
class Change:
    """A subject being changed, locked and re-read; `data` goes into the event beside the differences."""

    subject: Any
    data: dict[str, Any] = field(default_factory=dict)
    always: bool = False  # record the event although no field of the subject itself differs

    def assign(self, fields: Mapping[str, Any]) -> None:
        assign(self.subject, fields)


@contextmanager
def change(
    subject: Any,
    name: str,
    *,
    actor: Any,
    note: str = "",
    version: int | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Iterator[Change]:
    """Change a subject's fields, or rows that hang on it, with one event that tells what differs.

    Nothing is recorded when nothing differs, unless `always` or `data` is set. Raises `Conflict` on a stale
    `version`, and refuses to touch the state: that is `perform`'s.
    """
    kind = kinds.of(subject)
    with transaction.atomic():
        fresh = lock(subject)
        if version is not None and fresh.version != version:
            raise Conflict(fresh, events_since(fresh, version))
        before = _values(fresh)
        changing = Change(fresh)
        yield changing
        after = _values(fresh)
        differing = {k: [old, after[k]] for k, old in before.items() if after[k] != old}
        differences = {k: told for k, told in differing.items() if k not in fresh.not_told}
        if kind.flow and kind.flow.column() in differences:
            raise RuntimeError("only engine.perform changes a state")
        if differences or changing.data or changing.always:
            recorded = {**changing.data, **({"changed": differences} if differences else {})}
            act = Act(actor=actor, note=note, recorded=recorded)
            if differing:
                check_fields(fresh)
                texts.check(fresh, differences)
                with constraints_in_words(fresh):
                    append(fresh, name, act, telling=telling)
            else:
                append(fresh, name, act, telling=telling, columns=HEAD)
    if differing:
        subject.refresh_from_db()
    else:
        _become(subject, fresh)


def _become(subject: Any, fresh: Any) -> None:
    """`refresh_from_db` without asking again, for a row that is as it was read under the lock but for its head."""
    for column in subject._meta.concrete_fields:
        setattr(subject, column.attname, getattr(fresh, column.attname))
    for relation in subject._meta.related_objects:
        if relation.is_cached(subject):
            relation.delete_cached_value(subject)
    subject._prefetched_objects_cache = {}


def lock(subject: Any) -> Any:
    """The subject re-read under a row lock, held until the transaction ends.

    Related objects that the caller had at hand are kept where the row still points to them. Others may point to the
    row meanwhile (no key of it changes): two that point at each other at once would else wait for each other for ever.
    """
    model = type(subject)
    fresh = model._base_manager.select_for_update(of=own_tables(model), no_key=True).get(pk=subject.pk)
    for name, related in subject._state.fields_cache.items():
        link = getattr(getattr(model, name), "field", None)  # None for what a model keeps there of its own
        if link is not None and related is not None and getattr(fresh, link.attname) == related.pk:
            fresh._state.fields_cache[name] = related
    return fresh


def own_tables(model: type[models.Model], path: str = "") -> tuple[str, ...]:
    """What `select_for_update(of=…)` calls the tables that a row is spread over: its own and those it inherits from.

    A table that is not locked is read as it was before the lock was waited for.
    """
    found = [] if path else ["self"]
    for link in model._meta.parents.values():
        if link is not None and link.model is model:
            name = f"{path}{link.name}"
            parent: Any = link.related_model
            found += [name, *own_tables(parent, f"{name}__")]
    return tuple(found)


def hold(name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the transaction ends.

    SQLite needs nothing: its immediate transactions stand in one line anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def events_since(subject: Subject, version: int | None) -> list[Event]:
    """What happened after `version`; only the last event when the person brought no version."""
    events = Event.objects.filter(subject_kind=kinds.of(subject).name, subject_id=subject.pk)
    after = subject.version - 1 if version is None else version
    return list(events.filter(sequence__gt=after).order_by("sequence"))


_NOT_COMPARED = {"version", "head"}


def _values(subject: Subject) -> dict[str, Any]:
    return {
        f.attname: plain(f.value_from_object(subject))
        for f in subject._meta.concrete_fields
        if f.name not in _NOT_COMPARED
    }
