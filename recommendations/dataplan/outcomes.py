"""What follows from a ballot on a data plan: it comes into force, or its objections become comments to answer (S14)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflow.ballots import closing, outcomes
from workflow.ballots.models import Ballot, BallotForm, Decided
from workflow.engine import services as engine
from workflow.engine.gates import Answer

from .flow import PlanFlow
from .models import DataPlan, PlanState


def plan_endorsed(plan: DataPlan) -> Answer:
    """The gate to endorsement: a ballot of the TWG has endorsed the strategy as it stands."""
    return outcomes.endorsed("data_plan", plan.pk, plan.twg, _("No ballot of the TWG has endorsed this data plan."))


@closing.follow("data_plan")
def plan_decided(ballot: Ballot) -> None:
    """Endorsed, it is in force; returned, it stays a draft and the objections become open comments on it."""
    plan = ballot.about
    if ballot.form != BallotForm.ENDORSEMENT or plan is None or plan.state != PlanState.DRAFT:
        return
    if ballot.decided == Decided.ENDORSED and not closing.stale_text(ballot, hold=True):
        told = {"number": ballot.pk, "question": ballot.question}
        note = _("Adopted by ballot %(number)s: “%(question)s”.") % told
        engine.perform(PlanFlow(plan), "endorse", actor=None, note=note)
    elif ballot.decided in (Decided.RETURNED, Decided.BROKEN):
        outcomes.keep_objections(ballot)
