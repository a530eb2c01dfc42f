"""What waits for a secretariat: trainings that are over, of which nobody has said who completed them (S33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from .flow import OVER
from .models import Participation, ParticipationState, Training


@waiting("trainings")
def waiting_trainings(person: Any) -> Wanted[Iterable[Item]] | None:
    kept = [seat.twg_id for seat in access.seats(person).present if seat.role == "secretariat"]
    if not kept:
        return None
    open_ = Participation.objects.filter(training=OuterRef("pk"), state=ParticipationState.ENROLLED)
    rows = Training.objects.filter(Exists(open_), meeting__twg__in=kept, meeting__state__in=OVER).order_by("pk")
    return Wanted({"over": Listing(rows, "meeting__titles", "course__titles")}, _items)


def _items(found: Found) -> Iterator[Item]:
    for training in found["over"]:
        yield Item(
            title=str(training), detail=str(training.course), action=_("Say who has completed it"),
            url=reverse("training", args=[training.meeting_id]),
        )  # fmt: skip
