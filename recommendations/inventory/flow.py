"""The lives of a data source and of a gap (S09, S39)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import chair, consultant, iom, secretariat

from .choices import GapState, SourceState

KEEPERS = chair | secretariat | consultant | iom
AGREEING = chair | secretariat | iom  # what the TWG has agreed on is not the consultant's to say


def has_improvement(flow: Flow) -> State.CONDITION:
    """Nobody works on a gap of which it is not said what would close it."""
    return MET if flow.subject.improvement else unmet(_("Say first what improvement is proposed."))


class SourceFlow(Flow):
    state = SubjectState(SourceState)

    @state.transition(
        source=SourceState.LISTED, target=SourceState.LISTED, label=_("It is still so"), permission=KEEPERS,
        custom=asks(help=_("Somebody has looked at the source and all that is said of it here still holds.")),
    )  # fmt: skip
    def confirm(self) -> None:
        """S09: an assessment is only worth something while somebody stands by it."""
        self.subject.reviewed_on = timezone.localdate()

    @state.transition(
        source=SourceState.LISTED, target=SourceState.ENDED, label=_("It is discontinued"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("No new data comes: it stays in the inventory with what it has.")),
    )  # fmt: skip
    def end(self) -> None:
        """The data that there is can still be used."""

    @state.transition(
        source=[SourceState.LISTED, SourceState.ENDED], target=SourceState.WITHDRAWN,
        label=pgettext_lazy("data source", "Withdraw it"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("It should not have been entered: the inventory shows it no more.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Nothing is deleted: its page and its history stay."""

    @state.transition(
        source=[SourceState.ENDED, SourceState.WITHDRAWN], target=SourceState.LISTED, label=_("Take it up again"),
        permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def restore(self) -> None:
        """It goes on after all, or belongs into the inventory."""
        self.subject.reviewed_on = timezone.localdate()


class GapFlow(Flow):
    state = SubjectState(GapState)

    @state.transition(
        source=GapState.IDENTIFIED, target=GapState.AGREED, label=pgettext_lazy("gap", "Agree on it"),
        permission=AGREEING,
        custom=asks(help=_("The TWG agrees that this is missing and how much it weighs.")),
    )  # fmt: skip
    def agree(self) -> None:
        """S06: the mechanism discusses the findings."""

    @state.transition(
        source=GapState.AGREED, target=GapState.ADDRESSED, label=_("Work on it has begun"), permission=KEEPERS,
        conditions=[has_improvement], custom=asks(help=_("The improvement proposed is under way.")),
    )  # fmt: skip
    def address(self) -> None:
        """S09: the improvement proposed."""

    @state.transition(
        source=[GapState.AGREED, GapState.ADDRESSED], target=GapState.CLOSED, label=_("It is closed"),
        permission=AGREEING, custom=asks("gap_closing", help=_("The data is there now.")),
    )  # fmt: skip
    def close(self) -> None:
        """With what closed it."""

    @state.transition(
        source=[GapState.IDENTIFIED, GapState.AGREED, GapState.ADDRESSED], target=GapState.DROPPED,
        label=_("Drop it"), permission=AGREEING,
        custom=asks("reason", kind="out", help=_("It is no gap, or nobody will close it.")),
    )  # fmt: skip
    def drop(self) -> None:
        """Given up, with the reason."""

    @state.transition(
        source=GapState.CLOSED, target=GapState.AGREED, label=_("Take it up again"), permission=AGREEING,
        custom=asks("reason", kind="back"),
    )  # fmt: skip
    @state.transition(
        source=GapState.DROPPED, target=GapState.IDENTIFIED, label=_("Take it up again"), permission=AGREEING,
        custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It is not closed after all; or it matters again, and then the TWG agrees on it anew."""
