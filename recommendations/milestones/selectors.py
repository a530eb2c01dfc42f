"""What the pages of milestones and hosting commitments read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Value

from workflow.engine.models import Event
from workflow.groups import access, words
from workflow.groups.models import Twg

from .models import Hosting, HostingState, Milestone, MilestoneState

UNDER_WAY = (MilestoneState.AGREED, MilestoneState.IN_PROGRESS)


def milestones(person: Any) -> QuerySet[Milestone]:
    """The milestones that the person may read, with all that a page shows of them."""
    found: QuerySet[Milestone] = Milestone.objects.all().visible_to(person)
    return found.select_related("twg__region", "responsible", "counterpart", "linked_body")


def hostings(person: Any) -> QuerySet[Hosting]:
    found: QuerySet[Hosting] = Hosting.objects.all().visible_to(person)
    return found.select_related("twg__region", "holder")


@dataclass(frozen=True)
class Lasting:
    """The table across countries; `silent` are the TWGs of which nothing is recorded."""

    steps: Sequence[Milestone]
    promises: Sequence[Hosting]
    silent: Sequence[Twg]


def lasting(person: Any) -> Lasting:
    """Will it last? Of every TWG that the person reads from the inside, by the place's name."""
    steps, promises = list(milestones(person)), list(hostings(person))
    known = {step.twg_id for step in steps} | {promise.twg_id for promise in promises}
    inside = Twg.objects.all().internal_to(person).filter(linked_to=None).select_related("region")
    return Lasting(
        steps=sorted(steps, key=lambda step: (step.twg.place, step.pk)),
        promises=sorted(promises, key=lambda promise: (promise.twg.place, promise.pk)),
        silent=sorted((twg for twg in inside if twg.pk not in known), key=lambda twg: twg.place),
    )


def of_twg(twg: Twg) -> dict[str, Any]:
    """One TWG's milestones and promises."""
    return {
        "steps": list(Milestone.objects.filter(twg=twg).select_related("responsible")),
        "promises": list(Hosting.objects.filter(twg=twg).select_related("holder")),
    }


@dataclass(frozen=True)
class Waiting:
    """A milestone or a promise that waits for somebody; `date` is when it is expected, or from when it holds."""

    kind: str
    pk: int
    names: dict[str, str]
    date: str
    state: str
    institution: dict[str, str] | None
    said_by: int | None

    @property
    def title(self) -> str:
        return words.in_language(self.names)

    @property
    def who(self) -> str:
        """The institution that is responsible, or holds the promise."""
        return words.in_language(self.institution or {})


def waiting(person: Any) -> list[Waiting]:
    """All that waits for the person, with one question: steps under way and announced promises for a secretariat,
    achieved steps for a chair and IOM, who verify them unless they said so themselves.
    """
    own = access.seats(person)
    kept = [seat.twg_id for seat in own.present if seat.role == "secretariat"]
    chaired = [seat.twg_id for seat in own.present if seat.role == "chair"]
    if not (kept or chaired or own.projects):
        return []
    said = Event.objects.filter(subject_kind="milestone", subject_id=OuterRef("pk"), name="achieve")
    steps = Milestone.objects.filter(
        Q(twg__in=kept, state__in=UNDER_WAY)
        | Q(Q(twg__in=chaired) | Q(twg__project__in=own.projects), state=MilestoneState.ACHIEVED)
    ).annotate(what=Value("milestone"), said_by=Subquery(said.order_by("-sequence").values("actor_id")[:1]))
    promises = Hosting.objects.filter(twg__in=kept, state=HostingState.ANNOUNCED).exclude(starts="")
    promises = promises.annotate(what=Value("hosting"), said_by=Value(None, output_field=BigIntegerField()))
    found = steps.order_by().values_list(
        "what", "pk", "titles", "when", "state", "responsible__names", "said_by"
    ).union(
        promises.order_by().values_list("what", "pk", "statements", "starts", "state", "holder__names", "said_by"),
        all=True,
    )  # fmt: skip
    rows = (Waiting(*row) for row in found)
    return [row for row in rows if row.state != MilestoneState.ACHIEVED or row.said_by != person.pk]
