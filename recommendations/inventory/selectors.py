"""What the pages of the inventory read, in a constant number of queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from workflow.datarequests.models import DataRequest
from workflow.datarequests.selectors import LINE as REQUEST_LINE
from workflow.datarequests.selectors import listed as requests_listed
from workflow.engine.together import Found, Listing, Wanted, how_many
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.profiles.models import Edition, TemplateVersion

from .choices import OPEN_GAPS, Severity, SourceKind, SourceState
from .models import DataGap, DataSource, GapQuerySet, SourceQuerySet
from .publications import SupportingPublication

ON_A_PANEL = 6
STALE_DAYS = 365
PLACE = ("twg__code", "twg__country", "twg__region__names", "twg__region__acronym")
GAP_LINE = ("titles", "section", "severity", "state", "data_source__names")
# What weighs most comes first.
WEIGHT = Case(*(When(severity=severity, then=Value(place)) for place, severity in enumerate(Severity)))


def stale_before(today: date | None = None) -> date:
    """Sources last looked at before this day wait for somebody to look at them again."""
    return date.fromordinal((today or timezone.localdate()).toordinal() - STALE_DAYS)


def sources(person: Any) -> SourceQuerySet:
    """The sources that the person reads, with all that a line shows of them."""
    found: SourceQuerySet = DataSource.objects.all().visible_to(person)
    return found.select_related("twg__region", "custodian")


def gaps(person: Any) -> GapQuerySet:
    found: GapQuerySet = DataGap.objects.all().visible_to(person)
    return found.select_related("twg__region", "data_source")


def publications(person: Any) -> QuerySet[SupportingPublication]:
    found: QuerySet[SupportingPublication] = SupportingPublication.objects.all().visible_to(person)
    return found.select_related("project")


def twgs(person: Any) -> QuerySet[Twg]:
    """The TWGs whose inventory the person reads; a linked body has none."""
    inside = Twg.objects.filter(access.sees_inside(person) | access.sees_for_the_region(person))
    return inside.filter(linked_to=None).select_related("region")


def by_kind(found: SourceQuerySet) -> SourceQuerySet:
    """As the kinds are listed, then as they were entered; with how many gaps are open in each."""
    kind = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(SourceKind)))
    return found.annotate(gap_count=_open_gaps(), kind_place=kind).order_by("kind_place", "pk")


def _open_gaps() -> Any:
    return how_many(DataGap.objects.filter(data_source=OuterRef("pk"), state__in=OPEN_GAPS))


def by_weight(found: GapQuerySet) -> GapQuerySet:
    """What is open and weighs most first."""
    is_open = Case(When(state__in=OPEN_GAPS, then=Value(0)), default=Value(1))
    return found.annotate(is_over=is_open, weight=WEIGHT).order_by("is_over", "weight", "section", "pk")


def template_of(twg: Twg) -> QuerySet[TemplateVersion]:
    """The template by which the TWG's places are called: its newest edition's, else its project's newest."""
    edition = Edition.objects.filter(profile__twg=twg).order_by("-pk").values("template")[:1]
    newest = TemplateVersion.objects.filter(project=twg.project_id).order_by("-number").values("pk")[:1]
    return TemplateVersion.objects.filter(pk=Coalesce(Subquery(edition), Subquery(newest)))


# -- one source, one gap ----------------------------------------------------------------------------------


def around_source(source: DataSource, person: Any) -> Wanted[dict[str, Any]]:
    """Beside a source: its gaps, its users, what supports it, and what its custodian was asked for (S12)."""
    requests = DataRequest.objects.all().visible_to(person).filter(twg=source.twg_id, institution=source.custodian_id)
    listings = {
        "gaps": Listing(by_weight(DataGap.objects.filter(data_source=source)), *GAP_LINE),
        "users": Listing(source.users.order_by("folded"), "code", "names", "acronym"),
        "publications": Listing(source.publications.all(), "titles", "authors", "when", "forthcoming"),
        "requests": Listing(requests_listed(requests), *REQUEST_LINE, "needed_by__names", most=ON_A_PANEL),
    }
    return Wanted(listings, lambda found: dict(found))


