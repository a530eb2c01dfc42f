"""Who has and who has not commented in a round; “no comments” is an answer, too (S13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from workflow.engine import together
from workflow.engine.together import Listing, Wanted
from workflow.groups.models import Institution

from . import asked
from .models import UNANSWERED, Asked, Remark, RemarkState, Round, RoundState


def answered(path: str = "") -> Q:
    """Asked rows (along `path`) of institutions that have commented, or said that they have nothing to say."""
    said = Remark.objects.filter(
        round=OuterRef(f"{path}round"), institution=OuterRef(f"{path}institution"), number__isnull=False
    ).exclude(state=RemarkState.WITHDRAWN)
    return Q(**{f"{path}nothing_at__isnull": False}) | Q(Exists(said))


def silent(round_: Round) -> QuerySet[Any]:
    """The institutions (ids) that were asked and have not answered."""
    return Asked.objects.filter(round=round_).exclude(answered()).values("institution")


@dataclass(frozen=True)
class Line:
    """One institution in a round. `comments` are those that it has submitted, `waiting` those without an answer."""

    institution: Institution
    comments: int = 0
    waiting: int = 0
    last: datetime | None = None
    nothing_at: datetime | None = None

    @property
    def answered(self) -> bool:
        return bool(self.comments) or self.nothing_at is not None


def lines(round_: Round) -> list[Line]:
    """Every institution asked; of a round that is planned for all, those that would be."""
    return together.answer(lines_of(round_))


def lines_of(round_: Round) -> Wanted[list[Line]]:
    """The same, for a page that reads it together with other lists."""
    if round_.state == RoundState.PLANNED and round_.everybody:
        return Wanted({}, lambda found: [Line(institution) for institution in asked.institutions_of(round_.twg)])
    said = Remark.objects.filter(round=OuterRef("round"), institution=OuterRef("institution"), number__isnull=False)
    said = said.exclude(state=RemarkState.WITHDRAWN)
    rows = Asked.objects.filter(round=round_).annotate(
        comments=number_of(said),
        waiting=number_of(said.filter(state__in=UNANSWERED)),
        last=Subquery(said.order_by("-number").values("submit_date")[:1]),
    )
    institution = ("institution__code", "institution__names", "institution__category", "institution__acronym")
    counted = ("comments", "waiting", "last")
    listing = Listing(rows.order_by("institution__folded"), "nothing_at", *institution, *counted)
    return Wanted({"asked": listing}, lambda found: [_line(row) for row in found["asked"]])


def _line(row: Any) -> Line:
    return Line(row.institution, row.comments, row.waiting, row.last, row.nothing_at)


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a subquery gives, as an annotation."""
    counts = rows.order_by().values("round").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))
