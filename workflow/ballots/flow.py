"""The life of a ballot: drafted, open, closed with its outcome, or cancelled (S08, S16, S44)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine import clock
from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.engine.models import Event
from workflow.groups.access import chair, secretariat

from . import closing, electorate, mails, themes
from .models import Ballot, BallotForm, BallotState, Option

LEAST_OPTIONS = 2


def somebody_votes(flow: Flow) -> State.CONDITION:
    """Without terms in force nobody knows who votes."""
    terms = electorate.terms_of(flow.subject.twg)
    if terms is None:
        return unmet(_("The TWG has no terms of reference in force: they say who votes."))
    if not electorate.voting_institutions(flow.subject.twg, terms):
        return unmet(_("By the terms of reference no institution that sits today has a vote."))
    return MET


def deadline_ahead(flow: Flow) -> State.CONDITION:
    if flow.subject.deadline > clock.moment():
        return MET
    return unmet(_("Its deadline has passed: set a later one first."))


def something_to_vote_on(flow: Flow) -> State.CONDITION:
    """A text as it stands, or options to rank."""
    if flow.subject.form == BallotForm.RANKING:
        if Option.objects.filter(ballot=flow.subject).count() < LEAST_OPTIONS:
            return unmet(_("There are not two options to choose from yet."))
        reason = themes.not_proposed(flow.subject, hold=not flow.act.offering)
    else:
        reason = closing.stale_text(flow.subject, hold=not flow.act.offering)
    return unmet(reason) if reason else MET


def nobody_else_asks(flow: Flow) -> State.CONDITION:
    ballot = flow.subject
    same = Ballot.objects.filter(twg=ballot.twg_id, about_kind=ballot.about_kind, about_id=ballot.about_id)
    if ballot.about_kind and same.filter(state=BallotState.OPEN).exists():
        return unmet(_("A ballot on this is open already."))
    return MET


def voting_is_over(flow: Flow) -> State.CONDITION:
    """The deadline has passed; or all have voted and the terms close a ballot then; or the silence is broken."""
    reason = closing.still_voting(flow.subject)
    return unmet(reason) if reason else MET


class BallotFlow(Flow):
    state = SubjectState(BallotState)

    @state.transition(
        source=BallotState.DRAFT, target=BallotState.OPEN, label=_("Open the ballot"), permission=chair | secretariat,
        conditions=[somebody_votes, something_to_vote_on, deadline_ahead, nobody_else_asks],
        custom=asks(help=_("The electorate and the text are fixed; every voting institution gets a mail.")),
    )  # fmt: skip
    def open_ballot(self) -> None:
        """S16: who votes is fixed from the terms of reference and the seats of this day."""
        closing.open_ballot(self)

    @state.transition(
        source=BallotState.OPEN, target=BallotState.CLOSED, label=_("Close the ballot"), permission=chair | secretariat,
        conditions=[voting_is_over],
        custom=asks(help=_("No more votes; the count is final and the record is made.")),
    )  # fmt: skip
    def close(self) -> None:
        """By the deadline, which belongs to the database; or by hand, once voting is over."""
        closing.close(self)

    @state.transition(
        source=[BallotState.DRAFT, BallotState.OPEN], target=BallotState.CANCELLED, label=_("Cancel the ballot"),
        permission=chair | secretariat,
        custom=asks("reason", kind="out", help=_("Nothing is decided; the votes cast so far stay in the record.")),
    )  # fmt: skip
    def cancel(self) -> None:
        """With a reason; whoever could vote is told."""

    def follow(self, event: Event) -> None:
        """What the other rooms do with an outcome happens in the same transaction, or not at all."""
        if event.name == "open_ballot":
            mails.papers(self.subject, "opened")
        elif event.name == "close":
            closing.following(self.subject)
            mails.outcome(self.subject, "closed")
        elif event.name == "cancel" and event.from_state == BallotState.OPEN:
            mails.outcome(self.subject, "cancelled")
