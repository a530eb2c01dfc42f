"""What the pages of recommendations read, in a constant number of queries; and what other rooms ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from meetings.scheduling.models import MeetingKind
from workflow.engine import readers
from workflow.engine.together import Found, Listing, Totals, Wanted
from workflow.groups.models import Twg
from workflow.profiles.models import Edition

from .models import (
    DONE,
    OPEN,
    UNDER_WAY,
    Ground,
    ProgressReport,
    Recommendation,
    RecommendationQuerySet,
    RecommendationState,
    ReportFile,
    is_open,
)

ON_A_PANEL = 6
EVENTS_ON_A_PAGE = 5
# The order of a list: what is open, then what is to be looked at, then what is to be issued, then what is over.
URGENCY = ([*OPEN], [RecommendationState.IMPLEMENTED], [RecommendationState.DRAFTED])
PLACE = ("code", "names", "country", "region__names", "region__acronym", "time_zone", "linked_to")
# What a line of a panel says of a recommendation, and what tells whether it is late.
LINE = (
    "number", "closed", "texts", "ground", "state", "percent", "due", "report_due", "lead__names",
    *(f"twg__{column}" for column in PLACE),
)  # fmt: skip


def recommendations(person: Any) -> RecommendationQuerySet:
    """The recommendations that the person reads, with all that a line shows of them."""
    return Recommendation.objects.all().visible_to(person).with_all()


def twgs(person: Any) -> QuerySet[Twg]:
    """The TWGs whose recommendations have a list for the person; a linked body's are its TWG's."""
    return Twg.objects.all().with_regions_for(person)


def listed(found: RecommendationQuerySet) -> RecommendationQuerySet:
    """As a list shows them: what is open first, the soonest due first."""
    order = Case(*(When(state__in=states, then=place) for place, states in enumerate(URGENCY)), default=len(URGENCY))
    return found.annotate(urgency=order).order_by("urgency", "due", "twg__code", "number", "pk")


def overdue(found: Any) -> Any:
    """Those whose day has passed, by the day that it is in Greenwich; each page tells it by the TWG's own."""
    return found.filter(_late())


def _late() -> Q:
    return Q(state__in=OPEN, due__lt=timezone.now().date())


# -- one recommendation -----------------------------------------------------------------------------------


def page_of(recommendation: Recommendation, person: Any, *, history: bool) -> Wanted[Found]:
    """All that its page shows besides itself: one question, however much there is."""
    mine, known = recommendation, Recommendation.objects.all().visible_to(person)
    merged = known.filter(superseded_by=mine.pk, merged=True)
    reports = ProgressReport.objects.filter(Q(recommendation=mine.pk) | Q(recommendation__in=merged.values("pk")))
    near = Q(pk__in=mine.similar.values("pk")) | Q(pk=mine.superseded_by_id or 0) | Q(pk=mine.cascaded_from_id or 0)
    report = ("number", "on", "percent", "words", "by_name", "institution", "way", "at", "recommendation")
    file = ("name", "size", "report")
    listings = {
        "reports": Listing(reports.order_by("-on", "-pk"), *report),
        "files": Listing(ReportFile.objects.filter(report__in=reports.values("pk")), *file),
        "supporting": Listing(mine.supporting.order_by("folded"), "code", "names"),
        "frameworks": Listing(mine.frameworks.all().visible_to(person).order_by("pk"), "names", "kind"),
        "near": Listing(known.filter(near).order_by("pk"), *LINE),
        "given_way": Listing(known.filter(superseded_by=mine.pk).order_by("pk"), "merged", *LINE),
        "cascade": Listing(known.filter(cascaded_from=mine.pk).order_by("twg__code"), *LINE, "reported_on"),
    }
    if history:
        listings |= readers.last_listings(mine, person, EVENTS_ON_A_PAGE)

    def made(found: Found) -> Found:
        files: dict[int, list[ReportFile]] = {}
        for one in found["files"]:
            files.setdefault(one.report_id, []).append(one)
        for one in found["reports"]:
            one.shown_files = files.get(one.pk, [])
        near_by_pk = {one.pk: one for one in found.pop("near")}
        found["successor"] = [one for pk, one in near_by_pk.items() if pk == mine.superseded_by_id]
        found["parent"] = [one for pk, one in near_by_pk.items() if pk == mine.cascaded_from_id]
        apart = {mine.superseded_by_id, mine.cascaded_from_id}
        found["similar"] = [one for pk, one in near_by_pk.items() if pk not in apart]
        return found

    return Wanted(listings, made)


def report_file(person: Any, pk: int) -> ReportFile | None:
    """A file that shows progress, for those who read the recommendation."""
    known = Recommendation.objects.all().visible_to(person)
    return ReportFile.objects.filter(pk=pk, report__recommendation__in=known).first()


# -- counted ----------------------------------------------------------------------------------------------


def _counts() -> dict[str, Count]:
    """What a roll-up counts of any set of recommendations; drafts are nobody's yet."""
    state = RecommendationState
    wanted = {
        "listed": Q(),
        "total": ~Q(state=state.DRAFTED),
        "unanswered": Q(state=state.ISSUED),
        "under_way": Q(state__in=UNDER_WAY),
        "declined": Q(state=state.DECLINED),
        "implemented": Q(state__in=DONE),
        "verified": Q(state=state.VERIFIED),
        "late": _late(),
    }
    return {name: Count("pk", filter=condition) for name, condition in wanted.items()}


