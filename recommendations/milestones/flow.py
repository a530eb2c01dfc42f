"""The lives of a milestone and of a hosting commitment (S41, S42)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine import history
from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import chair, iom, secretariat

from .models import HostingState, MilestoneState

KEEPERS = chair | secretariat | iom


def by_somebody_else(flow: Flow) -> State.CONDITION:
    """Four eyes: who said that it is achieved does not verify it."""
    said = history.events_of(flow.subject).filter(name="achieve").last()
    actor = flow.act.actor
    if said is not None and actor is not None and said.actor_id == actor.pk:
        return unmet(_("You said yourself that it is achieved: somebody else verifies it."))
    return MET


def evidenced(flow: Flow) -> State.CONDITION:
    return MET if flow.subject.evidence else unmet(_("Record the evidence first."))


class MilestoneFlow(Flow):
    state = SubjectState(MilestoneState)

    @state.transition(
        source=MilestoneState.PROPOSED, target=MilestoneState.AGREED, label=_("Agree on it"), permission=KEEPERS,
        custom=asks(help=_("The TWG has agreed that this step is to be taken.")),
    )  # fmt: skip
    def agree(self) -> None:
        """S41."""

    @state.transition(
        source=MilestoneState.AGREED, target=MilestoneState.IN_PROGRESS, label=_("Start"), permission=KEEPERS,
        custom=asks(help=_("The responsible institution is at work on it.")),
    )  # fmt: skip
    def start(self) -> None:
        """S43: charged to contact the ministry."""

    @state.transition(
        source=[MilestoneState.AGREED, MilestoneState.IN_PROGRESS], target=MilestoneState.ACHIEVED,
        label=_("It is achieved"), permission=KEEPERS, conditions=[evidenced],
        custom=asks(help=_("The evidence says how one knows.")),
    )  # fmt: skip
    def achieve(self) -> None:
        """S41: each with evidence."""

    @state.transition(
        source=MilestoneState.ACHIEVED, target=MilestoneState.VERIFIED, label=_("Verify"), permission=chair | iom,
        conditions=[by_somebody_else], custom=asks(help=_("Somebody else has looked at the evidence.")),
    )  # fmt: skip
    def verify(self) -> None:
        """S41: with a verifier."""

    @state.transition(
        source=[MilestoneState.PROPOSED, MilestoneState.AGREED, MilestoneState.IN_PROGRESS],
        target=MilestoneState.DROPPED, label=_("Drop it"), permission=KEEPERS, custom=asks("reason", kind="out"),
    )  # fmt: skip
    def drop(self) -> None:
        """Given up, with the reason."""

    @state.transition(
        source=[MilestoneState.ACHIEVED, MilestoneState.DROPPED], target=MilestoneState.IN_PROGRESS,
        label=_("Take it up again"), permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was not achieved after all, or is wanted again."""


class HostingFlow(Flow):
    state = SubjectState(HostingState)

    @state.transition(
        source=HostingState.ANNOUNCED, target=HostingState.IN_FORCE, label=_("It is in force"), permission=KEEPERS,
        custom=asks(help=_("The holder has convened and hosted a meeting.")),
    )  # fmt: skip
    def begin(self) -> None:
        """S42."""

    @state.transition(
        source=[HostingState.ANNOUNCED, HostingState.IN_FORCE], target=HostingState.ENDED, label=_("It has ended"),
        permission=KEEPERS, custom=asks("reason", kind="out"),
    )  # fmt: skip
    def end(self) -> None:
        """Withdrawn or over, with the reason."""
