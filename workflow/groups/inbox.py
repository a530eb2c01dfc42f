"""What the groups room puts on the home page: draft terms of reference that wait for their adoption (S44)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Listing, Wanted

from . import access
from .models import TermsOfReference, TermsState


@waiting("terms")
def waiting_terms(person: Any) -> Wanted[Iterable[Item]] | None:
    own = access.seats(person)
    kept = {seat.twg_id for seat in own.present if seat.role in ("chair", "secretariat")}
    if not kept:
        return None
    drafts = TermsOfReference.objects.filter(twg__in=kept, state=TermsState.DRAFT).order_by("twg__code")
    listing = Listing(drafts, "number", "twg__code", "twg__names")
    return Wanted({"drafts": listing}, lambda found: map(_item, found["drafts"]))


def _item(terms: TermsOfReference) -> Item:
    return Item(
        title=_("%(terms)s of %(twg)s") % {"terms": terms, "twg": terms.twg},
        detail=_("A draft until the TWG adopts it."),
        action=_("Read and adopt"),
        url=reverse("terms", args=[terms.pk]),
    )
