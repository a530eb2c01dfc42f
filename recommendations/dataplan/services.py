"""All that writes data plans besides their text and their states: plans, actions, what they need, money, outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import rules
from .flow import KEEPERS
from .models import Commitment, DataAction, DataPlan, Dependency, Output, PlanState

# What hangs on an action in rows of its own, and under which name its history tells of it.
SEVERAL = {"contributors": "institutions", "data_sources": "concerns", "gaps": "gaps_named", "publications": "support"}


# -- plans ------------------------------------------------------------------------------------------------


@transaction.atomic
def open_plan(twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> DataPlan:
    """A TWG's data plan, drafted; one draft at a time (S14). It comes into force when it is endorsed."""
    require(KEEPERS, twg, actor)
    engine.lock(twg)
    if DataPlan.objects.filter(twg=twg, state=PlanState.DRAFT).exists():
        raise ValidationError(_("The TWG is drafting a data plan already."))
    last = DataPlan.objects.filter(twg=twg).aggregate(last=Max("number"))["last"] or 0
    plan: DataPlan = engine.create(DataPlan(twg=twg, number=last + 1, **fields), actor=actor, telling=telling)
    return plan


def change_plan(plan: DataPlan, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Its title and what it is about, while it stands. Its strategy is a text of its own."""
    require(KEEPERS, plan, actor)
    with engine.change(plan, "changed", actor=actor, version=version) as change:
        _check_stands(change.subject)
        change.assign(fields)


@transaction.atomic
def ask_progress(plan: DataPlan, *, actor: Any, version: int | None = None) -> int:
    """Ask by mail, with one press, whoever leads unfinished actions how far they are; how many actions were asked for.

    Only what the one who asks may read is asked for; the plan's history does not tell how many these were (S31).
    """
    require(KEEPERS, plan, actor)
    known = DataAction.objects.all() if actor is None else DataAction.objects.all().visible_to(actor)
    asked = known.filter(plan=plan).unfinished().exclude(lead=None)
    if not asked.exists():
        raise Unmet(_("No unfinished action has a lead institution that could be asked."))
    with engine.change(plan, "progress_asked", actor=actor, version=version) as change:
        _check_stands(change.subject)
        change.always = True
        # Before the event: whom its mail goes to and what it lists is read from here.
        return asked.update(asked_at=timezone.now())


# -- actions ----------------------------------------------------------------------------------------------


@transaction.atomic
def plan_action(
    plan: DataPlan, fields: Mapping[str, Any], *, actor: Any, needs: Iterable[DataAction] = (),
    telling: Telling = AS_IT_HAPPENS,
) -> DataAction:  # fmt: skip
    """A new action of a plan that stands (S23-S27). Raises ValidationError for what it can't come of or need."""
    require(KEEPERS, plan, actor)
    _hold_needs(plan.twg_id)
    _check_stands(engine.lock(plan))
    single, several = _apart(fields)
    action = DataAction(twg=plan.twg, plan=plan, **single)
    _check(action, several, actor)
    made: DataAction = engine.create(action, actor=actor, name="planned", telling=telling, data=_told(several))
    _set_several(made, several)
    _set_needs(made, list(needs), actor)
    return made


@transaction.atomic
def change_action(
    action: DataAction, fields: Mapping[str, Any], *, actor: Any, needs: Iterable[DataAction] | None = None,
    version: int | None = None, note: str = "", telling: Telling = AS_IT_HAPPENS,
) -> None:  # fmt: skip
    """Another wording, institution, date, cost or dependency, while its plan stands."""
    require(KEEPERS, action, actor)
    if needs is not None:
        _hold_needs(action.twg_id)
    single, several = _apart(fields)
    with engine.change(action, "changed", actor=actor, version=version, note=note, telling=telling) as change:
        fresh: DataAction = change.subject
        _check_stands(fresh.plan)
        before = {name: getattr(fresh, name) for name in single}
        changed = {name: value for name, value in single.items() if before[name] != value}
        engine.assign(fresh, changed)
        _check(fresh, several, actor, changed=changed)
        moved = {name: rows for name, rows in several.items() if _differs(fresh, name, rows)}
        _set_several(fresh, moved)
        change.data.update(_told(moved))
        if needs is not None and _set_needs(fresh, list(needs), actor):
            change.data["needs"] = sorted(fresh.dependencies.values_list("needs", flat=True))
        change.always = bool(set(changed) & set(DataAction.not_told) or moved)


def _apart(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The columns of the action itself, and what hangs on it in rows of its own."""
    single = {name: value for name, value in fields.items() if name not in SEVERAL}
    return single, {name: list(fields[name]) for name in SEVERAL if name in fields}


def _check(action: DataAction, several: Mapping[str, list[Any]], actor: Any, changed: Any = None) -> None:
    """An action comes of what its TWG has decided or is asked, and concerns what is in its TWG's own inventory."""
    names = {"decision", "recommendation"} if changed is None else set(changed)
    wrong = {}
    if "decision" in names and action.decision and not _own(action.decision, action, actor):
        wrong["decision"] = _("This was decided in another TWG.")
    if "recommendation" in names and action.recommendation and not _own(action.recommendation, action, actor):
        wrong["recommendation"] = _("This is recommended to another TWG.")
    for name in ("data_sources", "gaps"):
        if any(row.twg_id != action.twg_id for row in several.get(name, ())):
            wrong[name] = _("This is in another TWG's inventory.")
    if wrong:
        raise ValidationError(wrong)


def _own(row: Any, action: DataAction, actor: Any) -> bool:
    """Whether this is of the action's TWG, as far as the actor may know of it at all (S31)."""
    if row.twg.pk != action.twg_id:
        return False
    return actor is None or bool(type(row).objects.all().visible_to(actor).filter(pk=row.pk).exists())


def _differs(action: DataAction, name: str, rows: list[Any]) -> bool:
    return set(getattr(action, name).values_list("pk", flat=True)) != {row.pk for row in rows}


def _set_several(action: DataAction, several: Mapping[str, list[Any]]) -> None:
    for name, rows in several.items():
        getattr(action, name).set(rows)


def _told(several: Mapping[str, list[Any]]) -> dict[str, Any]:
    """For the history: names in all their languages."""
    return {SEVERAL[name]: [getattr(row, "names", None) or row.titles for row in rows]
            for name, rows in several.items() if rows}  # fmt: skip


def _hold_needs(twg: int) -> None:
    """One at a time for each TWG: two who each add a harmless dependency could close a circle between them.

    Held before any action is locked: whoever held one while waiting here would be waited for by the one who writes.
    """
    engine.hold(f"dependencies of actions of {twg}")


def _set_needs(action: DataAction, wanted: list[DataAction], actor: Any) -> bool:
    """What it needs first, never in a circle (`_hold_needs`); whether that differs. What is hidden from it stays."""
    if any(need.twg_id != action.twg_id for need in wanted):
        raise ValidationError({"needs": _("An action needs others of its own TWG's plan.")})
    pairs = Dependency.objects.filter(action__twg=action.twg_id).values_list("action", "needs")
    known: dict[int, set[int]] = {}
    for one, need in pairs:
        known.setdefault(one, set()).add(need)
    before = known.get(action.pk, set())
    hidden = set() if actor is None else before - _seen(before, actor)
    after = {need.pk for need in wanted} | hidden
    if closed := rules.circle({**known, action.pk: set()}, action.pk, sorted(after)):
        raise ValidationError(
            {"needs": _("This would go round in a circle: %(circle)s.") % {"circle": _way(closed, actor)}}
        )
    Dependency.objects.filter(action=action).exclude(needs__in=after).delete()
    Dependency.objects.bulk_create(Dependency(action=action, needs_id=need) for need in sorted(after - before))
    return after != before


def _seen(keys: Iterable[int], actor: Any) -> set[int]:
    return set(DataAction.objects.all().visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))


def _way(closed: list[int], actor: Any) -> str:
    """A circle in words, as far as the one who would close it may read it."""
    rows = DataAction.objects.filter(pk__in=closed)
    titles = {row.pk: row.title for row in (rows if actor is None else rows.visible_to(actor))}
    return " → ".join(titles.get(pk, "…") for pk in closed)


# -- money ------------------------------------------------------------------------------------------------


def commit(
    action: DataAction, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> Commitment:
    """Money for an action, announced: whose, and how much as far as anybody has said (S26)."""
    require(KEEPERS, action, actor)
    _check_stands(action.plan)
    made: Commitment = engine.create(Commitment(action=action, **fields), actor=actor, name="recorded", telling=telling)
    return made


def change_commitment(
    commitment: Commitment, fields: Mapping[str, Any], *, actor: Any, version: int | None = None
) -> None:
    """Who pays, how much, of which fiscal year."""
    _change(commitment, fields, actor, version)


# -- task forces ------------------------------------------------------------------------------------------


def record_output(body: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Output:
    """What a task force is to deliver (S24)."""
    require(KEEPERS, body, actor)
    made: Output = engine.create(Output(twg=body, **fields), actor=actor, name="recorded", telling=telling)
    return made


def change_output(output: Output, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """What it is, by when, and where it can be read."""
    _change(output, fields, actor, version)


# -- what they share --------------------------------------------------------------------------------------


def _change(subject: Any, fields: Mapping[str, Any], actor: Any, version: int | None) -> None:
    require(KEEPERS, subject, actor)
    with engine.change(subject, "changed", actor=actor, version=version) as change:
        change.assign(fields)


def _check_stands(plan: DataPlan) -> None:
    if not plan.stands:
        raise Unmet(_("This data plan holds no longer: what is to be done stands in the one that follows it."))
