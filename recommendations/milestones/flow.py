"""The lives of a milestone and of a hosting commitment (S41, S42)."""

from __future__ import annotations

from django.utils.translation import get_language
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
        label=_("It is achieved"), permission=KEEPERS,
        custom=asks("milestone_evidence", help=_("The evidence says how one knows; somebody else verifies it.")),
    )  # fmt: skip
    def achieve(self) -> None:
        """S41: each with evidence and date."""
        answers = self.act.data
        told, shown = answers.get("evidence_text", ""), self.subject.evidence_text
        if told and told != shown:
            # New words are in the language of whoever wrote them; the others' would say something else.
            self.subject.evidence = {(get_language() or "en")[:2]: told}
        self.subject.achieved_on = answers.get("achieved_on", "")

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
        source=MilestoneState.ACHIEVED, target=MilestoneState.IN_PROGRESS,
        label=_("Take it up again"), permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    @state.transition(
        source=MilestoneState.DROPPED, target=MilestoneState.PROPOSED,
        label=_("Take it up again"), permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was not achieved after all; or it is wanted again, and then the TWG agrees on it anew."""
        self.subject.achieved_on = ""


class HostingFlow(Flow):
    state = SubjectState(HostingState)

    @state.transition(
        source=HostingState.ANNOUNCED, target=HostingState.IN_FORCE, label=_("It is in force"), permission=KEEPERS,
        custom=asks(help=_("The holder has convened and hosted a meeting.")),
    )  # fmt: skip
    def begin(self) -> None:
        """S42."""

    @state.transition(
        source=HostingState.IN_FORCE, target=HostingState.ENDED, label=_("It has ended"), permission=KEEPERS,
        custom=asks("hosting_end", kind="out", help=_("What was promised was kept, and is over.")),
    )  # fmt: skip
    def end(self) -> None:
        """Over: the TWG needs another host."""
        self.subject.ends = self.act.data["ended_on"]

    @state.transition(
        source=[HostingState.ANNOUNCED, HostingState.IN_FORCE], target=HostingState.WITHDRAWN,
        label=_("It is withdrawn"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("The holder no longer stands by it.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Taken back, with the reason."""
