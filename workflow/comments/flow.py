"""The lives of a comment round and of a comment (S08, S13)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import Rule, chair, consultant, iom, seats, secretariat

from . import asked
from .models import UNANSWERED, Asked, Remark, RemarkState, RoundState


def somebody_asked(flow: Flow) -> State.CONDITION:
    """A round that asks nobody would close with nothing."""
    if flow.subject.everybody or Asked.objects.filter(round=flow.subject).exists():
        return MET
    return unmet(_("Choose the institutions that are asked first."))


def deadline_ahead(flow: Flow) -> State.CONDITION:
    if flow.subject.deadline > timezone.now():
        return MET
    return unmet(_("Its deadline has passed: set a later one first."))


def every_comment_answered(flow: Flow) -> State.CONDITION:
    """S13: every comment gets a disposition."""
    count = Remark.objects.filter(round=flow.subject, level=0, state__in=UNANSWERED).count()
    if not count:
        return MET
    return unmet(
        ngettext("%(count)d comment has no answer yet.", "%(count)d comments have no answer yet.", count)
        % {"count": count}
    )


class RoundFlow(Flow):
    state = SubjectState(RoundState)

    @state.transition(
        source=RoundState.PLANNED, target=RoundState.OPEN, label=_("Open the round"),
        permission=chair | secretariat | consultant, conditions=[somebody_asked, deadline_ahead],
        custom=asks(help=_("The institutions asked get a mail and comment until the deadline.")),
    )  # fmt: skip
    def open_round(self) -> None:
        """S13. When all are asked, that means the institutions that hold a seat today."""
        if self.subject.everybody:
            asked.ask_all(self.subject)

    @state.transition(
        source=RoundState.OPEN, target=RoundState.CLOSED, label=_("Close the round"),
        permission=chair | secretariat,
        custom=asks(help=_("No more comments; the consultant answers those that were made.")),
    )  # fmt: skip
    def close(self) -> None:
        """By hand, or by the deadline, which belongs to the database."""

    @state.transition(
        source=RoundState.CLOSED, target=RoundState.OPEN, label=_("Open it again"),
        permission=chair | secretariat, conditions=[deadline_ahead], custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """After its deadline was moved, with the reason."""

    @state.transition(
        source=RoundState.CLOSED, target=RoundState.ANSWERED, label=_("All comments are answered"),
        permission=chair | secretariat | consultant, conditions=[every_comment_answered],
        custom=asks(help=_("The comment matrix is complete and goes to those who commented.")),
    )  # fmt: skip
    def finish(self) -> None:
        """S13."""

    @state.transition(
        source=RoundState.ANSWERED, target=RoundState.CLOSED, label=_("Take the answers up again"),
        permission=chair | secretariat | consultant, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def take_up(self) -> None:
        """A commenter has reopened a comment, or an answer was wrong."""

    @state.transition(
        source=[RoundState.PLANNED, RoundState.OPEN], target=RoundState.CANCELLED, label=_("Cancel the round"),
        permission=chair | secretariat, custom=asks("reason", kind="out"),
    )  # fmt: skip
    def cancel(self) -> None:
        """Nothing is deleted: what was said stays readable."""


def _speaks_for(remark: Remark, person: object) -> bool:
    """Whoever holds a member's seat for the institution that made the comment; or its author where it has none."""
    if remark.institution_id is None:
        return remark.user_id == getattr(person, "pk", None)
    return any(
        s.twg_id == remark.round.twg_id and s.institution_id == remark.institution_id and s.modality == "member"
        for s in seats(person).present
    )


speaker = Rule(_speaks_for, _("the institution that made it"))
author = Rule(lambda remark, person: remark.user_id == person.pk, _("its author"))


def round_takes_comments(flow: Flow) -> State.CONDITION:
    if flow.subject.round.state == RoundState.OPEN and flow.subject.round.deadline > timezone.now():
        return MET
    return unmet(_("The round takes no more comments."))


class RemarkFlow(Flow):
    state = SubjectState(RemarkState)

    @state.transition(
        source=RemarkState.INSIDE, target=RemarkState.SUBMITTED, label=_("Submit it as the institution's"),
        permission=speaker, conditions=[round_takes_comments],
        custom=asks(help=_("The institution speaks with one voice: the TWG reads it now.")),
    )  # fmt: skip
    def submit(self) -> None:
        """After clearance within the institution."""
        self.subject.submit_date = timezone.now()

    @state.transition(
        source=[RemarkState.SUBMITTED, RemarkState.REOPENED, RemarkState.ANSWERED], target=RemarkState.ANSWERED,
        label=_("Answer it"), permission=consultant | secretariat,
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

    @state.transition(
        source=RemarkState.ANSWERED, target=RemarkState.SETTLED, label=_("Accept the answer"), permission=speaker,
        custom=asks(),
    )  # fmt: skip
    def settle(self) -> None:
        """The commenter is content."""

    @state.transition(
        source=[RemarkState.ANSWERED, RemarkState.SETTLED], target=RemarkState.REOPENED, label=_("Reopen it"),
        permission=speaker | chair | secretariat | iom, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """The answer does not do: the reason says why."""

    @state.transition(
        source=[RemarkState.INSIDE, RemarkState.SUBMITTED, RemarkState.REOPENED, RemarkState.ANSWERED],
        target=RemarkState.WITHDRAWN, label=_("Withdraw it"), permission=speaker | author,
        custom=asks("reason", kind="out"),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Withdrawn, not deleted."""
