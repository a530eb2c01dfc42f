"""What the pages of milestones and hosting commitments read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from workflow.engine.models import Event
from workflow.engine.together import Listing
from workflow.groups import access
from workflow.groups.models import Institution, Twg

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


def of_twg(twg: Twg) -> dict[str, Listing]:
    """One TWG's milestones and promises, as its page shows them."""
    steps, promises = Milestone.objects.filter(twg=twg), Hosting.objects.filter(twg=twg)
    return {
        "steps": Listing(steps, "titles", "state", "confidence", "responsible__names", "responsible__code"),
        "promises": Listing(promises, "statements", "state", "starts", "confidence", "holder__names", "holder__code"),
    }


def of_institution(institution: Institution, person: Any) -> dict[str, Listing]:
    """What it is responsible for and what it hosts, in the TWGs that the person reads from the inside (S42, S43)."""
    near = Q(responsible=institution) | Q(counterpart=institution)
    steps = Milestone.objects.all().visible_to(person).filter(near)
    promises = Hosting.objects.all().visible_to(person).filter(holder=institution)
    place = ("twg__code", "twg__names")
    return {
        "steps": Listing(steps.order_by("twg__code", "pk"), "titles", "state", "confidence", "responsible", *place),
        "promises": Listing(
            promises.order_by("twg__code", "pk"), "statements", "state", "starts", "ends", "confidence", *place
        ),
    }


def waiting(person: Any) -> dict[str, Listing]:
    """All that waits for the person: steps under way and announced promises for a secretariat, achieved steps for a
    chair and IOM, who verify them unless they said so themselves.
    """
    own = access.seats(person)
    kept = [seat.twg_id for seat in own.present if seat.role == "secretariat"]
    chaired = [seat.twg_id for seat in own.present if seat.role == "chair"]
    said = Event.objects.filter(subject_kind="milestone", subject_id=OuterRef("pk"), name="achieve")
    verified = Milestone.objects.filter(Q(twg__in=chaired) | Q(twg__project__in=own.projects)).alias(
        said_by=Subquery(said.order_by("-sequence").values("actor_id")[:1])
    )
    listings = {}
    if kept:
        promises = Hosting.objects.filter(twg__in=kept, state=HostingState.ANNOUNCED).exclude(starts="")
        listings["promises"] = Listing(promises, "statements", "starts", "holder__names", "holder__code")
        steps = Milestone.objects.filter(twg__in=kept, state__in=UNDER_WAY)
        listings["steps"] = Listing(steps, *STEP)
    if chaired or own.projects:
        others = verified.filter(~Q(said_by=person.pk) | Q(said_by=None), state=MilestoneState.ACHIEVED)
        listings["achieved"] = Listing(others, *STEP)
    return listings


STEP = ("titles", "state", "when", "responsible__names", "responsible__code")
