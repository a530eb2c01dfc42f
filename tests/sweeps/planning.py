"""Secrets of data plans: strategies, actions, what pays for them, what task forces deliver; a closed session's too."""

from __future__ import annotations

from typing import Any

from recommendations.dataplan import services
from recommendations.dataplan.flow import ActionFlow, CommitmentFlow, OutputFlow, PlanFlow
from recommendations.dataplan.models import DataPlan
from workflow.engine import services as engine
from workflow.writing import services as writing

from .minuting import CLOSED
from .world import FULL, INSIDE, World

# The world's linked body carries out an action: its members read that one, what it delivers, and nothing else.
TASK_FORCE = (INSIDE - {"observer"}) | {"linked body"}


def plant(world: World) -> None:
    old = _plan(world, "old")
    engine.perform(
        PlanFlow(old), "set_aside", actor=world.people["chair"], note=world.plant("whyaside", known_to=INSIDE)
    )
    plan = _plan(world, "")
    text = writing.open_text(plan, actor=None)
    section = text.sections.order_by("position")[0]
    writing.save(section, world.plant("strategy", known_to=INSIDE), actor=None, base=section.number)
    open_ = _action(world, plan, "", INSIDE, expert_name=world.plant("expert", known_to=FULL))
    carried = _action(world, plan, "carried", INSIDE | {"linked body"}, task_force=world.objects["linked body"])
    _action(world, plan, "closed", CLOSED, decision=world.objects["closed meeting_decision"], needs=[open_])
    services.change_action(carried, {}, actor=None, needs=[open_])
    _output(world, "", TASK_FORCE, None)
    _output(world, "closed", CLOSED, world.objects["closed data_action"])
    world.objects |= {"data_plan": plan, "other data_plan": old}


def _plan(world: World, which: str) -> DataPlan:
    fields = {
        "titles": {"en": world.plant(f"plan{which}", known_to=INSIDE)},
        "summaries": {"en": world.plant(f"plansummary{which}", known_to=INSIDE)},
        "source": world.plant(f"plansource{which}", known_to=INSIDE),
    }
    return services.open_plan(world.objects["twg"], fields, actor=None)


def _action(world: World, plan: DataPlan, which: str, known_to: set[str], needs: Any = (), **fields: Any) -> Any:
    def secret(word: str) -> str:
        return world.plant(f"{word}{which}", known_to=known_to)

    told = {
        "kind": "survey", "titles": {"en": secret("action")}, "descriptions": {"en": secret("actionabout")},
        "others": {"en": secret("actionothers")}, "expert_roles": {"en": secret("expertrole")},
        "source": secret("actionsource"), "lead": world.objects["institution"], "starts": "2010-01", "due": "2010-06",
        **fields,
    }  # fmt: skip
    made = services.plan_action(plan, told, actor=None, needs=needs)
    reporter = world.people["member"]
    engine.perform(ActionFlow(made), "report", actor=reporter, data={"note": secret("progress"), "percent": 10})
    engine.perform(ActionFlow(made), "block", actor=reporter, note=secret("blockedby"))
    money = services.commit(
        made,
        {"payer": secret("payer"), "statements": {"en": secret("moneysaid")}, "fiscal_year": secret("fiscalyear")},
        actor=None,
    )
    engine.perform(CommitmentFlow(money), "withdraw", actor=world.people["chair"], note=secret("whynomoney"))
    for name, subject in (("data_action", made), ("commitment", money)):
        key = f"{which} {name}" if which == "closed" else f"second {name}" if which else name
        world.objects[key] = subject
    return made


def _output(world: World, which: str, known_to: set[str], action: Any) -> None:
    fields = {
        "titles": {"en": world.plant(f"output{which}", known_to=known_to)}, "action": action,
        "source": world.plant(f"outputsource{which}", known_to=known_to),
    }  # fmt: skip
    made = services.record_output(world.objects["linked body"], fields, actor=None)
    reason = world.plant(f"whynooutput{which}", known_to=known_to)
    engine.perform(OutputFlow(made), "drop", actor=world.people["chair"], note=reason)
    world.objects[f"{which} output".strip()] = made
