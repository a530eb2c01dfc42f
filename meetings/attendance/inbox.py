"""What waits for those who run a meeting: strangers who signed in and whom nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meetings.scheduling.models import Meeting
from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Listing, Wanted
from workflow.groups import access

from . import places


@waiting("attendance")
def waiting_strangers(person: Any) -> Wanted[Iterable[Item]] | None:
    """Walk-ins to confirm, by meeting, for the chair and the secretariat."""
    running = {s.twg_id for s in access.seats(person).present if s.role in ("chair", "secretariat")}
    if not running:
        return None
    unconfirmed = Q(attendances__confirmed=False, attendances__came=True)
    found = Meeting.objects.all().visible_to(person).filter(unconfirmed, twg__in=running, state__in=places.LISTED)
    counted = Meeting.objects.filter(pk__in=found.values("pk")).annotate(
        strangers=Count("attendances", filter=unconfirmed)
    )
    return Wanted({"meetings": Listing(counted.order_by("pk"), "titles", "strangers")}, lambda read: [
        _item(meeting) for meeting in read["meetings"]
    ])  # fmt: skip


def _item(meeting: Any) -> Item:
    told = ngettext(
        "%(count)d person signed in without an invitation",
        "%(count)d people signed in without an invitation",
        meeting.strangers,
    ) % {"count": meeting.strangers}
    url = reverse("attendance", args=[meeting.pk])
    return Item(title=meeting.title, detail=told, action=_("Confirm them"), url=url)
