"""What the pages of data plans read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet

from workflow.datarequests.rules import today_in
from workflow.engine.together import Found, Listing, Tally, Wanted, first, how_many
from workflow.groups.models import Twg

from . import rules
from .models import (
    ActionProgress,
    Commitment,
    CommitmentStatus,
    DataAction,
    DataActionState,
    DataPlan,
    Dependency,
    Output,
    PlanState,
)
from .models.action import ActionQuerySet
from .models.money import CommitmentQuerySet
from .models.output import OutputQuerySet
from .models.plan import STANDING, PlanQuerySet

SOONEST = (F("due_on").asc(nulls_last=True), F("starts_on").asc(nulls_last=True), "pk")
BY_START = (F("starts_on").asc(nulls_last=True), F("due_on").asc(nulls_last=True), "pk")
ON_A_PANEL = 6
ON_A_SUBJECT = 30


def plans(person: Any) -> PlanQuerySet:
    """The data plans that the person reads, with all that a page shows of them."""
    return DataPlan.objects.all().visible_to(person).with_all()


def actions(person: Any) -> ActionQuerySet:
    return DataAction.objects.all().visible_to(person).with_all()


def commitments(person: Any) -> CommitmentQuerySet:
    return Commitment.objects.all().visible_to(person).with_all()


def outputs(person: Any) -> OutputQuerySet:
    return Output.objects.all().visible_to(person).with_all()


def twgs(person: Any) -> QuerySet[Twg]:
    """Those whose data plans the person may read: of TWGs themselves, not of bodies linked to them."""
    return Twg.objects.all().internal_to(person).filter(linked_to=None).select_related("region", "project")


def compared(person: Any) -> QuerySet[DataPlan]:
    """Plans that stand, across countries, with how many of their actions are done, late, blocked (as far as the person
    may know): one query.
    """
    mine = DataAction.objects.all().visible_to(person).filter(plan=OuterRef("pk"))
    counted = plans(person).filter(state__in=STANDING).annotate(
        all_of_them=how_many(mine), done=how_many(mine.filter(state=DataActionState.DONE)),
        blocked=how_many(mine.filter(state=DataActionState.BLOCKED)),
        late=how_many(mine.overdue(today_in("UTC"))),
    )  # fmt: skip
    return counted.order_by("twg__code", "-number")


def listed(found: ActionQuerySet) -> ActionQuerySet:
    """As a list shows them: who contributes, the soonest due first."""
    return found.prefetch_related("contributors").order_by(*SOONEST)


def stuck(found: ActionQuerySet, twg: Twg) -> ActionQuerySet:
    """What is blocked, or whose day has passed where the TWG works."""
    late = Q(due_on__lt=today_in(twg.time_zone))
    return found.unfinished().filter(late | Q(state=DataActionState.BLOCKED))


def needs_of(action: DataAction, person: Any) -> ActionQuerySet:
    """What has to be finished before it, as far as the person may know."""
    needed = Dependency.objects.filter(action=action).values("needs")
    return actions(person).filter(pk__in=needed).order_by(*SOONEST)


def needed_by(action: DataAction, person: Any) -> ActionQuerySet:
    waiting = Dependency.objects.filter(needs=action).values("action")
    return actions(person).filter(pk__in=waiting).order_by(*SOONEST)


def reports(action: DataAction) -> QuerySet[ActionProgress]:
    return ActionProgress.objects.filter(action=action).order_by("-number")


# -- the schedule -----------------------------------------------------------------------------------------


class Slip(NamedTuple):
    """An action that would be later: by how many days, and the day on which it would then be due."""

    action: DataAction
    days: int
    due: date | None


@dataclass(frozen=True)
class Schedule:
    """The actions of a plan in time, as one person may know them: what is hidden from them holds nothing up here."""

    actions: Sequence[DataAction]
    tasks: Sequence[rules.Task]
    critical: Sequence[int] = ()
    early: Sequence[tuple[DataAction, DataAction]] = ()
    by_key: dict[int, DataAction] = field(default_factory=dict)

    def slips(self, key: int, days: int) -> list[Slip]:
        """What slips, and by how many days, when one action ends so much later; itself first."""
        found = rules.slips(self.tasks, key, days)
        listed = sorted(found.items(), key=lambda pair: (pair[0] != key, pair))
        return [Slip(a := self.by_key[one], late, rules.moved(a.due_on, late)) for one, late in listed]


def schedule(found: Iterable[DataAction], person: Any) -> Schedule:
    """One question besides the one for the actions."""
    listed_ = list(found)
    by_key = {action.pk: action for action in listed_}
    needs: dict[int, set[int]] = {}
    for one, need in Dependency.objects.filter(action__in=by_key, needs__in=by_key).values_list("action", "needs"):
        needs.setdefault(one, set()).add(need)
    tasks = [task_of(action, needs.get(action.pk, set())) for action in listed_]
    early = [(by_key[one], by_key[need]) for one, need in rules.too_early(tasks)]
    return Schedule(listed_, tasks, rules.critical_path(tasks), early, by_key)


def task_of(action: DataAction, needs: Iterable[int]) -> rules.Task:
    return rules.Task(action.pk, action.starts_on, action.due_on, frozenset(needs), action.is_over)


# -- money ------------------------------------------------------------------------------------------------


def totals(found: Iterable[DataAction], paid: Iterable[Commitment]) -> list[rules.Sum]:
    """What the actions cost and what is committed to them, for each currency by itself."""
    costs = [(a.currency, a.cost) for a in found if a.cost is not None and a.state != DataActionState.DROPPED]
    money = [(c.status, c.currency, c.amount) for c in paid
             if c.amount is not None and c.status != CommitmentStatus.WITHDRAWN]  # fmt: skip
    return rules.totals(costs, money)


# -- panels -----------------------------------------------------------------------------------------------

PLAN = ("number", "titles", "state", "confidence")
ACTION = ("titles", "state", "due", "due_on", "percent", "confidence", "lead__names", "lead__acronym", "lead__code")


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any]]:
    """A TWG's plan, its actions in numbers and those that are due next."""
    mine = DataAction.objects.all().visible_to(person).filter(twg=twg, plan__state__in=STANDING)
    standing = DataPlan.objects.filter(twg=twg, state__in=STANDING).order_by("state", "-number")
    waiting = mine.unfinished()
    listings: dict[str, Listing] = {
        "plans": Listing(standing, *PLAN),
        "counts": Tally(mine, "state"),
        "late": Listing(Twg.objects.filter(pk=twg.pk).annotate(
            late=how_many(waiting.overdue(today_in(twg.time_zone)))), "late"),
        "next": Listing(waiting.order_by(*SOONEST), *ACTION, most=ON_A_PANEL),
    }  # fmt: skip

    def made(found: Found) -> dict[str, Any]:
        counts = dict(found["counts"])
        return {
            "plan": _standing(found["plans"]),
            "draft": first([plan for plan in found["plans"] if plan.state == PlanState.DRAFT]),
            "counts": [(label, counts[state]) for state, label in DataActionState.choices if state in counts],
            "late": found["late"][0].late if found["late"] else 0,
            "next": found["next"],
        }

    return Wanted(listings, made)


