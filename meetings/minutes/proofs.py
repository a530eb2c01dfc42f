"""`verify_history` also proves the addenda: each by the event that tells of it."""

from __future__ import annotations

from workflow.engine import digests
from workflow.engine.history import Break, check
from workflow.engine.models import Event

from .models import Addendum


@check("addenda of minutes")
def prove_addenda() -> Break | None:
    """Every addendum is what its event says, and none that an event tells of is missing."""
    events = Event.objects.filter(subject_kind="minutes", name="addendum").values_list("subject_id", "data")
    told = {(pk, data["number"]): data["sha256"] for pk, data in events}
    for addendum in Addendum.objects.order_by("pk").iterator(chunk_size=500):
        expected = told.pop((addendum.minutes_id, addendum.number), None)
        if addendum.sha256 != expected or digests.of_text(addendum.words) != expected:
            why = f"addendum {addendum.number} is not the one that its event tells of"
            return Break(f"minutes:{addendum.minutes_id}", None, why)
    missing = next(iter(told), None)
    return Break(f"minutes:{missing[0]}", None, f"addendum {missing[1]} is missing") if missing else None