@dataclass(frozen=True)
class Standing:
    """How a set of recommendations stands; `listed` counts drafts, too."""

    listed: int = 0
    total: int = 0
    unanswered: int = 0
    under_way: int = 0
    declined: int = 0
    implemented: int = 0
    verified: int = 0
    late: int = 0

    @property
    def percent(self) -> int:
        """How many of them are implemented, in percent."""
        return 100 * self.implemented // self.total if self.total else 0


def standing(found: QuerySet[Recommendation]) -> Standing:
    """One question for any number of them."""
    return Standing(**found.order_by().aggregate(**_counts()))


def together(places: Iterable[Place]) -> Standing:
    """The sum of several places, without asking again."""
    told = [asdict(place.standing) for place in places]
    return Standing(**{field.name: sum(one[field.name] for one in told) for field in fields(Standing)})


@dataclass(frozen=True)
class Place:
    """One TWG in the roll-up across countries."""

    twg: Twg
    standing: Standing


def by_twg(found: QuerySet[Recommendation]) -> list[Place]:
    """How each TWG stands, by the place's name: two questions."""
    rows: Any = found.order_by().values("twg").annotate(**_counts())
    counted = {row["twg"]: Standing(**{name: row[name] for name in row if name != "twg"}) for row in rows}
    twgs_ = Twg.objects.filter(pk__in=counted).select_related("region")
    return sorted((Place(twg, counted[twg.pk]) for twg in twgs_), key=lambda place: place.twg.place)


def handed_on(cascade: list[Recommendation]) -> Standing:
    """How the countries' items of one of a region's stand, for the roll-up at the region (S22)."""
    states = [item.state for item in cascade]
    return Standing(
        listed=len(states),
        total=len(states),
        unanswered=states.count(RecommendationState.ISSUED),
        under_way=sum(state in UNDER_WAY for state in states),
        declined=states.count(RecommendationState.DECLINED),
        implemented=sum(state in DONE for state in states),
        verified=states.count(RecommendationState.VERIFIED),
        late=sum(item.days_late > 0 for item in cascade),
    )


# -- panels -----------------------------------------------------------------------------------------------


def summary(twg: Twg, person: Any) -> Wanted[dict[str, Any]]:
    """A TWG's recommendations in numbers and the most urgent; of a region's, how many countries have done each."""
    mine = Recommendation.objects.all().visible_to(person).filter(twg=twg)
    counts = Totals(
        mine, total=~Q(state=RecommendationState.DRAFTED), open=Q(state__in=OPEN), late=_late(), done=Q(state__in=DONE)
    )
    listings: dict[str, Listing] = {
        "counts": counts,
        "first": Listing(listed(mine.filter(state__in=OPEN)), *LINE, most=ON_A_PANEL),
    }
    if twg.region_id:
        items = Recommendation.objects.all().visible_to(person).filter(cascaded_from__twg=twg)
        listings["cascade"] = Listing(items, "state", "due", "cascaded_from", "twg__time_zone")

    def made(found: Found) -> dict[str, Any]:
        items: dict[int, list[Recommendation]] = {}
        for item in found.get("cascade", ()):
            items.setdefault(item.cascaded_from_id, []).append(item)
        lines = [(one, handed_on(items[one.pk]) if one.pk in items else None) for one in found["first"]]
        return {"counts": found["counts"][0], "lines": lines}

    return Wanted(listings, made)


def issued_of(meeting: Any, person: Any) -> Listing:
    """What a meeting issued, as far as the person may know."""
    mine = Recommendation.objects.all().visible_to(person).filter(meeting=meeting, cascaded_from=None)
    return Listing(mine.order_by("number", "pk"), *LINE)


def issued_for(edition: Edition, person: Any) -> Listing:
    """What was issued on an edition."""
    mine = Recommendation.objects.all().visible_to(person).filter(edition=edition, cascaded_from=None)
    return Listing(mine.order_by("number", "pk"), *LINE)


def found_in(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: recommendations, by their words."""
    rows = Recommendation.objects.all().visible_to(person).order_by("-pk")
    for word in wanted:
        rows = rows.filter(folded__contains=word)
    return Listing(rows, "number", "closed", "texts", "folded", *(f"twg__{column}" for column in PLACE))


# -- asked by other rooms ---------------------------------------------------------------------------------


def issued_at(edition: Edition, person: Any = None, *, in_the_open: bool = False) -> dict[str, bool]:
    """For the policy workshop's gate (S21): whether its workshop issued recommendations on policy, and on data.

    Counted are those that have been issued (also when they lapsed later) at a policy workshop of this edition. With a
    `person`, only those that they may know of: a page must not tell of what a closed session has issued (S31).
    """
    found = Recommendation.objects.all() if person is None else Recommendation.objects.all().visible_to(person)
    if in_the_open:  # what everybody who reads the TWG may know of
        found = found.filter(is_open())
    issued = found.filter(
        edition=edition, number__isnull=False, cascaded_from=None, meeting__kind=MeetingKind.POLICY_WORKSHOP
    )
    grounds = set(issued.order_by().values_list("ground", flat=True).distinct())
    return {ground.value: ground.value in grounds for ground in Ground}
