"""What the writing room puts on the home page: what somebody typed and has neither saved nor given up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Listing, Wanted

from .models import Scratch, TextSection


@waiting("unsaved texts")
def unsaved(person: Any) -> Wanted[Iterable[Item]]:
    """Typed and not saved, the longest ago first; nothing of what the person may not read any more."""
    readable = TextSection.objects.all().visible_to(person)
    typed = Scratch.objects.filter(person=person, section__in=readable).order_by("saved_at")
    listing = Listing(typed, "saved_at", "section__place", "section__titles")
    return Wanted({"typed": listing}, lambda found: map(_item, found["typed"]))


def _item(scratch: Scratch) -> Item:
    return Item(
        title=str(scratch.section),
        detail=_("You typed here and have not saved it yet: it is kept for you alone."),
        action=_("Go on writing"),
        url=reverse("section-edit", args=[scratch.section_id]),
        since=scratch.saved_at.date(),
    )
