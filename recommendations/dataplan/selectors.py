"""What the pages of data plans read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet

from workflow.datarequests.rules import today_in
from workflow.engine import readers
from workflow.engine.conditions import points_into
from workflow.engine.together import Found, Listing, Totals, Wanted, first, how_many
from workflow.groups.models import Twg

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
from .models.action import UNFINISHED, ActionQuerySet
from .models.money import CommitmentQuerySet
from .models.output import OutputQuerySet
from .models.plan import STANDING, PlanQuerySet
from .sums import Sum, totals

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


LINE = ("titles", "state", "due")
MONEY = (
    "payer", "amount", "currency", "fiscal_year", "status", "confidence", "statements", "institution__names",
    "institution__acronym",
)  # fmt: skip
REPORTS_ON_A_PAGE = 10


def page_of(action: DataAction, person: Any, events: int) -> Wanted[Found]:
    """All that an action's page shows besides itself, each as far as the person may read it: one question (S31)."""
    waiting = Dependency.objects.filter(needs=action).values("action")
    reports = ActionProgress.objects.filter(action=action).order_by("-number")
    gaps, sources, publications = (
        getattr(action, name).all().visible_to(person) for name in ("gaps", "data_sources", "publications")
    )
    listings = {
        "contributors": Listing(action.contributors.order_by("folded"), "code", "names", "acronym"),
        "needs": Listing(needs_of(action, person), *LINE),
        "needed_by": Listing(actions(person).filter(pk__in=waiting).order_by(*SOONEST), *LINE),
        "commitments": Listing(commitments(person).filter(action=action), *MONEY),
        "reports": Listing(reports, "percent", "by_name", "institution", "at", "words", most=REPORTS_ON_A_PAGE),
        "gaps": Listing(gaps, "titles"),
        "data_sources": Listing(sources, "names"),
        "publications": Listing(publications, "titles"),
        **readers.last_listings(action, person, events),
    }

    def made(found: Found) -> Found:
        return found | {"events": readers.last_lines(found, person)}

    return Wanted(listings, made)


# -- around and money -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Around:
    """What stands around a plan's actions: how many these are, and the TWG's other plans."""

    count: int
    others: Sequence[DataPlan]


def around(plan: DataPlan, found: ActionQuerySet) -> Wanted[Around]:
    counted = DataPlan.objects.filter(pk=plan.pk).annotate(total=how_many(found.order_by()))
    others = DataPlan.objects.filter(twg=plan.twg_id).exclude(pk=plan.pk).order_by("-number")
    listings = {"counted": Listing(counted, "total"), "others": Listing(others, *PLAN)}
    return Wanted(listings, lambda read: Around(read["counted"][0].total, read["others"]))


@dataclass(frozen=True)
class Money:
    """Sums for each currency by itself, and how many commitments have no amount, and so are in none of them."""

    sums: Sequence[Sum]
    unknown: int


def money_of(found: ActionQuerySet) -> Wanted[Money]:
    """What these actions cost and what is committed to them. Money is read with its action (S31)."""
    listings = {
        "costs": Listing(found.exclude(state=DataActionState.DROPPED).exclude(cost=None), "currency", "cost"),
        "paid": Listing(
            Commitment.objects.filter(points_into("action", found)).exclude(status=CommitmentStatus.WITHDRAWN),
            "status", "currency", "amount",
        ),
    }  # fmt: skip

    def made(read: Found) -> Money:
        costs = [(one.currency, one.cost) for one in read["costs"]]
        known = [(one.status, one.currency, one.amount) for one in read["paid"] if one.amount is not None]
        return Money(totals(costs, known), len(read["paid"]) - len(known))

    return Wanted(listings, made)


# -- panels -----------------------------------------------------------------------------------------------

PLAN = ("number", "titles", "state", "confidence")
ACTION = ("titles", "state", "due", "due_on", "percent", "confidence", "lead__names", "lead__acronym", "lead__code")


def of_twg(twg: Twg, person: Any) -> Wanted[dict[str, Any]]:
    """A TWG's plan, its actions in numbers and those that are due next."""
    mine = DataAction.objects.all().visible_to(person).filter(twg=twg, plan__state__in=STANDING)
    standing = DataPlan.objects.filter(twg=twg, state__in=STANDING).order_by("state", "-number")
    late = Q(state__in=UNFINISHED, due_on__lt=today_in(twg.time_zone))
    listings: dict[str, Listing] = {
        "plans": Listing(standing, *PLAN),
        "counts": Totals(mine, late=late, **{state: Q(state=state) for state in DataActionState.values}),
        "next": Listing(mine.unfinished().order_by(*SOONEST), *ACTION, most=ON_A_PANEL),
    }

    def made(found: Found) -> dict[str, Any]:
        counts = found["counts"][0]
        return {
            "plan": _standing(found["plans"]),
            "draft": first([plan for plan in found["plans"] if plan.state == PlanState.DRAFT]),
            "counts": [(label, counts[state]) for state, label in DataActionState.choices if counts[state]],
            "late": counts["late"],
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
