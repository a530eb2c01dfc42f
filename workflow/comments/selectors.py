"""What the pages of rounds read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from workflow.engine import together
from workflow.engine.together import Listing, Tally, Wanted, first
from workflow.groups.models import Institution
from workflow.writing.models import DraftSection, Text, TextSection

from . import speaking, standing
from .models import ATTENTION, UNANSWERED, Asked, Clearance, Remark, Round, RoundQuerySet, RoundState

UNDER_WAY = (RoundState.PLANNED, RoundState.OPEN, RoundState.CLOSED)
FLAGS_SHOWN = 20


def rounds(person: Any) -> RoundQuerySet:
    """The rounds that the person knows of, with all that a line shows of them."""
    return Round.objects.all().visible_to(person).with_all()


def counted(found: RoundQuerySet) -> RoundQuerySet:
    """With how many were asked, how many have answered, and how many comments there are and wait; no further query."""
    asked = Asked.objects.filter(round=OuterRef("pk"))
    comments = Remark.objects.filter(round=OuterRef("pk"), number__isnull=False)
    return found.annotate(
        asked_count=standing.number_of(asked),
        answered_count=standing.number_of(asked.filter(standing.answered())),
        comment_count=standing.number_of(comments),
        waiting_count=standing.number_of(comments.filter(state__in=UNANSWERED)),
        whole_count=standing.number_of(comments.filter(section=None)),
        whole_waiting=standing.number_of(comments.filter(section=None, state__in=UNANSWERED)),
        is_flagged=Exists(flagged(comments)),
    )


# What a line in a list of rounds says of each.
LINE = ("name", "state", "opens_on", "deadline", "draft__number", "draft__name", "twg__time_zone")


def lines(rounds: RoundQuerySet) -> Listing:
    """Rounds with their numbers, the newest first."""
    numbers = ("asked_count", "answered_count", "comment_count", "waiting_count")
    return Listing(counted(rounds).order_by("-pk"), *LINE, *numbers)


def lines_in_section(rounds: RoundQuerySet, section: TextSection) -> Listing:
    """Rounds with the comments on one section, in numbers, the newest first."""
    said = Remark.objects.filter(round=OuterRef("pk"), section=section, number__isnull=False)
    found = rounds.annotate(
        comment_count=standing.number_of(said),
        waiting_count=standing.number_of(said.filter(state__in=UNANSWERED)),
    )
    return Listing(found.order_by("-pk"), "name", "state", "comment_count", "waiting_count")


@dataclass(frozen=True)
class PartLines:
    """A part of the round's draft; its lines are sections with `comments` and `waiting` counted."""

    letter: str
    title: str
    lines: list[Any] = field(default_factory=list)

    @property
    def comments(self) -> int:
        return sum(line.comments for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)


def sections(round_: Round) -> Wanted[list[PartLines]]:
    """The draft's sections by part, each with its comments in numbers."""
    said = Remark.objects.filter(round=round_.pk, section=OuterRef("section"), number__isnull=False)
    found = DraftSection.objects.filter(draft=round_.draft_id).annotate(
        comments=standing.number_of(said), waiting=standing.number_of(said.filter(state__in=UNANSWERED))
    )
    own = ("section", "place", "part", "part_titles", "titles")
    listing = Listing(found.order_by("position"), *own, "comments", "waiting")
    return Wanted({"sections": listing}, lambda found: _by_part(found["sections"]))


def _by_part(sections: Iterable[DraftSection]) -> list[PartLines]:
    parts: dict[str, PartLines] = {}
    for frozen in sections:
        parts.setdefault(frozen.part, PartLines(frozen.part, frozen.part_title)).lines.append(frozen)
    return list(parts.values())


def open_by_section(text: Text, person: Any) -> Tally:
    """How many comments have no answer, by the section's id, as far as the person may know."""
    found = Remark.objects.all().visible_to(person).unanswered()
    return Tally(found.filter(round__draft__text=text, section__isnull=False), "section")


def flagged(found: Any) -> Any:
    """Those of the remarks that need the chair's attention."""
    return found.filter(flags__flag=ATTENTION).distinct()


def flagged_of(round_: Round, person: Any) -> Wanted[list[Remark]]:
    """For those who run the round: what needs the chair's attention."""
    found = flagged(Remark.objects.all().visible_to(person).filter(round=round_)).order_by()
    rows = Remark.objects.filter(pk__in=found.values("pk")).order_by("pk")
    columns = ("number", "thread_id", "comment", "institution__code", "institution__names")
    listing = Listing(rows, *columns, "section__place", "section__titles", most=FLAGS_SHOWN)
    return Wanted({"flagged": listing}, lambda found: found["flagged"])


def institutions_asked(round_: Round) -> Wanted[list[Institution]]:
    """The institutions that are asked in a round, by name."""
    asked = Institution.objects.filter(asked__round=round_).order_by("folded")
    return Wanted({"asked": Listing(asked, "code", "names")}, lambda found: found["asked"])


@dataclass(frozen=True)
class Mine:
    """What a round means to somebody who speaks for an institution that is asked in it."""

    institution: Any
    focal: bool
    clears: bool
    inside: int
    comments: int
    answers: int  # answered, not yet accepted
    nothing_at: Any

    @property
    def answered(self) -> bool:
        return bool(self.comments) or self.nothing_at is not None


def mine(round_: Round, person: Any) -> Mine | None:
    """The person's institution in the round; None when none of theirs is asked."""
    return together.answer(mine_of(round_, person))


def mine_of(round_: Round, person: Any) -> Wanted[Mine | None]:
    """The same, for a page that reads it together with other lists."""
    own = speaking.institutions(person, round_.twg_id)
    if not own:
        return Wanted({}, lambda found: None)
    said = Remark.objects.filter(round=OuterRef("round"), institution=OuterRef("institution"))
    rows = Asked.objects.filter(round=round_, institution__in=own).annotate(
        inside=standing.number_of(said.filter(state="inside", level=0)),
        comments=standing.number_of(said.filter(number__isnull=False).exclude(state="withdrawn")),
        answers=standing.number_of(said.filter(number__isnull=False, state="answered")),
        clears=Exists(Clearance.objects.filter(twg=round_.twg_id, institution=OuterRef("institution"), on=True)),
    )
    institution = ("institution__code", "institution__names", "institution__category", "institution__acronym")
    counted = ("inside", "comments", "answers", "clears")
    listing = Listing(rows.order_by("institution_id"), "nothing_at", *institution, *counted, most=1)
    return Wanted({"mine": listing}, lambda found: _mine(first(found["mine"]), round_, person))


def _mine(row: Any, round_: Round, person: Any) -> Mine | None:
    if row is None:
        return None
    focal = row.institution_id in speaking.cleared_by(person, round_.twg_id)
    return Mine(row.institution, focal, row.clears, row.inside, row.comments, row.answers, row.nothing_at)
