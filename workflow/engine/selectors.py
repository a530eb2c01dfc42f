"""What generic pages and the API read: what can be done next and why not, and history in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise

from . import history, kinds
from .flow import Act, Flow, gates_of, refused_for, unmet_reason
from .models import Event

Text = str | Promise


@dataclass(frozen=True)
class Action:
    """One transition that leaves the subject's state, as the person may or may not use it."""

    name: str
    label: Text
    url: str
    allowed: bool
    reason: Text  # why not; empty when allowed
    kind: str  # forward, back or out
    help: Text
    asks: tuple[str, ...]
    hint: Text  # what a closed gate says, when a recorded decision would answer it
    target: str
    foremost: bool = False  # the one step that most people take from here

    @property
    def primary(self) -> bool:
        return self.allowed and self.kind == "forward"


def actions(subject: Any, person: Any) -> list[Action]:
    """All transitions from here, the forward ones first; refused ones carry their reason.

    The first that goes forward is the foremost, unless it could only be recorded as decided elsewhere: then what opens
    its gate comes first, and stands somewhere else on the page.
    """
    kind = kinds.of(subject)
    if kind.flow is None:
        return []
    flow = kind.flow(subject, Act(actor=person, offering=True))
    found = [_action(flow, transition, person) for transition in flow.outgoing()]
    found.sort(key=lambda a: ("forward", "back", "out").index(a.kind))
    foremost = next((a for a in found if a.primary), None)
    return [replace(a, foremost=a is foremost and not a.hint) for a in found]


def _action(flow: Flow, transition: Any, person: Any) -> Action:
    kind = kinds.of(flow.subject)
    refusal = refused_for(transition, flow, person) or unmet_reason(transition, flow)
    closed = [gate.answer(flow) for gate in gates_of(transition)]
    return Action(
        name=transition.slug,
        label=transition.label,
        url=reverse("act", args=[kind.name, flow.subject.pk, transition.slug]),
        allowed=not refusal,
        reason=refusal,
        kind=transition.custom.get("kind", "forward"),
        help=transition.custom.get("help", ""),
        asks=flow.asks_of(transition),
        hint=next((a.reason for a in closed if not a), ""),
        target=str(transition.target),
    )


@dataclass(frozen=True)
class Line:
    """One event in the reader's language."""

    sequence: int
    name: str
    label: Text
    actor_name: str
    institution: str
    capacity: str
    at: datetime
    occurred: str
    from_label: Text
    to_label: Text
    note: str
    data: dict[str, Any]
    hash: str


def line(event: Event) -> Line:
    kind = kinds.get(event.subject_kind)
    label: Text = kind.event_label(event.name) if kind else event.name
    return Line(
        sequence=event.sequence,
        name=event.name,
        label=label,
        actor_name=event.actor_name,
        institution=event.institution,
        capacity=event.capacity,
        at=event.at,
        occurred=event.occurred,
        from_label=kind.state_label(event.from_state) if kind else event.from_state,
        to_label=kind.state_label(event.to_state) if kind else event.to_state,
        note=event.note,
        data=event.data,
        hash=event.hash,
    )


def lines(subject: Any, *, newest_first: bool = True, limit: int | None = None) -> list[Line]:
    """A subject's history in the reader's language."""
    events: Iterable[Event] = history.events_of(subject).order_by("-sequence" if newest_first else "sequence")[:limit]
    return [line(event) for event in events]


def subject_or_404(kind_name: str, pk: int, person: Any, *, internal: bool = False) -> Any:
    """The subject if the person may see it (from the inside, where asked); 404 in every other case."""
    kind = kinds.get(kind_name)
    allowed = (kind.internal_to if internal else kind.visible_to)(person) if kind else None
    subject = allowed.filter(pk=pk).first() if allowed is not None else None
    if subject is None:
        raise Http404
    return subject