def _standing(found: Sequence[DataPlan]) -> DataPlan | None:
    """The plan in force, else the draft."""
    return next((plan for plan in found if plan.state == PlanState.IN_FORCE), first(found))


def of_task_force(body: Twg, person: Any) -> dict[str, Listing]:
    """What a linked body delivers, and the actions that it is at work on (S24)."""
    work = DataAction.objects.all().visible_to(person).filter(task_force=body)
    delivered = Output.objects.all().visible_to(person).filter(twg=body)
    return {
        "outputs": Listing(delivered.order_by("pk"), "titles", "state", "due", "delivered_on", "confidence"),
        "actions": Listing(work.order_by(*SOONEST), *ACTION),
    }


def of_subject(which: Q, person: Any) -> Listing:
    """The actions that answer a recommendation, or concern a data source or a gap."""
    found = DataAction.objects.all().visible_to(person).filter(which).distinct()
    place = ("twg__country", "twg__region__names", "twg__region__acronym")
    return Listing(found.order_by(*SOONEST), *ACTION, *place, most=ON_A_SUBJECT)


# -- the search, the list of choices ----------------------------------------------------------------------


def found_actions(person: Any, wanted: list[str]) -> Listing:
    """For the search: actions, by their titles."""
    words = Q()
    for word in wanted:
        words &= Q(folded__contains=word)
    rows = DataAction.objects.all().visible_to(person).filter(words).order_by("-pk")
    return Listing(rows, "titles", "folded", "twg__country", "twg__region__names", "twg__region__acronym")


def found_plans(person: Any, wanted: list[str]) -> Listing:
    rows = DataPlan.objects.all().visible_to(person).order_by("-pk")
    return Listing(rows, "titles", "twg__country", "twg__region__names", "twg__region__acronym")


def with_everything(found: QuerySet[DataAction], person: Any) -> QuerySet[DataAction]:
    """As exports show them, in a constant number of questions; the API adds publications and reports."""
    seen = DataAction.objects.all().visible_to(person).order_by().values("pk")
    needed = Dependency.objects.filter(needs__in=seen).select_related("needs").order_by("needs")
    return found.prefetch_related(
        "contributors", "data_sources", "gaps", Prefetch("dependencies", needed),
        Prefetch("commitments", Commitment.objects.select_related("institution").order_by("pk")),
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the schedule's table: how long the action takes, what it needs, how much room it has."""

    action: DataAction
    days: int
    needs: Sequence[DataAction]
    slack: int | None
    critical: bool


def rows_of(known: Schedule) -> list[Row]:
    """The schedule as a table, in its order."""
    free, critical = rules.slack(known.tasks), set(known.critical)
    return [
        Row(action, task.days, [known.by_key[need] for need in sorted(task.needs)], free.get(task.key),
            task.key in critical)
        for action, task in zip(known.actions, known.tasks, strict=True)
    ]  # fmt: skip


@dataclass(frozen=True)
class Concerns:
    """What an action has to do with: gaps it closes, sources it concerns, publications that support it."""

    gaps: Sequence[Any]
    data_sources: Sequence[Any]
    publications: Sequence[Any]

    def __bool__(self) -> bool:
        return bool(self.gaps or self.data_sources or self.publications)


def concerns(action: DataAction, person: Any) -> Concerns:
    """Each as far as the person may read it."""
    found = (getattr(action, name).all().visible_to(person) for name in ("gaps", "data_sources", "publications"))
    return Concerns(*map(list, found))
