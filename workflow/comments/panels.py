"""The room's panels: rounds on the pages of what they are about, comments beside the section that is written."""

from __future__ import annotations

from typing import Any

from workflow.engine import kinds
from workflow.engine.together import Found, Wanted
from workflow.groups import access
from workflow.groups.models import Twg
from workflow.writing.models import Draft, Text, TextSection

from . import answering, asked, reading, selectors
from .flow import KEEPERS
from .models import Remark, Round, RoundQuerySet, RoundState
from .speaking import KEEPING_ROLES, SPEAKING_ROLES

BESIDE_THE_EDITOR = 10
SEATS_OF_KEEPERS = (*KEEPING_ROLES, *SPEAKING_ROLES)
Shown = dict[str, Any]


def _lines(rounds: RoundQuerySet) -> Wanted[Shown | None]:
    """Rounds as lines; no panel where there is none."""
    return Wanted({"rounds": selectors.lines(rounds)}, lambda found: found if found["rounds"] else None)


def subject_panel(subject: Any, person: Any) -> Wanted[Shown | None]:
    """On the page of an edition, a template or terms of reference: the rounds on its drafts."""
    kind = kinds.of(subject).name
    rounds = Round.objects.all().visible_to(person)
    return _lines(rounds.filter(draft__text__subject_kind=kind, draft__text__subject_id=subject.pk))


def text_panel(text: Text, person: Any) -> Wanted[Shown | None]:
    """On the page of a text: the rounds on its drafts."""
    return _lines(Round.objects.all().visible_to(person).filter(draft__text=text))


def draft_panel(draft: Draft, person: Any) -> Wanted[Shown | None] | None:
    """On the page of a draft: the rounds on it, and the way to hold one."""
    if not draft.inside:  # type: ignore[attr-defined]  # as selectors.drafts tells it
        return None  # the public's copy
    holders = _holders(draft, person)

    def made(found: Found) -> Shown | None:
        rounds = found["rounds"]
        return {"rounds": rounds, "draft": draft, "holders": holders} if rounds or holders else None

    return Wanted({"rounds": selectors.lines(Round.objects.all().visible_to(person).filter(draft=draft))}, made)


def _holders(draft: Draft, person: Any) -> list[Twg]:
    if not any(seat.role in SEATS_OF_KEEPERS for seat in access.seats(person).present):
        return []
    known = Twg.objects.all().internal_to(person).select_related("region", "linked_to")
    own = draft.text.twg
    found = [own] if own else asked.twgs_for(draft, known)  # who reads the draft reads its own TWG
    kept = [twg for twg in found if KEEPERS(Round(twg=twg, draft=draft), person)]
    return [twg for twg in kept if not asked.may_be_held(twg, draft.text)]


def twg_panel(twg: Twg, person: Any) -> Wanted[Shown | None]:
    """On the page of a TWG: the rounds that are planned, open, or wait for answers."""
    return _lines(Round.objects.all().visible_to(person).filter(twg=twg, state__in=selectors.UNDER_WAY))


def section_panel(section: TextSection, person: Any) -> Wanted[Shown | None]:
    """On the page of a section: the rounds in which it is or was commented on, with what waits."""
    held = (RoundState.OPEN, RoundState.CLOSED, RoundState.ANSWERED)
    drafts = section.frozen.values("draft")
    rounds = Round.objects.all().visible_to(person).filter(draft__in=drafts, state__in=held)

    def made(found: Found) -> Shown | None:
        return {"rounds": found["rounds"], "section": section} if found["rounds"] else None

    return Wanted({"rounds": selectors.lines_in_section(rounds, section)}, made)


def editor_panel(section: TextSection, person: Any) -> Shown | None:
    """Beside the editor: the comments on the section that have no answer yet."""
    found = Remark.objects.all().visible_to(person).filter(section=section).unanswered()
    waiting = list(answering.in_order(reading.told(found))[:BESIDE_THE_EDITOR])
    return {"remarks": waiting, "section": section} if waiting else None
