"""The lives of a data plan, of its actions, of what pays for them, and of what a task force delivers (S14, S23-S27)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.fsm import State

from workflow.engine import live
from workflow.engine.flow import MET, Flow, Gate, SubjectState, asks, unmet
from workflow.engine.gates import declare
from workflow.engine.models import Event
from workflow.groups.access import Rule, chair, iom, seats, secretariat

from . import reporting
from .models import CommitmentStatus, DataActionState, OutputState, PlanState

KEEPERS = chair | secretariat | iom
DATA_PLAN_ENDORSED = declare("data_plan_endorsed", _("No ballot of the TWG has endorsed this data plan."))
PLANNED, IN_PROGRESS, BLOCKED, DONE, DROPPED = DataActionState


# -- who --------------------------------------------------------------------------------------------------


def leads(action: Any, person: Any) -> bool:
    """Whether the person sits for the institution that leads the action, in its task force perhaps."""
    return seats(person).speaks_for(action.lead_id, action.twg, action.task_force_id)


def runs_task_force(action: Any, person: Any) -> bool:
    """Whether the person is the chair or the secretariat of the task force at work on the action (S24)."""
    return action.task_force is not None and seats(person).holds(("chair", "secretariat"), action.task_force)


lead_institution = Rule(leads, _("the lead institution"))
task_force = Rule(runs_task_force, _("the chair or the secretariat of the task force"))
REPORTING = lead_institution | task_force | KEEPERS
by_successor = Rule(lambda about, person: False, _("the data plan that follows it"))


# -- the plan ---------------------------------------------------------------------------------------------


class PlanFlow(Flow):
    state = SubjectState(PlanState)

    @state.transition(
        source=PlanState.DRAFT, target=PlanState.IN_FORCE, label=_("Endorse the data plan"), permission=KEEPERS,
        conditions=[Gate(DATA_PLAN_ENDORSED)],
        custom=asks(help=_("It comes into force; the one before gives way, and its unfinished actions go on here.")),
    )  # fmt: skip
    def endorse(self) -> None:
        """S14: by ballot, or by a decision taken outside."""
        from . import succeeding

        succeeding.bring_into_force(self)

    @state.transition(
        source=PlanState.IN_FORCE, target=PlanState.SUPERSEDED, label=_("Supersede"), permission=by_successor,
        custom=asks("reason", kind="out", help=_("Another data plan is endorsed.")),
    )  # fmt: skip
    def supersede(self) -> None:
        """S14: one plan in force; it stays readable."""

    @state.transition(
        source=[PlanState.DRAFT, PlanState.IN_FORCE], target=PlanState.WITHDRAWN, label=_("Set aside"),
        permission=KEEPERS, custom=asks("reason", kind="out", help=_("A data plan set aside stays readable.")),
    )  # fmt: skip
    def set_aside(self) -> None:
        """For a draft that is given up, or a plan that no longer holds."""


# -- actions ----------------------------------------------------------------------------------------------


def plan_stands(flow: Flow) -> State.CONDITION:
    """What is over with its plan is not taken up again."""
    return MET if flow.subject.plan.stands else unmet(_("Its data plan holds no longer."))


class ActionFlow(Flow):
    state = SubjectState(DataActionState)

    @state.transition(
        source=PLANNED, target=IN_PROGRESS, label=pgettext_lazy("button", "Start"), permission=REPORTING,
        conditions=[plan_stands], custom=asks(help=_("Somebody is at work on it.")),
    )  # fmt: skip
    def start(self) -> None:
        """S23: begun."""

    @state.transition(
        source=BLOCKED, target=BLOCKED, label=_("Report progress"), permission=REPORTING,
        custom=asks("data_progress", help=_("Still blocked, but something was done.")),
    )  # fmt: skip
    @state.transition(
        source=[PLANNED, IN_PROGRESS], target=IN_PROGRESS, label=_("Report progress"), permission=REPORTING,
        custom=asks("data_progress", help=_("In per cent and in words; earlier reports stay as they are.")),
    )  # fmt: skip
    def report(self) -> None:
        """S14: how far it is, by those who know."""
        reporting.keep(self)

    @state.transition(
        source=[PLANNED, IN_PROGRESS], target=BLOCKED, label=_("It is blocked"), permission=REPORTING,
        custom=asks("reason", kind="back", help=_("Say what it waits for; those who run the TWG are told.")),
    )  # fmt: skip
    def block(self) -> None:
        """With why."""
        self.subject.blocked_by = self.act.note

    @state.transition(
        source=BLOCKED, target=IN_PROGRESS, label=_("It goes on"), permission=REPORTING,
        custom=asks(help=_("What blocked it is out of the way.")),
    )  # fmt: skip
    def resume(self) -> None:
        """Blocked no more."""
        self.subject.blocked_by = ""

    @state.transition(
        source=[PLANNED, IN_PROGRESS, BLOCKED], target=DONE, label=pgettext_lazy("action", "It is done"),
        permission=REPORTING, custom=asks("data_done", help=_("What was planned is there.")),
    )  # fmt: skip
    def finish(self) -> None:
        """S14: done, with the date as far as it is known."""
        reporting.keep(self, done=True)
        self.subject.blocked_by = ""
        self.subject.done_on = self.act.data.get("done_on") or self.subject.today.isoformat()

    @state.transition(
        source=[PLANNED, IN_PROGRESS, BLOCKED], target=DROPPED, label=_("Drop it"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("It is not done any more; what was reported stays.")),
    )  # fmt: skip
    def drop(self) -> None:
        """Given up, with the reason."""
        self.subject.blocked_by = ""

    @state.transition(
        source=[DONE, DROPPED], target=IN_PROGRESS, label=_("Take it up again"), permission=KEEPERS,
        conditions=[plan_stands], custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was not done after all, or is wanted again."""
        self.subject.done_on = ""

    def follow(self, event: Event) -> None:
        """Whoever has the plan open sees it change."""
        live.pulse("data_plan", self.subject.plan_id)


