"""What the pages of minutes read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from meetings.scheduling.models import Meeting
from workflow.comments.models import Round
from workflow.engine.together import Listing
from workflow.groups.models import Twg
from workflow.writing import services as writing
from workflow.writing.models import Text, TextSection

from .models import ActionItem, ActionState, Decision, DecisionState, Minutes, MinutesQuerySet, RowQuerySet


def meetings(person: Any) -> QuerySet[Meeting]:
    return Meeting.objects.all().visible_to(person).select_related("twg__region")


def minutes(person: Any) -> MinutesQuerySet:
    return Minutes.objects.all().visible_to(person).with_all()


def decisions(person: Any) -> RowQuerySet:
    return Decision.objects.all().visible_to(person).with_all()


def action_items(person: Any) -> RowQuerySet:
    return ActionItem.objects.all().visible_to(person).with_all().select_related(
        "minutes__meeting__twg__region", "item", "institution", "person"
    )  # fmt: skip


def twgs(person: Any) -> QuerySet[Twg]:
    """Those whose lists of decisions and action items the person may open: the lists hold what they may read."""
    return Twg.objects.all().internal_to(person).select_related("region")


@dataclass
class Entry:
    """One section of the minutes, with what was decided under it and who is to do what."""

    section: TextSection
    decisions: list[Decision] = field(default_factory=list)
    action_items: list[ActionItem] = field(default_factory=list)

    @property
    def item(self) -> str:
        """The number of its item of the agenda; "" where there is none."""
        return self.section.ref.removeprefix("item:") if self.section.ref.startswith("item:") else ""


@dataclass
class Told:
    """Minutes as they are read. `rest` is what stands under no item of the agenda."""

    text: Text | None
    entries: Sequence[Entry]
    rest: Entry
    decisions: Sequence[Decision]
    action_items: Sequence[ActionItem]
    unwritten: bool


def told(minutes_: Minutes, person: Any) -> Told:
    """The sections in order, each with its rows. Four queries, however long the agenda is."""
    text = writing.text_of(minutes_)
    sections = list(TextSection.objects.standing().filter(text=text).order_by("position")) if text else []
    entries = {section.ref: Entry(section) for section in sections}
    rest = Entry(TextSection())
    decided = list(decisions(person).filter(minutes=minutes_).order_by("number"))
    actions = list(action_items(person).filter(minutes=minutes_).order_by("number"))
    for decision in decided:
        entries.get(f"item:{decision.item_id}", rest).decisions.append(decision)
    for action in actions:
        entries.get(f"item:{action.item_id}", rest).action_items.append(action)
    written = any(section.number for section in sections)
    return Told(text, list(entries.values()), rest, decided, actions, not written)


def others_of(minutes_: Minutes, person: Any) -> list[Minutes]:
    """The meeting's other minutes, for those who may know of them."""
    return list(minutes(person).filter(meeting=minutes_.meeting_id).exclude(pk=minutes_.pk))


def rounds_of(minutes_: Minutes, person: Any) -> list[Round]:
    """The rounds in which they are commented on, as far as the reader knows of them: each TWG's has its own (S35)."""
    found = Round.objects.all().visible_to(person).filter(pk__in=minutes_.round_ids)
    return list(found.select_related("twg__region").order_by("pk"))


def overdue(rows: Any) -> Any:
    return rows.filter(state=ActionState.OPEN, due__lt=timezone.now().date())


def found_decisions(person: Any, wanted: list[str]) -> Listing | None:
    """For the search: decisions, by their words."""
    return _found(Decision.objects.all().visible_to(person).exclude(state=DecisionState.WITHDRAWN), wanted)


def found_action_items(person: Any, wanted: list[str]) -> Listing | None:
    return _found(ActionItem.objects.all().visible_to(person), wanted)


def _found(rows: Any, wanted: list[str]) -> Listing:
    words = Q()
    for word in wanted:
        words &= Q(folded__contains=word)
    return Listing(rows.filter(words).order_by("-pk"), "what", "folded", "minutes__meeting__titles")
