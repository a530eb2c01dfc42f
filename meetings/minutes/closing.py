"""What was written or decided in the open stays in the open: a closed session gets an item of its own (S31).

Others have read it, by page, mail, search or a draft they took along; to hide it afterwards would only look like a
secret. What nothing was said of yet leaves the open minutes at once when its item is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from meetings.scheduling import closing
from meetings.scheduling.models import AgendaItem, Meeting
from workflow.writing import services as writing
from workflow.writing.models import DraftSection, Scratch, TextSection

from .models import ActionItem, Decision, Minutes, MinutesState


def register() -> None:
    closing.ask(objection, follow)


def objection(meeting: Meeting, items: Sequence[AgendaItem] | None) -> str:
    """Why the whole meeting, or these items of its agenda, can't leave the open any more."""
    minutes = Minutes.objects.filter(meeting=meeting, closed=False).first()
    if minutes is None:
        return ""
    if items is None:
        return _("Its minutes are taken in the open already: close single items of its agenda instead.")
    told = next((item for item in items if _is_told(minutes, item)), None)
    if told is None:
        return ""
    return _(
        "Something was written or decided under “%(item)s” already, and has been read: keep this item as it is, and"
        " give the closed session an item of its own."
    ) % {"item": told.title}


def _is_told(minutes: Minutes, item: AgendaItem) -> bool:
    """Whether the open minutes hold anything under the item: text, also typed and not saved, a draft, or a row."""
    sections = TextSection.objects.select_for_update().filter(  # so that nobody saves anything beside this
        text__subject_kind="minutes", text__subject_id=minutes.pk, ref=f"item:{item.pk}"
    )
    ids = [section.pk for section in sections if not section.number]
    if len(ids) != len(sections):
        return True
    return (
        DraftSection.objects.filter(section__in=ids).exists()
        or Scratch.objects.filter(section__in=ids).exists()
        or Decision.objects.filter(item=item).exists()
        or ActionItem.objects.filter(item=item).exists()
    )


def follow(meeting: Meeting, actor: Any) -> None:
    """Open minutes that are still being written lose the items that left the open agenda."""
    minutes = Minutes.objects.filter(meeting=meeting, closed=False, state=MinutesState.WRITTEN).first()
    text = writing.text_of(minutes) if minutes else None
    if text is None or minutes is None:
        return
    standing = TextSection.objects.standing().filter(text=text, ref__startswith="item:").values_list("ref", flat=True)
    if set(standing) - {f"item:{item.pk}" for item in minutes.items}:
        writing.reshape(text, actor=actor)
