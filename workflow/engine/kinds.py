"""The kinds of subject: what lets generic pages, the API, sockets and the sweep treat all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from .models import Event, Subject

if TYPE_CHECKING:
    from .flow import Flow
    from .notices import Notice

Text = str | Promise


@dataclass(frozen=True)
class SubjectKind:
    """How one model takes part in the engine.

    `visible_to(person)` gives the rows whose page the person may open; `internal_to(person)` those whose history,
    live updates and notifications they may follow. `events` names what is recorded besides transitions.
    """

    name: str
    model: type[Subject]
    label: Text
    visible_to: Callable[[Any], QuerySet[Any]]
    internal_to: Callable[[Any], QuerySet[Any]]
    url: Callable[[Any], str]
    flow: type[Flow] | None = None
    events: Mapping[str, Text] = field(default_factory=dict)
    # Which event is told by mail, to whom (see notices.py); None means that this one is not.
    notice: Callable[[Any, Event], Notice | None] | None = None
    # What its mails say to one person besides the usual; asked at the moment of sending, may raise `outbox.Dropped`.
    mail_words: Callable[[Any, Event, Any], Mapping[str, Any]] | None = None

    def event_label(self, name: str) -> Text:
        """The reader's words for an event of this kind."""
        if self.flow and (label := self.flow.label_of(name)):
            return label
        return self.events.get(name, name.replace("_", " "))

    def state_label(self, value: str) -> Text:
        if not value or not self.flow:
            return value
        choices = self.flow.states()
        return choices(value).label if value in choices.values else value


_kinds: dict[str, SubjectKind] = {}
_by_model: dict[type[Subject], SubjectKind] = {}


def register(kind: SubjectKind) -> SubjectKind:
    """Called once by each room, from the app's `ready`."""
    if kind.name in _kinds and _kinds[kind.name].model is not kind.model:
        raise ValueError(f"two kinds of subject are named {kind.name}")
    _kinds[kind.name] = kind
    _by_model[kind.model] = kind
    return kind


def get(name: str) -> SubjectKind | None:
    return _kinds.get(name)


def of(subject: Subject) -> SubjectKind:
    """The kind of a subject; KeyError when its room has not registered it."""
    return _by_model[type(subject)]


def all_kinds() -> Iterable[SubjectKind]:
    return _kinds.values()
