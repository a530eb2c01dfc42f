"""How a project file's data plans are loaded: plans, actions, what pays for them, what task forces deliver."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from recommendations.register.models import Recommendation
from workflow.engine import services as engine
from workflow.engine.flow import Flow
from workflow.projects import shapes
from workflow.projects.loading import Loading
from workflow.projects.shapes import ProjectFile

from . import services
from .flow import ActionFlow, CommitmentFlow, OutputFlow, PlanFlow
from .models import Commitment, DataAction, DataPlan, Output

# The steps that lead to each state, replayed so that the history has them.
PLAN_STEPS: dict[str, tuple[str, ...]] = {"draft": (), "in_force": ("endorse",), "withdrawn": ("set_aside",)}
ACTION_STEPS: dict[str, tuple[str, ...]] = {
    "planned": (), "in_progress": ("start",), "blocked": ("start", "block"), "done": ("start", "finish"),
    "dropped": ("drop",),
}  # fmt: skip
MONEY_STEPS: dict[str, tuple[str, ...]] = {
    "announced": (), "requested": ("request",), "approved": ("request", "approve"),
    "disbursed": ("request", "approve", "disburse"), "withdrawn": ("withdraw",),
}  # fmt: skip
OUTPUT_STEPS: dict[str, tuple[str, ...]] = {"expected": (), "delivered": ("deliver",), "dropped": ("drop",)}


def load(loading: Loading, project: ProjectFile) -> None:
    """S14, S23-S27: each plan first, then what hangs on it, then what its actions need."""
    for record in project.data_plans:
        plan = loading.item(record, partial(_plan, loading, record))
        if plan is None:
            continue
        loading.each(record.actions, partial(_action, loading, record, plan))
        loading.each(record.actions, partial(_needs, loading, record))
        loading.each(record.outputs, partial(_output, loading, record))


def _plan(loading: Loading, record: shapes.DataPlan) -> DataPlan:
    fields: dict[str, Any] = {
        "titles": dict(record.title), "summaries": dict(record.summary), "confidence": record.confidence,
        "source": loading.sources(record),
    }  # fmt: skip
    twg, key = loading.twg(record.twg), _key(record)
    plan = loading.once(DataPlan, key, fields, lambda t: services.open_plan(twg, fields, actor=None, telling=t), record)
    answers = {"decision_body": record.endorsed_by, "decision_date": record.endorsed_on or ""}
    _walk(loading, record, key, PlanFlow(plan), PLAN_STEPS[record.state], answers if record.endorsed_by else {})
    return plan


def _key(record: shapes.DataPlan) -> str:
    return f"data_plan/{record.key}"


def _action(loading: Loading, plan_record: shapes.DataPlan, plan: DataPlan, record: shapes.DataAction) -> None:
    fields: dict[str, Any] = {
        "kind": record.kind, "titles": dict(record.title), "descriptions": dict(record.description),
        "lead": loading.institution(record.lead), "others": dict(record.others),
        "expert_name": record.expert.name if record.expert else "",
        "expert_roles": dict(record.expert.role) if record.expert else {},
        "expert_institution": loading.institution(record.expert.institution) if record.expert else None,
        "task_force": loading.twg(record.task_force) if record.task_force else None,
        "recommendation": _answered(loading, plan_record.twg, record.answers),
        "starts": record.starts or "", "due": record.due or "", "confidence": record.confidence,
        "source": loading.sources(record),
    }  # fmt: skip
    contributors = [one for key in record.contributors if (one := loading.institution(key))]
    key = f"{_key(plan_record)}/{record.key}"
    action = loading.once(
        DataAction, key, fields,
        lambda t: services.plan_action(plan, {**fields, "contributors": contributors}, actor=None, telling=t), record,
    )  # fmt: skip
    _walk(loading, record, key, ActionFlow(action), ACTION_STEPS[record.state], {"note": record.note})
    for number, commitment in enumerate(record.commitments, start=1):
        loading.item(commitment, partial(_commitment, loading, f"{key}/money-{number}", action, commitment))


def _answered(loading: Loading, twg: str, key: str) -> Recommendation | None:
    """The TWG's own recommendation, or what was handed on to it of a region's (S22)."""
    if not key:
        return None
    own = f"recommendation/{key}/{twg}"
    return loading.get(Recommendation, own if loading.knows(own) else f"recommendation/{key}")


def _needs(loading: Loading, plan_record: shapes.DataPlan, record: shapes.DataAction) -> None:
    """Once all actions are there. What people have changed since is left as it is."""
    if not record.needs:
        return
    action = loading.get(DataAction, f"{_key(plan_record)}/{record.key}")
    needs = [loading.get(DataAction, f"{_key(plan_record)}/{key}") for key in record.needs]
    key = f"{_key(plan_record)}/{record.key}/needs"
    loading.step(
        key, record,
        lambda t: services.change_action(action, {}, actor=None, needs=needs, telling=t),
        occurred=None,
    )  # fmt: skip


def _commitment(loading: Loading, key: str, action: DataAction, record: shapes.Commitment) -> None:
    fields: dict[str, Any] = {
        "institution": loading.institution(record.institution), "payer": record.payer,
        "statements": dict(record.statement), "amount": Decimal(record.amount) if record.amount else None,
        "currency": record.currency, "fiscal_year": record.fiscal_year or "", "confidence": record.confidence,
        "source": loading.sources(record),
    }  # fmt: skip
    made = loading.once(
        Commitment, key, fields, lambda t: services.commit(action, fields, actor=None, telling=t), record
    )
    _walk(loading, record, key, CommitmentFlow(made), MONEY_STEPS[record.status], {})


def _output(loading: Loading, plan_record: shapes.DataPlan, record: shapes.Output) -> None:
    action = loading.get(DataAction, f"{_key(plan_record)}/{record.action}") if record.action else None
    fields: dict[str, Any] = {
        "action": action, "titles": dict(record.title), "due": record.due or "", "confidence": record.confidence,
        "source": loading.sources(record),
    }  # fmt: skip
    body, key = loading.twg(record.body), f"{_key(plan_record)}/output/{record.key}"
    made = loading.once(
        Output, key, fields, lambda t: services.record_output(body, fields, actor=None, telling=t), record
    )
    _walk(loading, record, key, OutputFlow(made), OUTPUT_STEPS[record.state], {"delivered_on": record.delivered or ""})


def _walk(
    loading: Loading, record: shapes.Item, key: str, flow: Flow, steps: tuple[str, ...], answers: dict[str, str]
) -> None:
    note = answers.get("note") or loading.sources(record)
    for step in steps:
        loading.step(f"{key}/{step}", record, partial(_step, flow, step, note, answers), note=note)


def _step(flow: Flow, step: str, note: str, answers: dict[str, str], telling: engine.Telling) -> None:
    engine.perform(
        type(flow)(flow.subject), step, actor=None, note=note, data=answers | {"note": note}, telling=telling
    )
