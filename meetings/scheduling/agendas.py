"""The agenda of a meeting: its items in their order, of which others learn nothing of the closed ones (S31)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.storing import store
from workflow.groups.services import require

from . import closing
from .flow import RUNNERS
from .models import AgendaItem, Meeting, MeetingState


@transaction.atomic
def set_agenda(
    meeting: Meeting, items: Iterable[Mapping[str, Any]], *, actor: Any, version: int | None = None,
    seen: str | None = None,
) -> None:  # fmt: skip
    """The whole agenda in its order. Of closed items others hear nothing, not even that something was set (S31).

    So what changes in them alone leaves no event, and no new version by which a stale form would be told from a fresh
    one: `seen` is the `behind_doors` that the form was filled in from.
    """
    require(RUNNERS, meeting, actor)
    rows = list(items)
    with engine.change(meeting, "agenda", actor=actor, version=version) as changing:
        if changing.subject.state in (MeetingState.APPROVED, MeetingState.CANCELLED):
            raise Unmet(_("Its agenda is not changed any more."))
        if seen is not None and seen != behind_doors(meeting):
            raise Conflict(changing.subject, [], reason=_("Somebody has changed what is dealt with in closed session."))
        shut = [item.titles for item in AgendaItem.objects.filter(meeting=meeting, closed=True)]
        if any(row.get("closed") and row["titles"] not in shut for row in rows):
            closing.check_terms(meeting.twg, {"closed": True, "closed_reason": _("an item of the agenda")})
        before = _told_of(meeting, closed=False)
        _put_in_order(meeting, rows)
        closing.follow(changing.subject, actor)
        if meeting.closed or _told_of(meeting, closed=False) != before:
            changing.data["agenda"] = [row["titles"] for row in rows if not row.get("closed")]
            changing.always = True


def _told_of(meeting: Meeting, *, closed: bool) -> list[Any]:
    """The open items, or the closed ones, in their order, with all that their readers read of them."""
    told = AgendaItem.objects.filter(meeting=meeting, closed=closed).order_by("position")
    return list(told.values_list("titles", *(name for name in PLAIN if name != "closed")))


def behind_doors(meeting: Meeting) -> str:
    """How the closed part of an agenda stands, for the form that changes it: a hash, and nothing of what it says."""
    told = json.dumps(_told_of(meeting, closed=True), sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


PASSED = 1000  # positions that no agenda reaches: there rows wait while others take theirs
PLAIN = {"minutes": 15, "presenter": "", "about_kind": "", "about_id": None, "closed": False}


def _put_in_order(meeting: Meeting, rows: list[Mapping[str, Any]]) -> None:
    """Items keep their rows, on which minutes and decisions hang: known by their title, then by their place."""
    known = list(AgendaItem.objects.filter(meeting=meeting))
    AgendaItem.objects.filter(meeting=meeting).update(position=F("position") + PASSED)
    told = [PLAIN | dict(row) for row in rows]
    same = [_take(known, titles=row["titles"], closed=row["closed"]) for row in told]
    for position, (row, found) in enumerate(zip(told, same, strict=True), start=1):
        item = found or _take(known, position=position, closed=row["closed"]) or AgendaItem(meeting=meeting)
        for name, value in {**row, "position": position}.items():
            setattr(item, name, value)
        store(item)
    closing.check_items(meeting, [item for item in known if not item.closed])
    try:
        AgendaItem.objects.filter(pk__in=[item.pk for item in known]).delete()
    except ProtectedError as error:
        raise ValidationError(_("Something was decided under an item that is left out: keep it.")) from error


def _take(items: list[AgendaItem], **wanted: Any) -> AgendaItem | None:
    """The first item that is as wanted, taken out of the list."""
    found = next((i for i in items if all(getattr(i, name) == value for name, value in wanted.items())), None)
    if found is not None:
        items.remove(found)
    return found