def users_of(found: QuerySet[DataSource]) -> Listing:
    """Who uses each of the sources."""
    through: Any = DataSource.users.through
    rows = through.objects.filter(datasource__in=found.order_by().values("pk")).order_by("institution__folded")
    return Listing(rows, "datasource", "institution__code", "institution__names", "institution__acronym")


# -- panels, search, inbox --------------------------------------------------------------------------------


def summary(twg: Twg) -> Wanted[dict[str, Any]]:
    """For the pages of a TWG and of its edition: how much the inventory holds, and the gaps that weigh most."""
    mine, missing = DataSource.objects.filter(twg=twg).standing(), DataGap.objects.filter(twg=twg).open()
    counts = Twg.objects.filter(pk=twg.pk).annotate(
        source_count=how_many(mine),
        gap_count=how_many(missing),
        stale_count=how_many(mine.filter(state=SourceState.LISTED, reviewed_on__lt=stale_before())),
    )
    listings = {
        "gaps": Listing(by_weight(missing), *GAP_LINE, most=ON_A_PANEL),
        "counts": Listing(counts, "source_count", "gap_count", "stale_count"),
    }
    return Wanted(listings, lambda found: {"gaps": found["gaps"], "counts": found["counts"][0]})


def of_place(twg: Twg, place: str, part: str) -> dict[str, Listing]:
    """For a section's page: the sources that it can draw on and the gaps in them; its part's count for it too."""
    at = Q(placed__contains=f" {place} ") | Q(placed__contains=f" {part} ")
    found = DataSource.objects.filter(at, twg=twg).standing()
    missing = DataGap.objects.filter(twg=twg, section__in={place, part}).open()
    columns = ("names", "kind", "quality", "access", "latest", "state", "custodian__names", "custodian__acronym")
    return {
        "sources": Listing(found.order_by("kind", "pk"), *columns),
        "gaps": Listing(by_weight(missing), *GAP_LINE),
    }


def of_institution(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None]:
    """Which data an institution produces and which it uses (S12), in the inventories that the person reads."""
    known = DataSource.objects.all().visible_to(person).standing().order_by("twg__code", "pk")
    listings = {
        "produced": Listing(known.filter(custodian=institution), "names", "kind", *PLACE),
        "used": Listing(known.filter(users=institution), "names", "kind", *PLACE),
    }

    def made(found: Found) -> dict[str, Any] | None:
        return dict(found) if found["produced"] or found["used"] else None

    return Wanted(listings, made)


def sources_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: sources by name and code, and by their custodian."""
    if not reads_inventories(person):
        return None
    rows = DataSource.objects.all().visible_to(person).standing()
    for word in wanted:
        rows = rows.filter(Q(folded__contains=word) | Q(custodian__folded__contains=word))
    return Listing(rows, "names", "folded", "custodian__names", "custodian__folded")


def gaps_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: gaps by what is missing and by what is proposed."""
    if not reads_inventories(person):
        return None
    rows = DataGap.objects.all().visible_to(person)
    for word in wanted:
        rows = rows.filter(folded__contains=word)
    return Listing(rows, "titles", "folded", "section")


def reads_inventories(person: Any) -> bool:
    own = access.seats(person)
    return bool(own.inside or own.projects or own.regional_countries)


def waiting(person: Any) -> Wanted[dict[str, Any]] | None:
    """Of the TWGs whose secretariat the person is: grave gaps with nothing proposed, sources nobody has looked at."""
    kept = {seat.twg_id for seat in access.seats(person).present if seat.role == "secretariat"}
    if not kept:
        return None
    grave = DataGap.objects.filter(twg=OuterRef("pk"), severity=Severity.HIGH, improvements={}).open()
    stale = DataSource.objects.filter(twg=OuterRef("pk"), state=SourceState.LISTED, reviewed_on__lt=stale_before())
    rows = Twg.objects.filter(pk__in=kept).annotate(grave_count=how_many(grave), stale_count=how_many(stale))
    return Wanted(
        {"twgs": Listing(rows, "code", "names", "grave_count", "stale_count")}, lambda found: dict(found)
    )  # fmt: skip
