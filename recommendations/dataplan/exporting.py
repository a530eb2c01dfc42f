"""The actions of a data plan as a spreadsheet: for the secretariat's files, not to be read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workflow.groups import words
from workflow.groups.sheets import Layout

from .models import Commitment, CommitmentStatus, DataAction

LAYOUT = Layout(
    name="data plan",
    columns={"number": 8, "action": 48, "kind": 16, "state": 12, "progress": 10, "lead": 36, "contributors": 48,
             "expert": 36, "task_force": 36, "start": 12, "due": 12, "days_late": 10, "needs": 20, "cost": 14,
             "currency": 10, "announced": 24, "requested": 24, "approved": 24, "disbursed": 24, "gaps": 36,
             "data_sources": 36, "blocked_by": 48, "source": 28},
)  # fmt: skip
STATUSES = (
    CommitmentStatus.ANNOUNCED, CommitmentStatus.REQUESTED, CommitmentStatus.APPROVED, CommitmentStatus.DISBURSED,
)  # fmt: skip


def rows(found: Iterable[DataAction], names: bool) -> Iterator[list[str]]:
    """One row for each action; `names` says whether experts are named to this reader."""
    for action in found:
        yield [str(cell) for cell in _cells(action, names)]


def _cells(action: DataAction, names: bool) -> list[object]:
    others = [str(one) for one in action.contributors.all()] + [action.other_contributors]
    return [
        action.pk, action.title, action.kind, action.state, action.percent, action.lead or "",
        "; ".join(one for one in others if one), expert(action, names), action.task_force or "", action.starts,
        action.due, action.days_late or "", ", ".join(str(one.needs_id) for one in action.dependencies.all()),
        "" if action.cost is None else action.cost, action.currency,
        *(_paid(action.commitments.all(), status) for status in STATUSES),
        _titles(action.gaps.all()), _titles(action.data_sources.all()), action.blocked_by, action.source,
    ]  # fmt: skip


def expert(action: DataAction, names: bool) -> str:
    """Who helps: the name where the reader reads names, the role, the institution."""
    told = (action.expert_name if names else "", action.expert_role, str(action.expert_institution or ""))
    return ", ".join(one for one in told if one)


def _paid(commitments: Iterable[Commitment], status: str) -> str:
    """Each commitment by itself: no currency is added to another, and one without an amount says so."""
    told = [f"{one.amount} {one.currency}" if one.amount is not None else "?" for one in commitments
            if one.status == status]  # fmt: skip
    return "; ".join(told)


def _titles(rows_: Iterable[Any]) -> str:
    return "; ".join(words.in_language(getattr(row, "names", None) or row.titles) for row in rows_)
