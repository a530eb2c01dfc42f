"""What waits for a person in the hand-over room (S21): an answer to give, one to follow up, a checklist to finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access
from workflow.profiles.models import Stage

from . import selectors
from .flow import taker
from .models import Handover, HandoverItem, HandoverState, ItemState

PLACE = "edition__profile__twg"
ITEM = (
    "kind", "name", "state", "due", "owner",
    *(f"handover__{column}" for column in ("edition__label", "edition__profile__names")),
    *(f"handover__{PLACE}__{column}" for column in ("code", "names", "linked_to")),
)  # fmt: skip


@waiting("handovers")
def waiting_handovers(person: Any) -> Wanted[Iterable[Item]] | None:
    """For the update institution what it is asked; for who keeps the TWG the next step; for whoever sees to a line of
    the checklist that line. IOM follows the list of all: it would drown in ten countries' steps.
    """
    own = access.seats(person)
    kept = {s.twg_id for s in own.present if s.role in ("chair", "secretariat")}
    taking, lines = Q(pk__in=[]), Q(pk__in=[])
    for seat in own.speaking:
        taking |= _in(seat.twg_id) & Q(edition__update_institution=seat.institution_id)
        lines |= _in(seat.twg_id, "handover__") & Q(owner=seat.institution_id)
    if not own.present:
        return None
    found = Handover.objects.filter(taking | Q(**{f"{PLACE}__in": kept}), edition__stage=Stage.HANDOVER)
    unfinished = HandoverItem.objects.filter(
        lines, state=ItemState.OPEN, due__isnull=False, handover__edition__stage=Stage.HANDOVER
    )  # fmt: skip
    listings = {
        "handovers": Listing(selectors.listed(found), *selectors.LINE, *selectors.COUNTED),
        "items": Listing(unfinished.order_by("due", "pk"), *ITEM),
    }
    return Wanted(listings, lambda read: _items(read, person, kept))


def _in(twg: int, path: str = "") -> Q:
    """In the TWG, or in a body that is linked to it."""
    return Q(**{f"{path}{PLACE}": twg}) | Q(**{f"{path}{PLACE}__linked_to": twg})


def _items(found: Found, person: Any, kept: set[int]) -> Iterator[Item]:
    for handover in found["handovers"]:
        if taker(handover, person):
            yield from _to_take(handover)
        if handover.twg.pk in kept:
            yield from _to_keep(handover)
    yield from map(_to_see_to, found["items"])


def _to_take(handover: Handover) -> Iterator[Item]:
    if handover.state == HandoverState.ASKED:
        told = _("%(institution)s is asked to keep this profile up to date.") % {"institution": handover.institution}
        yield _item(handover, told, pgettext("button", "Answer"), due=handover.reply_by)
    elif handover.state == HandoverState.CONDITIONAL:
        yield _item(handover, _("Your conditions are not met yet."), _("See what is missing"))


def _to_keep(handover: Any) -> Iterator[Item]:
    late = selectors.days_late(handover)
    if handover.state == HandoverState.PREPARED:
        told = _("No update institution is named yet.")
        if handover.institution:
            told = _("%(institution)s is to be asked formally.") % {"institution": handover.institution}
        yield _item(handover, told, _("Open the hand-over"))
    elif handover.state == HandoverState.DECLINED:
        told = _("%(institution)s has declined: another institution is to be named.")
        yield _item(handover, told % {"institution": handover.institution}, _("Name another"))
    elif late:
        said = ngettext("The answer is %(count)d day late.", "The answer is %(count)d days late.", late)
        yield _item(handover, said % {"count": late}, _("Open the hand-over"), due=handover.reply_by)
    elif handover.state == HandoverState.ACCEPTED and handover.waiting_for:
        count = handover.waiting_for
        said = ngettext("%(count)d line of the checklist is open.", "%(count)d lines of the checklist are open.", count)
        yield _item(handover, said % {"count": count}, _("Open the hand-over"))
    elif handover.state == HandoverState.ACCEPTED:
        yield _item(handover, _("The checklist is done: the record can be signed."), _("Open the hand-over"))


def _item(handover: Handover, told: str, action: str, **more: Any) -> Item:
    return Item(
        title=str(handover), detail=told, action=action, url=reverse("handover", args=[handover.pk]), **more
    )  # fmt: skip


def _to_see_to(item: HandoverItem) -> Item:
    return Item(
        title=str(item),
        detail=str(item.handover),
        action=_("See to it"),
        url=reverse("handover-item", args=[item.pk]),
        due=item.due,
    )
