"""The one idiom for a life cycle: a class on `viewflow.fsm.State` that only `engine.perform` may run.

A room's `flow.py` reads like this::

    class EditionFlow(Flow):
        state = SubjectState(Stage, column="stage")

        @state.transition(source=Stage.DRAFTING, target=Stage.COMMENT, label=_("Submit the draft"),
                          permission=secretariat | consultant, conditions=[has_text], custom=asks("reason"))
        def submit_draft(self) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State, Transition

from . import gates
from .models import Event, Subject
from .storing import Wrote

Text = str | Promise
Condition = Callable[["Flow"], State.CONDITION]


class SubjectState(State):
    """A state slot kept in a column of the subject; writable only while `engine.perform` runs a transition."""

    def __init__(self, states: type[TextChoices], column: str = "state") -> None:
        super().__init__(states)
        self.choices = states
        self.column = column

    def get(self, flow: Flow) -> Any:
        return self.choices(getattr(flow.subject, self.column))

    def set(self, flow: Flow, value: Any) -> None:
        if not flow.performing:
            raise RuntimeError("only engine.perform changes a state")
        setattr(flow.subject, self.column, self.choices(value).value)


def asks(*names: str, kind: str = "forward", help: Text = "") -> dict[str, Any]:
    """A transition's `custom`: what it asks for (see asks.py), and whether it leads forward, back or out."""
    return {"asks": names, "kind": kind, "help": help}


@dataclass
class Act:
    """What the person who presses the button brings along."""

    actor: Any = None
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)  # cleaned answers to what the transition asks
    recorded: dict[str, Any] = field(default_factory=dict)  # what the event will carry
    offering: bool = False  # only listing what could be done: what is asked for may still come
    wrote: Wrote = lambda file: None  # told of each file that is written, which goes again if the act fails


class Flow:
    """A subject's life cycle. `act` is the transition being made or offered."""

    state: ClassVar[SubjectState]

    def __init__(self, subject: Any, act: Act | None = None) -> None:
        self.subject = subject
        self.act = act or Act()
        self.performing = False
        self.gates: dict[str, gates.Answer] = {}  # asked once, however often a page shows what they say

    def follow(self, event: Event) -> None:
        """What follows a transition in its own transaction, once subject and event are saved."""

    @classmethod
    def column(cls) -> str:
        return cls.state.column

    @classmethod
    def states(cls) -> type[TextChoices]:
        return cls.state.choices

    @classmethod
    def transitions(cls) -> Iterator[Transition]:
        """Every transition, once per source state, in the order in which the class declares them."""
        declared = {
            name: number for number, name in enumerate(name for owner in reversed(cls.__mro__) for name in vars(owner))
        }
        found = [t for many in cls.state.get_transitions().values() for t in many]
        yield from sorted(found, key=lambda t: declared[t.slug])

    @classmethod
    def label_of(cls, name: str) -> Text:
        return next((t.label for t in cls.transitions() if t.slug == name), "")

    def outgoing(self) -> list[Transition]:
        """The transitions that leave the subject's state."""
        current = self.state
        return [t for t in type(self).transitions() if t.source == current or t.source is State.ANY]

    def find(self, name: str) -> Transition | None:
        return next((t for t in self.outgoing() if t.slug == name), None)

    def asks_of(self, transition: Transition) -> tuple[str, ...]:
        """What this transition asks for now: its own questions, and a recorded decision where a gate is closed."""
        wanted = tuple(transition.custom.get("asks", ()))
        closed = [answer for gate in gates_of(transition) if not (answer := gate.answer(self))]
        if any(not answer.parts for answer in closed):
            wanted += ("decision",)
        elif closed:
            wanted += ("decision_if_any",)
        return wanted


class Gate:
    """A condition that another floor answers, or a decision recorded with the transition answers instead."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.__name__ = name

    def answer(self, flow: Flow) -> gates.Answer:
        if self.name not in flow.gates:
            flow.gates[self.name] = gates.ask(self.name, flow.subject).told_to(flow.act.actor)
        return flow.gates[self.name]

    def __call__(self, flow: Flow) -> State.CONDITION:
        # What is only offered may still be answered by a decision: the answer would be asked for in vain.
        if flow.act.offering or flow.act.recorded.get("decision"):
            return State.CONDITION(True)
        answer = self.answer(flow)
        if answer or _excused(answer, flow.act.recorded.get("missing", {})):
            return State.CONDITION(True)
        return State.CONDITION(
            False, str(format_lazy(_("{reason} Or record the decision taken outside."), reason=answer.reason))
        )


def _excused(answer: gates.Answer, reasons: Mapping[str, str]) -> bool:
    """Whether each part that is missing has a reason, recorded with the transition."""
    return bool(answer.parts) and all(reasons.get(part.name) for part in answer.missing)


def gates_of(transition: Transition) -> list[Gate]:
    return [c for c in transition.conditions if isinstance(c, Gate)]


def unmet(reason: Text) -> State.CONDITION:
    """A condition that does not hold, and why, in the reader's words."""
    return State.CONDITION(False, str(reason))


MET = State.CONDITION(True)


def refused_for(transition: Transition, flow: Flow, person: Any) -> Text:
    """Why `person` may not run the transition; empty when they may."""
    if transition.has_perm(flow, person):
        return ""
    told = getattr(transition.permission, "told_of", None)
    who = told(flow.subject) if told else ""
    return format_lazy(_("This is for {who}."), who=who) if who else _("This is not yours to do.")


def unmet_reason(transition: Transition, flow: Flow) -> Text:
    """Why the transition can't run now; empty when every condition holds."""
    failed = transition.get_unmet_condition(flow)
    return failed[1].message if failed else ""


def subject_state(subject: Subject, flow: type[Flow]) -> str:
    return str(getattr(subject, flow.column()))
