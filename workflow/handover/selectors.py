"""What the pages of hand-overs read, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from workflow.engine.together import Found, Listing, Wanted, how_many
from workflow.groups import access
from workflow.groups.models import Fact

from . import rules
from .models import (
    CapacityNeed,
    Evidence,
    Handover,
    HandoverItem,
    HandoverQuerySet,
    HandoverRecord,
    ItemQuerySet,
    ItemState,
    NeedQuerySet,
    NeedState,
)

ITEM = ("handover", "position", "kind", "name", "required", "state", "due", "counted", "owner__names")
EVIDENCE = ("item", "number", "words", "file", "name", "size", "by_name", "at")
NEED = ("kind", "severity", "what", "needed", "state")
# What the TWG is known for that bears on who takes the profile over.
TOLD = ("capacity", "sustainability", "data_plan", "endorsement", "budget")


def handovers(person: Any) -> HandoverQuerySet:
    """Those that the person reads, with all that a line or a page shows of them."""
    found: HandoverQuerySet = Handover.objects.all().visible_to(person)
    return found.with_all()


def items(person: Any) -> ItemQuerySet:
    found: ItemQuerySet = HandoverItem.objects.all().visible_to(person)
    return found.with_all()


def needs(person: Any) -> NeedQuerySet:
    found: NeedQuerySet = CapacityNeed.objects.all().visible_to(person)
    return found.with_all()


def evidence(person: Any) -> QuerySet[Evidence]:
    found: QuerySet[Evidence] = Evidence.objects.all().visible_to(person)
    return found


@dataclass
class Line:
    """A line of the checklist as the page shows it: what it means, how one knows, and how late it is."""

    item: HandoverItem
    help: Any
    shown: list[Evidence] = field(default_factory=list)


def checklist(handover: Handover) -> Wanted[list[Line]]:
    """Every line with its evidence, in order."""
    shown = Evidence.objects.filter(item__handover=handover).order_by("item", "number")

    def made(found: Found) -> list[Line]:
        lines = {item.pk: Line(item, rules.CHECKLIST.get(item.kind, "")) for item in found["items"]}
        for one in found["shown"]:
            lines[one.item_id].shown.append(one)
        return list(lines.values())

    listed = HandoverItem.objects.filter(handover=handover)
    return Wanted({"items": Listing(listed, *ITEM), "shown": Listing(shown, *EVIDENCE)}, made)


def of_item(item: HandoverItem) -> Wanted[list[Evidence]]:
    """How one knows that a line is done."""
    return Wanted({"it": Listing(Evidence.objects.filter(item=item), *EVIDENCE)}, lambda found: found["it"])


def needs_of(handover: Handover) -> Wanted[list[CapacityNeed]]:
    """What the update institution lacks, the most severe first; what was met or withdrawn at the end."""

    def made(found: Found) -> list[CapacityNeed]:
        return sorted(found["it"], key=lambda need: (need.state != NeedState.OPEN, need.severity, need.pk))

    return Wanted({"it": Listing(CapacityNeed.objects.filter(handover=handover), *NEED)}, made)


def records_of(handover: Handover) -> Wanted[list[HandoverRecord]]:
    """The signed records, the newest first."""
    listed = HandoverRecord.objects.filter(handover=handover).order_by("-number")
    return Wanted({"it": Listing(listed, "number", "signed_at")}, lambda found: found["it"])


def known_of(handover: Handover) -> Wanted[list[Fact]]:
    """What is known of the TWG that bears on the hand-over, as its page tells it."""
    listed = Fact.objects.filter(twg=handover.twg, topic__in=TOLD)
    return Wanted(
        {"it": Listing(listed, "topic", "statements", "confidence", "source")}, lambda found: found["it"]
    )  # fmt: skip


def listed(found: HandoverQuerySet) -> QuerySet[Any]:
    """With how far each checklist is and what is lacking, by the place's name in the database's order."""
    mine = HandoverItem.objects.filter(handover=OuterRef("pk"))
    open_needs = CapacityNeed.objects.filter(handover=OuterRef("pk"), state=NeedState.OPEN)
    return found.annotate(
        lines=how_many(mine),
        finished=how_many(mine.exclude(state=ItemState.OPEN)),
        waiting_for=how_many(mine.missing()),
        lacking=how_many(open_needs),
    ).order_by("edition__profile__code", "-pk")


LINE = (
    "state", "reply_by", "next_due", "edition__label", "edition__stage", "edition__no_update_institution",
    "edition__profile__code", "edition__profile__names", "edition__profile__updated_by",
    "edition__update_institution__code", "edition__update_institution__names",
    *(f"edition__profile__twg__{column}" for column in ("code", "names", "country", "region__names", "linked_to")),
)  # fmt: skip
COUNTED = ("lines", "finished", "waiting_for", "lacking")


def of_edition(edition: Any) -> Listing:
    return Listing(listed(Handover.objects.filter(edition=edition)), *LINE, *COUNTED)


def of_twg(twg: Any) -> Listing:
    """The hand-overs of a TWG's editions, the newest first."""
    return Listing(listed(Handover.objects.filter(edition__profile__twg=twg)).order_by("-pk"), *LINE, *COUNTED)


def days_late(handover: Handover) -> int:
    """Days past the day by which an answer was asked."""
    return rules.days_late(handover.state, handover.reply_by, timezone.localdate())


def needs_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: what is lacking, by its words."""
    own = access.seats(person)
    if not (own.full or own.projects):
        return None
    rows = CapacityNeed.objects.all().visible_to(person).order_by("-pk")
    for word in wanted:
        rows = rows.filter(folded__contains=word)
    place = "handover__edition__profile__twg__"
    return Listing(rows, "what", "folded", f"{place}country", f"{place}region__names", f"{place}region__acronym")


def handovers_found(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: hand-overs by their profile and institution."""
    own = access.seats(person)
    if not (own.full or own.projects):
        return None
    rows = Handover.objects.all().visible_to(person).order_by("-pk")
    return Listing(rows, "edition__label", "edition__profile__names", "edition__update_institution__names")
