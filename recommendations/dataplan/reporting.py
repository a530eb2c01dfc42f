"""Progress reports: kept in the transition that brings them. The words travel as the act's note, so that history holds
them under its hash; the report is what the event says (proofs.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.engine import actors, clock
from workflow.engine.storing import store

from .models import ActionProgress, DataAction

if TYPE_CHECKING:
    from workflow.engine.flow import Flow


def keep(flow: Flow, *, done: bool = False) -> None:
    """One more report, under the action's lock."""
    mine: DataAction = flow.subject
    actor = flow.act.actor
    report = ActionProgress(
        action=mine, number=ActionProgress.objects.filter(action=mine).count() + 1,
        percent=100 if done else flow.act.data["percent"], words=flow.act.note.strip(), by=actor,
        by_name=str(actor) if actor else "Palabre", institution=actors.standing(actor, mine).institution,
        at=clock.moment(),
    )  # fmt: skip
    store(report)
    flow.act.recorded.update(number=report.number, percent=report.percent)
    mine.percent, mine.reported_at = report.percent, report.at
