"""The lives of a comment round and of a comment (S08, S13).

A round is answered when each of its comments has a disposition, and stays so: a commenter who reopens a comment of an
answered round takes the round back to `closed`, in the same transaction, so that it is finished again by those who run
it, and the edition's gate is shut meanwhile. Once the text can't be changed any more (the edition has gone on to
endorsement, the terms are adopted) a comment is no longer reopened: the next round is the place for it.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from viewflow.fsm import State

from workflow.engine import live
from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import Rule, chair, collector, drafter, secretariat

from . import asked, clearance, speaking
from .models import Asked, Remark, RemarkState, Round, RoundState

KEEPERS = chair | secretariat | collector  # after a hand-over no consultant's any more (S02)
RUNNERS = chair | secretariat
ANSWERERS = drafter | secretariat


# -- a round ----------------------------------------------------------------------------------------------


def somebody_asked(flow: Flow) -> State.CONDITION:
    """A round that asks nobody would close with nothing."""
    if flow.subject.everybody:
        there = bool(asked.institutions_of(flow.subject.twg))
    else:
        there = Asked.objects.filter(round=flow.subject).exists()
    return MET if there else unmet(_("No institution is asked: give seats, or choose the institutions first."))


def deadline_ahead(flow: Flow) -> State.CONDITION:
    if flow.subject.deadline > timezone.now():
        return MET
    return unmet(_("Its deadline has passed: set a later one first."))


def may_be_held(flow: Flow) -> State.CONDITION:
    """Comments make sense while the text can be changed."""
    round_: Round = flow.subject if isinstance(flow.subject, Round) else flow.subject.round
    reason = asked.may_be_held(round_.twg, round_.draft.text)
    return unmet(reason) if reason else MET


def every_comment_answered(flow: Flow) -> State.CONDITION:
    """S13: every comment gets a disposition."""
    count = Remark.objects.filter(round=flow.subject).unanswered().count()
    return unmet(waiting_words(count)) if count else MET


def waiting_words(count: int) -> str:
    return ngettext("%(count)d comment has no answer yet.", "%(count)d comments have no answer yet.", count) % {
        "count": count
    }


class RoundFlow(Flow):
    state = SubjectState(RoundState)

    @state.transition(
        source=RoundState.PLANNED, target=RoundState.OPEN, label=_("Open the round"), permission=KEEPERS,
        conditions=[may_be_held, somebody_asked, deadline_ahead],
        custom=asks(help=_("The institutions asked get a mail and comment until the deadline.")),
    )  # fmt: skip
    def open_round(self) -> None:
        """S13. When all are asked, that means the institutions that speak in the TWG today."""
        if self.subject.everybody:
            asked.ask(self.subject, asked.institutions_of(self.subject.twg))
        self.subject.opened_at = timezone.now()

    @state.transition(
        source=RoundState.OPEN, target=RoundState.CLOSED, label=_("Close the round"), permission=RUNNERS,
        custom=asks(help=_("No more comments; the consultant answers those that were made.")),
    )  # fmt: skip
    def close(self) -> None:
        """By hand, or by the deadline, which belongs to the database."""
        self.act.recorded["comments"] = self.subject.numbered

    @state.transition(
        source=RoundState.CLOSED, target=RoundState.OPEN, label=_("Open it again"), permission=RUNNERS,
        conditions=[may_be_held, deadline_ahead],
        custom=asks("reason", kind="back", help=_("The institutions asked are told, with the reason.")),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was closed before its deadline, or the deadline was moved."""

    @state.transition(
        source=RoundState.CLOSED, target=RoundState.ANSWERED, label=_("All comments are answered"), permission=KEEPERS,
        conditions=[every_comment_answered],
        custom=asks(help=_("The comment matrix is complete; those who were asked are told.")),
    )  # fmt: skip
    def finish(self) -> None:
        """S13."""
        self.act.recorded["comments"] = self.subject.numbered

    @state.transition(
        source=RoundState.ANSWERED, target=RoundState.CLOSED, label=_("Take the answers up again"), permission=KEEPERS,
        custom=asks("reason", kind="back", help=_("Answers can be changed again; the round is finished anew.")),
    )  # fmt: skip
    def take_up(self) -> None:
        """An answer was wrong; or a commenter has reopened a comment, and Palabre takes the round up."""

    @state.transition(
        source=[RoundState.PLANNED, RoundState.OPEN], target=RoundState.CANCELLED, label=_("Cancel the round"),
        permission=RUNNERS, custom=asks("reason", kind="out", help=_("What was said stays readable.")),
    )  # fmt: skip
    def cancel(self) -> None:
        """Nothing is deleted."""


# -- a comment --------------------------------------------------------------------------------------------


def _speaks_for(remark: Remark, person: object) -> bool:
    return remark.institution_id in speaking.institutions(person, remark.round.twg_id)


def _clears(remark: Remark, person: object) -> bool:
    return remark.institution_id in speaking.cleared_by(person, remark.round.twg_id)


