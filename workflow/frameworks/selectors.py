"""What the pages of the register read, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from workflow.engine.together import Listing, Wanted, how_many
from workflow.groups import access
from workflow.groups.models import Institution, Twg

from .models import EntryQuerySet, Framework, FrameworkKind, PolicyActor

ON_A_PANEL = 6


def frameworks(person: Any) -> EntryQuerySet:
    """The frameworks that the person reads, with all that a page shows of them."""
    found: EntryQuerySet = Framework.objects.all().visible_to(person)
    return found.select_related("twg__region").prefetch_related("responsible")


def actors(person: Any) -> EntryQuerySet:
    """The policy actors that the person reads."""
    found: EntryQuerySet = PolicyActor.objects.all().visible_to(person)
    return found.select_related("twg__region", "institution")


def twgs(person: Any) -> QuerySet[Twg]:
    """The TWGs whose register the person reads; a linked body has none."""
    return Twg.objects.all().with_regions_for(person)


def in_register(found: EntryQuerySet, twg: Twg) -> EntryQuerySet:
    """Of a TWG's register: its own entries, and those of the regions that its country belongs to (S36)."""
    return found.filter(Q(twg=twg) | Q(twg__in=regional(twg)))


def regional(twg: Twg) -> QuerySet[Twg]:
    """The TWGs of the regions to which the TWG's country belongs."""
    if not twg.country:
        return Twg.objects.none()
    return Twg.objects.filter(region__countries__contains=str(twg.country), linked_to=None)


def own_first(found: EntryQuerySet, twg: Twg) -> EntryQuerySet:
    """A country's own entries before its region's; frameworks by kind, as the kinds are listed."""
    own = Case(When(twg=twg, then=Value(0)), default=Value(1))
    if found.model is PolicyActor:
        return found.order_by(own, "institution__folded", "pk")
    kind = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(FrameworkKind)))
    return found.order_by(own, kind, "pk")


PLACE = ("country", "region__names", "region__acronym")


def panel(twg: Twg) -> Wanted[dict[str, Any]]:
    """For the TWG's page: how much the register holds, and what was entered last."""
    frameworks = in_register(Framework.objects.all().standing(), twg)
    actors = in_register(PolicyActor.objects.all().standing(), twg)
    counts = Twg.objects.filter(pk=twg.pk).annotate(framework_count=how_many(frameworks), actor_count=how_many(actors))
    listings = {
        "frameworks": Listing(frameworks.order_by("-pk"), "names", "kind", most=ON_A_PANEL),
        "counts": Listing(counts, "framework_count", "actor_count"),
    }
    return Wanted(listings, lambda found: {"frameworks": found["frameworks"], "counts": found["counts"][0]})


def of_institution(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None]:
    """What an institution does and answers for in the registers that the person reads."""
    roles = PolicyActor.objects.all().visible_to(person).standing().filter(institution=institution)
    answered_for = Framework.objects.all().visible_to(person).standing().filter(responsible=institution)
    place = [f"twg__{column}" for column in PLACE]
    listings = {
        "roles": Listing(roles.order_by("twg__code"), "roles", *place),
        "frameworks": Listing(answered_for.order_by("twg__code", "pk"), "names", *place),
    }
    return Wanted(listings, lambda found: found if found["roles"] or found["frameworks"] else None)


def frameworks_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: frameworks by title and code."""
    if not _reads_registers(person):
        return None
    rows = Framework.objects.all().visible_to(person).standing()
    for word in wanted:
        rows = rows.filter(folded__contains=word)
    return Listing(rows, "names", "folded")


def actors_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: actors by role and institution."""
    if not _reads_registers(person):
        return None
    rows = PolicyActor.objects.all().visible_to(person).standing()
    for word in wanted:
        rows = rows.filter(Q(folded__contains=word) | Q(institution__folded__contains=word))
    return Listing(rows, "roles", "folded", "institution__names", "institution__folded")


def _reads_registers(person: Any) -> bool:
    own = access.seats(person)
    return bool(own.inside or own.projects)
