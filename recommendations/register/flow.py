"""The life of a recommendation: issued, answered by the government, carried out, verified by others (S21, S22)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.fsm import State

from workflow.engine import history
from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import Rule, chair, iom, seats, secretariat

from . import issuing, reporting, rules
from .models import OPEN, UNDER_WAY, RecommendationState, ReportWay

DRAFTED, ISSUED, ACCEPTED, PARTLY, DECLINED, IN_PROGRESS, IMPLEMENTED, VERIFIED, SUPERSEDED, LAPSED = (
    RecommendationState
)
KEEPERS = chair | secretariat | iom


def leads(recommendation: Any, person: Any) -> bool:
    """Whether the person sits for the institution that is to carry it out."""
    return seats(person).speaks_for(recommendation.lead_id, recommendation.twg)


lead_institution = Rule(leads, _("the lead institution"))
# A government answers through those who run the TWG or through the institution that is addressed: not through IOM.
ANSWERING = lead_institution | chair | secretariat
REPORTING = lead_institution | KEEPERS


def by_somebody_else(flow: Flow) -> State.CONDITION:
    """Four eyes: neither who said that it is implemented verifies it, nor the institution that implemented it."""
    actor = flow.act.actor
    if actor is None:
        return MET
    said = history.events_of(flow.subject).filter(name="implement").last()
    if said is not None and said.actor_id == actor.pk:
        return unmet(_("You said yourself that it is implemented: somebody else verifies it."))
    if leads(flow.subject, actor):
        return unmet(_("Your institution carried it out: somebody else verifies it."))
    return MET


def something_said(flow: Flow) -> State.CONDITION:
    """One that lapses or goes on without an answer was never anybody's."""
    return MET if flow.subject.text else unmet(_("Nothing is recommended yet."))


class RecommendationFlow(Flow):
    state = SubjectState(RecommendationState)
    way = ReportWay.HERE  # how its reports come

    @state.transition(
        source=DRAFTED, target=ISSUED, label=pgettext_lazy("button", "Issue"), permission=KEEPERS,
        conditions=[something_said],
        custom=asks("recommendation_issue", help=_("It gets its number; the lead institution is told.")),
    )  # fmt: skip
    def issue(self) -> None:
        """S21: numbered, dated, addressed."""
        issuing.issue(self.subject, self.act.data.get("issued_on", ""))

    # -- the government's answer ----------------------------------------------------------------------------

    @state.transition(
        source=[ISSUED, PARTLY, DECLINED], target=ACCEPTED, label=_("Accept"), permission=ANSWERING,
        custom=asks("recommendation_terms", help=_("The government takes it on, as it stands.")),
    )  # fmt: skip
    def accept(self) -> None:
        """S21, S22: each TWG answers for itself."""
        self._answered()

    @state.transition(
        source=[ISSUED, DECLINED], target=PARTLY, label=_("Accept in part"), permission=ANSWERING,
        custom=asks("reason", "recommendation_terms", help=_("Say what is taken on, what is not, and why.")),
    )  # fmt: skip
    def accept_partly(self) -> None:
        """With the government's reason."""
        self._answered()

    @state.transition(
        source=[ISSUED, ACCEPTED, PARTLY], target=DECLINED, label=pgettext_lazy("recommendation", "Decline"),
        permission=ANSWERING, custom=asks("reason", kind="out", help=_("The government's reason stands beside it.")),
    )  # fmt: skip
    def decline(self) -> None:
        """With the government's reason; nobody is asked for reports any more."""
        self.subject.answer = self.act.note
        self.subject.report_due = None

    # -- carrying it out ------------------------------------------------------------------------------------

    @state.transition(
        source=list(UNDER_WAY), target=IN_PROGRESS, label=_("Report progress"), permission=REPORTING,
        custom=asks("progress", help=_("How far it is, what was done, and what shows it.")),
    )  # fmt: skip
    def report(self) -> None:
        """The first report says that it is in progress."""
        reporting.keep(self)

    @state.transition(
        source=list(UNDER_WAY), target=IMPLEMENTED, label=_("It is implemented"), permission=REPORTING,
        custom=asks("progress_done", help=_("Say how one knows; somebody else verifies it.")),
    )  # fmt: skip
    def implement(self) -> None:
        """The last report: all done, with what shows it."""
        reporting.keep(self, done=True)

    @state.transition(
        source=IMPLEMENTED, target=VERIFIED, label=_("Verify"), permission=KEEPERS, conditions=[by_somebody_else],
        custom=asks(help=_("Somebody else has looked at what shows it.")),
    )  # fmt: skip
    def verify(self) -> None:
        """By another than the implementer."""

    # -- what else becomes of it ----------------------------------------------------------------------------

    @state.transition(
        source=[DRAFTED, *OPEN, DECLINED], target=SUPERSEDED, label=_("Another one takes its place"),
        permission=KEEPERS, custom=asks("reason", "recommendation_successor", kind="out"),
    )  # fmt: skip
    def supersede(self) -> None:
        """A later recommendation says it better, or says something else."""
        issuing.give_way(self.subject, self.act.data["successor"], merged=False)

    @state.transition(
        source=[DRAFTED, *OPEN, DECLINED], target=SUPERSEDED,
        label=pgettext_lazy("recommendation", "Merge into another"), permission=KEEPERS,
        custom=asks("recommendation_twin", kind="out", help=_("The same was recommended twice: both stay readable.")),
    )  # fmt: skip
    def merge(self) -> None:
        """A duplicate; its reports and its history are read from the one that stays."""
        issuing.give_way(self.subject, self.act.data["twin"], merged=True)

    @state.transition(
        source=[DRAFTED, *OPEN], target=LAPSED, label=_("Let it lapse"), permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("Nobody waits for it any more.")),
    )  # fmt: skip
    def lapse(self) -> None:
        """Its time has passed, or it was never issued."""
        self.subject.report_due = None

    @state.transition(
        source=IMPLEMENTED, target=IN_PROGRESS, label=_("It is not implemented yet"), permission=KEEPERS,
        custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """Whoever looked at it found something missing."""
        issuing.ask_again(self.subject)

    @state.transition(
        source=[LAPSED, SUPERSEDED], target=DRAFTED, label=_("Take it up again"), permission=KEEPERS,
        custom=asks("reason", kind="back", help=_("It is a draft again, and is issued anew.")),
    )  # fmt: skip
    def revive(self) -> None:
        """It was given up, or given away, too soon. Its number stays its own."""
        self.subject.superseded_by, self.subject.merged = None, False

    # -- what they share ------------------------------------------------------------------------------------

    def _answered(self) -> None:
        """The government's words, the day by which and how often it reports."""
        mine, told = self.subject, self.act.data
        mine.answer = self.act.note
        mine.due = told.get("due") or mine.due
        mine.rhythm = told.get("rhythm") or mine.rhythm
        mine.report_due = rules.next_report(mine.today, mine.rhythm)


class ByLink(RecommendationFlow):
    """The same life, for whoever reports by the link in a mail."""

    way = ReportWay.LINK