# -- money ------------------------------------------------------------------------------------------------


def amount_known(flow: Flow) -> State.CONDITION:
    """What is approved or paid out is counted; what is announced may not be (S26)."""
    return MET if flow.subject.amount is not None else unmet(_("Say first how much, and in which currency."))


class CommitmentFlow(Flow):
    state = SubjectState(CommitmentStatus, column="status")

    @state.transition(
        source=CommitmentStatus.ANNOUNCED, target=CommitmentStatus.REQUESTED, label=_("It is requested"),
        permission=KEEPERS, custom=asks(help=_("It stands in a budget that was asked for.")),
    )  # fmt: skip
    def request(self) -> None:
        """S26: asked for."""

    @state.transition(
        source=[CommitmentStatus.ANNOUNCED, CommitmentStatus.REQUESTED], target=CommitmentStatus.APPROVED,
        label=_("It is approved"), permission=KEEPERS, conditions=[amount_known],
        custom=asks(help=_("Whoever decides on the budget has agreed.")),
    )  # fmt: skip
    def approve(self) -> None:
        """S26: voted, signed or granted."""

    @state.transition(
        source=CommitmentStatus.APPROVED, target=CommitmentStatus.DISBURSED, label=_("It is disbursed"),
        permission=KEEPERS, conditions=[amount_known], custom=asks(help=_("The money is there.")),
    )  # fmt: skip
    def disburse(self) -> None:
        """S26: paid out."""

    @state.transition(
        source=[CommitmentStatus.ANNOUNCED, CommitmentStatus.REQUESTED, CommitmentStatus.APPROVED],
        target=CommitmentStatus.WITHDRAWN, label=_("It is withdrawn"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("The money does not come.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Refused or taken back, with the reason."""

    @state.transition(
        source=CommitmentStatus.WITHDRAWN, target=CommitmentStatus.ANNOUNCED, label=_("It is announced again"),
        permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def announce(self) -> None:
        """It is promised anew."""

    def follow(self, event: Event) -> None:
        live.pulse("data_action", self.subject.action_id)


# -- what task forces deliver -----------------------------------------------------------------------------


class OutputFlow(Flow):
    state = SubjectState(OutputState)

    @state.transition(
        source=OutputState.EXPECTED, target=OutputState.DELIVERED, label=_("It is delivered"), permission=KEEPERS,
        custom=asks("output_delivered", help=_("The TWG has it.")),
    )  # fmt: skip
    def deliver(self) -> None:
        """S24: handed to the TWG."""
        self.subject.delivered_on = self.act.data.get("delivered_on") or timezone.localdate().isoformat()
        self.subject.url = self.act.data.get("url") or self.subject.url

    @state.transition(
        source=OutputState.EXPECTED, target=OutputState.DROPPED, label=_("Drop it"), permission=KEEPERS,
        custom=asks("reason", kind="out"),
    )  # fmt: skip
    def drop(self) -> None:
        """It is not waited for any more."""

    @state.transition(
        source=[OutputState.DELIVERED, OutputState.DROPPED], target=OutputState.EXPECTED, label=_("Expect it again"),
        permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def expect(self) -> None:
        """It was not delivered after all, or is wanted again."""
        self.subject.delivered_on = ""
