"""All that writes hand-overs, their checklists and capacity needs; states are `engine.perform`'s (S21, S46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.models import Event
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.services import require
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition, Stage

from . import rules
from .flow import KEEPERS, KNOWING, SEEING_TO_IT, settled
from .models import CapacityNeed, Handover, HandoverItem, HandoverState, ItemKind, ItemState, NeedState


@transaction.atomic
def begin(edition: Edition, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Handover:
    """The hand-over of an edition with the template's checklist; the one that is there, if there is.

    It begins by itself when the policy workshop is closed; by hand for an edition that had come so far before.
    """
    require(KEEPERS, edition, actor)
    engine.hold(f"hand-over of {edition.pk}")
    if found := Handover.objects.with_all().filter(edition=edition).first():
        return found
    if Edition.objects.get(pk=edition.pk).stage != Stage.HANDOVER:
        raise Unmet(_("The edition does not stand at the hand-over."))
    made: Handover = engine.create(Handover(edition=edition), actor=actor, name="prepared", telling=telling)
    quiet = Telling(occurred=telling.occurred, quiet=True)
    for position, kind in enumerate(rules.CHECKLIST, start=1):
        line = HandoverItem(handover=made, position=position, kind=kind)
        engine.create(line, actor=actor, name="listed", telling=quiet)
    return made


def workshop_closed(edition: Edition, event: Event) -> None:
    """What follows the policy workshop, in its transaction."""
    begin(edition, actor=None, telling=Telling(occurred=event.occurred, quiet=True))


def published(edition: Edition, event: Event) -> None:
    """What follows a publication: the update institution has the profile, and the next edition its date (S02)."""
    handover = Handover.objects.filter(edition=edition, state=HandoverState.SIGNED).first()
    profile, telling = edition.profile, Telling(occurred=event.occurred, quiet=True)
    if handover is not None:
        profiles.hand_over(profile, edition.update_institution, handover.next_due, actor=event.actor, telling=telling)
    elif profile.next_due:  # the day that was set for this very edition
        profiles.hand_over(profile, None, None, actor=event.actor, telling=telling)


# -- the checklist ------------------------------------------------------------------------------------------


def _hold(handover: Handover) -> None:
    """Holds the hand-over, so that it is not signed meanwhile. Raises Unmet once it is, or the edition is closed."""
    held: Handover = engine.lock(handover)
    if reason := settled(held):
        raise Unmet(reason)


@transaction.atomic
def add_item(handover: Handover, fields: Mapping[str, Any], *, actor: Any) -> HandoverItem:
    """One thing more that is handed over, besides the template's."""
    require(KEEPERS, handover, actor)
    _hold(handover)
    last = HandoverItem.objects.filter(handover=handover).order_by("-position").first()
    line = HandoverItem(
        handover=handover, position=last.position + 1 if last else 1, kind=ItemKind.OTHER, **fields
    )  # fmt: skip
    made: HandoverItem = engine.create(line, actor=actor, name="listed")
    return made


def change_item(item: HandoverItem, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Who sees to it, by when, and what it is called where it is the TWG's own.

    A line of the template stays required: where it does not apply, it is excused with a reason.
    """
    require(SEEING_TO_IT, item, actor)
    if item.kind != ItemKind.OTHER and ("name" in fields or not fields.get("required", True)):
        raise ValidationError({"required": _("This line is the template's: say that it does not apply, and why.")})
    with engine.change(item, "changed", actor=actor, version=version) as change:
        _hold(change.subject.handover)
        if change.subject.state != ItemState.OPEN:
            raise Unmet(_("This line is finished: open it again to change it."))
        change.assign(fields)


# -- capacity needs -----------------------------------------------------------------------------------------


def record_need(handover: Handover, fields: Mapping[str, Any], *, actor: Any) -> CapacityNeed:
    """What the update institution lacks (S46); after the hand-over, too, since needs do not end with it."""
    require(KNOWING, handover, actor)
    made: CapacityNeed = engine.create(CapacityNeed(handover=handover, **fields), actor=actor, name="recorded")
    return made


def change_need(need: CapacityNeed, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Its kind, how severe it is, and its words, while it is open."""
    require(KNOWING, need, actor)
    with engine.change(need, "changed", actor=actor, version=version) as change:
        if change.subject.state != NeedState.OPEN:
            raise Unmet(_("This need is closed: take it up again to change it."))
        change.assign(fields)
