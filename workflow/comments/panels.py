"""The room's panels: rounds on the pages of what they are about, comments beside the section that is written."""

from __future__ import annotations

from typing import Any

from workflow.engine import kinds
from workflow.groups.models import Twg
from workflow.writing.models import Draft, Text, TextSection

from . import answering, asked, reading, selectors
from .flow import KEEPERS
from .models import Remark, RoundState

BESIDE_THE_EDITOR = 10


def subject_panel(subject: Any, person: Any) -> dict[str, Any] | None:
    """On the page of an edition, a template or terms of reference: the rounds on its drafts."""
    found = selectors.counted(
        selectors.rounds(person).filter(
            draft__text__subject_kind=kinds.of(subject).name, draft__text__subject_id=subject.pk
        )
    )
    return {"rounds": rounds} if (rounds := list(found.order_by("-pk"))) else None


def text_panel(text: Text, person: Any) -> dict[str, Any] | None:
    """On the page of a text: the rounds on its drafts."""
    return {"rounds": rounds} if (rounds := selectors.of_text(text, person)) else None


def draft_panel(draft: Draft, person: Any) -> dict[str, Any] | None:
    """On the page of a draft: the rounds on it, and the way to hold one."""
    if not draft.inside:  # type: ignore[attr-defined]  # as selectors.drafts tells it
        return None  # the public's copy
    rounds = list(selectors.counted(selectors.rounds(person).filter(draft=draft)).order_by("-pk"))
    holders = _holders(draft, person)
    return {"rounds": rounds, "draft": draft, "holders": holders} if rounds or holders else None


def _holders(draft: Draft, person: Any) -> list[Twg]:
    known = Twg.objects.all().internal_to(person).select_related("region", "linked_to")
    found = [twg for twg in asked.twgs_for(draft, known) if KEEPERS(twg, person)]
    return [twg for twg in found if not asked.may_be_held(twg, draft.text)]


def twg_panel(twg: Twg, person: Any) -> dict[str, Any] | None:
    """On the page of a TWG: the rounds that are planned, open, or wait for answers."""
    found = selectors.rounds(person).filter(twg=twg, state__in=selectors.UNDER_WAY)
    rounds = list(selectors.counted(found).order_by("-pk"))
    return {"rounds": rounds} if rounds else None


def section_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """On the page of a section: the rounds in which it is or was commented on, with what waits."""
    rounds = selectors.rounds(person).filter(draft__sections__section=section)
    rounds = rounds.filter(state__in=[RoundState.OPEN, RoundState.CLOSED, RoundState.ANSWERED])
    found = list(selectors.counted_in_section(rounds, section).order_by("-pk"))
    return {"rounds": found, "section": section} if found else None


def editor_panel(section: TextSection, person: Any) -> dict[str, Any] | None:
    """Beside the editor: the comments on the section that have no answer yet."""
    found = Remark.objects.all().visible_to(person).filter(section=section).unanswered()
    waiting = list(answering.in_order(reading.told(found))[:BESIDE_THE_EDITOR])
    return {"remarks": waiting, "section": section} if waiting else None
