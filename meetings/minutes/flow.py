"""The lives of minutes, of a decision and of an action item (S31).

The meeting's own state follows its main minutes; those of a closed session beside them leave no trace in it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from meetings.scheduling.models import MeetingState
from workflow.engine import live
from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.engine.models import Event
from workflow.groups.access import Rule, seats

from . import circulating
from .models import ActionState, DecisionState, MinutesState
from .papers import RUNNERS

# -- minutes ----------------------------------------------------------------------------------------------


def meeting_is_over(flow: Flow) -> State.CONDITION:
    over = (MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
    return MET if flow.subject.meeting.state in over else unmet(_("The meeting is not over yet."))


def something_written(flow: Flow) -> State.CONDITION:
    return MET if circulating.is_written(flow.subject) else unmet(_("Nothing is written yet."))


def somebody_asked(flow: Flow) -> State.CONDITION:
    if circulating.asked_of(flow.subject):
        return MET
    return unmet(_("Nobody could comment: no institution that may read them has a member in the TWG."))


def round_over(flow: Flow) -> State.CONDITION:
    """Who still may comment is heard first."""
    if circulating.round_over(flow.subject):
        return MET
    return unmet(_("The TWG can still comment: close the round first."))


def comments_answered(flow: Flow) -> State.CONDITION:
    """S13: every comment gets an answer."""
    reason = circulating.unanswered(flow.subject)
    return unmet(reason) if reason else MET


class MinutesFlow(Flow):
    state = SubjectState(MinutesState)

    @state.transition(
        source=MinutesState.WRITTEN, target=MinutesState.CIRCULATED, label=_("Circulate the minutes"),
        permission=RUNNERS, conditions=[meeting_is_over, something_written, somebody_asked],
        custom=asks("minutes_circulation", help=_("The TWG's institutions get a mail and comment on them.")),
    )  # fmt: skip
    def circulate(self) -> None:
        """Frozen as a draft, and a comment round opened on it."""
        circulating.circulate(self)

    @state.transition(
        source=MinutesState.CIRCULATED, target=MinutesState.APPROVED, label=_("Approve the minutes"),
        permission=RUNNERS, conditions=[round_over, comments_answered],
        custom=asks("minutes_approval", help=_("Nothing changes any more: later corrections are addenda.")),
    )  # fmt: skip
    def approve(self) -> None:
        """By silence, or at the next meeting."""
        circulating.approve(self)

    @state.transition(
        source=MinutesState.CIRCULATED, target=MinutesState.WRITTEN, label=_("Take the minutes back"),
        permission=RUNNERS, custom=asks("reason", kind="back", help=_("They are written again, then circulated anew.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """What was said in the round stays readable."""
        circulating.withdraw(self)

    def follow(self, event: Event) -> None:
        circulating.move_meeting(self, event)


# -- decisions --------------------------------------------------------------------------------------------


def not_approved(flow: Flow) -> State.CONDITION:
    """What stands in approved minutes stands."""
    if flow.subject.minutes.state == MinutesState.APPROVED:
        return unmet(_("These minutes are approved: a correction is an addendum."))
    return MET


class RowFlow(Flow):
    """Of what stands in minutes: whoever has them open sees it change."""

    def follow(self, event: Event) -> None:
        live.pulse("minutes", self.subject.minutes_id)


class DecisionFlow(RowFlow):
    state = SubjectState(DecisionState)

    @state.transition(
        source=DecisionState.STANDS, target=DecisionState.WITHDRAWN, label=_("Withdraw the decision"),
        permission=RUNNERS, conditions=[not_approved], custom=asks("reason", kind="out"),
    )  # fmt: skip
    def withdraw(self) -> None:
        """It was not decided so; nothing is deleted."""

    @state.transition(
        source=DecisionState.WITHDRAWN, target=DecisionState.STANDS, label=_("It stands after all"),
        permission=RUNNERS, conditions=[not_approved], custom=asks("reason", kind="back"),
    )  # fmt: skip
    def restore(self) -> None:
        """It was decided after all."""


# -- action items -----------------------------------------------------------------------------------------


def owes(action: Any, person: Any) -> bool:
    """Whether the person owes it: by name or, where nobody is named, for the institution."""
    if action.person_id:
        return bool(action.person_id == person.pk)
    return seats(person).speaks_for(action.institution_id, action.twg)


owing = Rule(owes, _("whoever owes it"))


class ActionFlow(RowFlow):
    state = SubjectState(ActionState)

    @state.transition(
        source=ActionState.OPEN, target=ActionState.DONE, label=_("It is done"), permission=owing | RUNNERS,
        custom=asks(help=_("Say in a note what was done, and where one finds it.")),
    )  # fmt: skip
    def finish(self) -> None:
        """Said by whoever owes it, or taken down for them."""

    @state.transition(
        source=ActionState.OPEN, target=ActionState.DROPPED, label=_("Drop it"), permission=RUNNERS,
        custom=asks("reason", kind="out", help=_("Nobody is asked for it any more.")),
    )  # fmt: skip
    def drop(self) -> None:
        """Given up, with the reason."""

    @state.transition(
        source=[ActionState.DONE, ActionState.DROPPED], target=ActionState.OPEN, label=_("Take it up again"),
        permission=RUNNERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was not done after all, or is wanted again."""
