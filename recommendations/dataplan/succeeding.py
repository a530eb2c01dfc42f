"""What endorsing a data plan does: the one before it gives way, and what is unfinished there goes on here (S14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.ballots import closing
from workflow.engine import services as engine

from .models import DataAction, DataPlan, PlanState

if TYPE_CHECKING:
    from workflow.engine.flow import Flow


def bring_into_force(flow: Flow) -> None:
    """By the ballot that has endorsed the text as it stands, or by the decision that was recorded."""
    plan: DataPlan = flow.subject
    decision = flow.act.recorded.get("decision")
    ballot = None if decision else closing.endorsed_text("data_plan", plan.pk, plan.twg)
    if ballot is not None:
        plan.endorsed_in = ballot
        flow.act.recorded["ballot"] = ballot.pk
    plan.endorsed_on = (decision or {}).get("date") or timezone.localdate().isoformat()
    for old in DataPlan.objects.filter(twg=plan.twg_id, state=PlanState.IN_FORCE).exclude(pk=plan.pk):
        _give_way(old, plan, flow.act.actor)


def _give_way(old: DataPlan, plan: DataPlan, actor: Any) -> None:
    from .flow import PlanFlow

    note = _("Superseded by “%(plan)s”.") % {"plan": plan}
    engine.perform(PlanFlow(old), "supersede", actor=None, note=note)
    for action in DataAction.objects.filter(plan=old).unfinished().order_by("pk"):
        with engine.change(action, "carried_over", actor=actor) as change:
            change.subject.plan = plan
