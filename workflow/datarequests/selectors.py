"""What the pages of data requests read, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Value, When

from workflow.engine.together import Found, Listing, Tally, Totals, Wanted, how_many
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Text, TextSection

from . import rules
from .models import DataAnswer, DataRequest, DataRequestQuerySet, RequestState

GIVEN = (RequestState.ANSWERED, RequestState.RECEIVED)
# The order of a list: what is waited for first, then what is to be looked at, then what is over.
URGENCY = (
    RequestState.ASKED, RequestState.ANSWERED, RequestState.RECEIVED, RequestState.DECLINED, RequestState.WITHDRAWN,
)  # fmt: skip
ON_A_PANEL = 6
ON_AN_INSTITUTION = 20
# What a line of a panel says of a request, and what tells whether it is late.
LINE = (
    "what", "state", "due", "institution__code", "institution__names",
    *(f"twg__{column}" for column in ("code", "names", "time_zone")),
)  # fmt: skip


def requests(person: Any) -> DataRequestQuerySet:
    """The data requests that the person reads, with all that a line shows of them."""
    return DataRequest.objects.all().visible_to(person).with_all()


def listed(found: DataRequestQuerySet) -> DataRequestQuerySet:
    """As a list shows them: counted answers, what is waited for first."""
    order = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(URGENCY)))
    answers = how_many(DataAnswer.objects.filter(request=OuterRef("pk")))
    return found.annotate(answer_count=answers, urgency=order).order_by("urgency", "due", "pk")


def overdue(found: DataRequestQuerySet, twg: Twg) -> DataRequestQuerySet:
    """Those of one TWG whose day has passed where it works, with no answer."""
    return found.filter(_overdue(twg))


def _overdue(twg: Twg) -> Q:
    return Q(state=RequestState.ASKED, due__lt=rules.today_in(twg.time_zone))


def twgs(person: Any) -> QuerySet[Twg]:
    """The TWGs whose data requests the person reads."""
    return Twg.objects.filter(access.sees_fully(person)).select_related("region", "linked_to")


@dataclass(frozen=True)
class Exchange:
    """What one institution was asked and gave, and what was asked for it: producer and user of data (S12)."""

    name: str
    code: str
    asked: int
    given: int
    declined: int
    late: int
    needed: int


def exchanges(twg: Twg) -> list[Exchange]:
    """Who gives data and who uses it in one TWG, by name; withdrawn requests count for nothing."""
    standing = DataRequest.objects.filter(twg=twg).exclude(state=RequestState.WITHDRAWN)
    its = standing.filter(institution=OuterRef("pk"))
    known = Institution.objects.filter(
        Q(pk__in=standing.values("institution")) | Q(pk__in=standing.exclude(needed_by=None).values("needed_by"))
    )
    counted: Any = known.order_by("folded").annotate(
        number_asked=how_many(its),
        number_given=how_many(its.filter(state__in=GIVEN)),
        number_declined=how_many(its.filter(state=RequestState.DECLINED)),
        number_late=how_many(overdue(its, twg)),
        number_needed=how_many(standing.filter(needed_by=OuterRef("pk"))),
    )
    return [
        Exchange(i.name, i.code, i.number_asked, i.number_given, i.number_declined, i.number_late, i.number_needed)
        for i in counted
    ]


def answers_of(request: DataRequest) -> Wanted[list[DataAnswer]]:
    """What was answered, the first answer first."""
    own = ("number", "words", "file", "name", "size", "by_name", "at", "way", "given_by", "given_on")
    listing = Listing(DataAnswer.objects.filter(request=request).order_by("number"), *own)
    return Wanted({"answers": listing}, lambda found: found["answers"])


def sections_to_ask_for(twg: Twg, besides: int | None = None) -> QuerySet[TextSection]:
    """The sections of the TWG's newest edition's text; and one besides, where a page has named it."""
    newest = Text.objects.filter(twg=twg, subject_kind="edition").order_by("-pk").values("pk")[:1]
    own = Q(text__in=newest, withdrawn_at=None) | Q(pk=besides or 0, text__twg=twg)
    return TextSection.objects.filter(own).defer("body").select_related("text").order_by("text", "position")


def of_section(section: TextSection, person: Any) -> Listing:
    """What was asked for a section, as far as the person may know."""
    return Listing(listed(DataRequest.objects.all().visible_to(person).filter(section=section)), *LINE)


def of_institution(institution: Institution, person: Any) -> Wanted[dict[str, Any] | None]:
    """What it was asked and gave, and what was asked for its use (S12), as far as the person may know."""
    known = DataRequest.objects.all().visible_to(person).exclude(state=RequestState.WITHDRAWN)
    produced, used = known.filter(institution=institution), known.filter(needed_by=institution)
    counts = Institution.objects.filter(pk=institution.pk).annotate(
        number_asked=how_many(produced), number_given=how_many(produced.filter(state__in=GIVEN))
    )

    def made(found: Found) -> dict[str, Any] | None:
        [counted] = found.pop("counts")
        if not (found["produced"] or found["used"]):
            return None
        return {**found, "asked": counted.number_asked, "given": counted.number_given}

    listings = {
        "produced": Listing(listed(produced), *LINE, most=ON_AN_INSTITUTION),
        "used": Listing(listed(used), *LINE, most=ON_AN_INSTITUTION),
        "counts": Listing(counts, "number_asked", "number_given"),
    }
    return Wanted(listings, made)


def open_by_section(text: Text, person: Any) -> Tally | None:
    """How many requests are waited for, by the section's id."""
    if text.twg is None:
        return None
    waited = DataRequest.objects.all().visible_to(person).filter(section__text=text, state=RequestState.ASKED)
    return Tally(waited, "section")


def summary(twg: Twg) -> Wanted[dict[str, Any]]:
    """A TWG's requests in numbers, and the most urgent of them."""
    mine = DataRequest.objects.filter(twg=twg)
    asked = Q(state=RequestState.ASKED)
    counts = Totals(mine, waiting=asked, late=_overdue(twg), to_read=Q(state=RequestState.ANSWERED), total=~Q(pk=None))
    urgent = listed(mine.filter(state__in=(RequestState.ASKED, RequestState.ANSWERED)))
    listings: dict[str, Listing] = {
        "counts": counts,
        "first": Listing(urgent, *LINE, most=ON_A_PANEL),
    }
    return Wanted(listings, lambda found: {"counts": found["counts"][0], "first": found["first"]})


def found_in(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: what is asked, by its words."""
    own = access.seats(person)
    if not (own.full or own.projects):
        return None
    rows = DataRequest.objects.all().visible_to(person).order_by("-pk")
    for word in wanted:
        rows = rows.filter(Q(folded__contains=word) | Q(institution__folded__contains=word))
    return Listing(rows, "what", "folded", "institution__names", "institution__folded")