speaker = Rule(_speaks_for, _("the institution that made it"))
focal_point = Rule(_clears, _("the institution's focal point"))
# Comments of other TWGs are answered by the secretariat whose text it is, too (S35).
answering = Rule(
    lambda remark, person: secretariat.test(remark, person) or secretariat.test(remark.round.draft.text, person),
    *secretariat.labels,
)
author = Rule(lambda remark, person: remark.user_id == person.pk, _("its author"))


def takes_comments(round_: Round) -> bool:
    """Whether the round can be commented in at this moment, whether or not anybody has closed it yet."""
    return round_.state == RoundState.OPEN and round_.deadline > timezone.now()


def round_takes_comments(flow: Flow) -> State.CONDITION:
    return MET if takes_comments(flow.subject.round) else unmet(_("The round takes no more comments."))


def said_to_the_twg(flow: Flow) -> State.CONDITION:
    """What was said below a comment that is itself inside the institution is between colleagues."""
    mine: Remark = flow.subject
    if mine.is_reply and Remark.objects.filter(pk=mine.parent_id, inside=True).exists():
        return unmet(_("This was said between colleagues: it stays inside the institution."))
    return MET


def one_voice(flow: Flow) -> State.CONDITION:
    """Where an institution clears its comments first, whoever stands in for its member decides nothing about them."""
    mine: Remark = flow.subject
    if mine.inside or not _speaks_for(mine, flow.act.actor) or _clears(mine, flow.act.actor):
        return MET
    if clearance.is_on(mine.round.twg_id, mine.institution_id):
        return unmet(_("Your institution clears its comments first: this is for its focal point."))
    return MET


def round_takes_answers(flow: Flow) -> State.CONDITION:
    if flow.subject.round.state in (RoundState.OPEN, RoundState.CLOSED):
        return MET
    return unmet(_("The round is over: its answers have to be taken up again first."))


def round_is_on(flow: Flow) -> State.CONDITION:
    if flow.subject.round.state == RoundState.CANCELLED:
        return unmet(_("The round was cancelled."))
    return MET


class RemarkFlow(Flow):
    state = SubjectState(RemarkState)

    @state.transition(
        source=RemarkState.INSIDE, target=RemarkState.CLEARED, label=_("Submit it as the institution's"),
        permission=focal_point, conditions=[round_takes_comments, said_to_the_twg],
        custom=asks(help=_("The institution speaks with one voice: the TWG reads it now.")),
    )  # fmt: skip
    def submit(self) -> None:
        """After clearance within the institution. What the TWG reads is a comment of its own (remarks.py)."""
        from . import remarks

        self.subject.submitted_as = remarks.submitted_as(self.subject, actor=self.act.actor)

    @state.transition(
        source=[RemarkState.SUBMITTED, RemarkState.REOPENED, RemarkState.ANSWERED], target=RemarkState.ANSWERED,
        label=_("Answer it"), permission=drafter | answering, conditions=[round_takes_answers],
        custom=asks("disposition", help=_("The commenter sees the answer and can accept it or reopen the comment.")),
    )  # fmt: skip
    def answer(self) -> None:
        """S13: accepted, accepted in part, not accepted or noted, with a reply and the revision that did it."""
        given = self.act.data
        self.subject.disposition = given["disposition"]
        self.subject.answer = given["answer"]
        self.subject.revision = given.get("revision")
        self.subject.answered_by = self.act.actor
        self.subject.answered_at = timezone.now()
        self._tell()

    @state.transition(
        source=RemarkState.ANSWERED, target=RemarkState.SETTLED, label=_("Accept the answer"), permission=speaker,
        conditions=[one_voice], custom=asks(help=_("The matter is settled for the institution.")),
    )  # fmt: skip
    def settle(self) -> None:
        """The commenter is content."""
        self._tell()

    @state.transition(
        source=[RemarkState.ANSWERED, RemarkState.SETTLED], target=RemarkState.REOPENED, label=_("Reopen it"),
        permission=speaker | RUNNERS, conditions=[round_is_on, may_be_held, one_voice],
        custom=asks("reason", kind="back", help=_("It is answered anew; the consultant is told the reason.")),
    )  # fmt: skip
    def reopen(self) -> None:
        """The answer does not do, and the reason says why. An answered round is taken up again with it."""
        from . import services

        services.take_up_for(self.subject)
        self._tell()

    @state.transition(
        source=[RemarkState.INSIDE, RemarkState.SUBMITTED, RemarkState.REOPENED, RemarkState.ANSWERED,
                RemarkState.SAID],
        target=RemarkState.WITHDRAWN, label=_("Withdraw it"), permission=speaker | author, conditions=[one_voice],
        custom=asks("reason", kind="out", help=_("It stays readable, marked as withdrawn; it needs no answer.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Withdrawn, not deleted."""
        self.subject.is_removed = True
        self._tell()

    def _tell(self) -> None:
        """Pages of the round show how many comments wait. What is inside an institution changes none of them."""
        if not self.subject.inside:
            live.pulse("round", self.subject.round_id)
