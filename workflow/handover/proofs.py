"""`verify_history` also proves the hand-overs: each record and each piece of evidence by its event (S21)."""

from __future__ import annotations

from typing import Any

from workflow.engine import digests
from workflow.engine.history import Break, check
from workflow.engine.models import Event
from workflow.writing.storing import hash_of

from .models import Evidence, HandoverRecord

AT_ONCE = 500  # rows in memory


def _told(kind: str, *names: str) -> dict[tuple[int, int], Any]:
    """What the events say, by the subject's id and the number that each names."""
    events = Event.objects.filter(subject_kind=kind, name__in=names).values_list("subject_id", "note", "data")
    return {(pk, data["number"]): (note.strip(), data) for pk, note, data in events}


@check("hand-over records")
def prove_records() -> Break | None:
    """Every record is the one that was signed, and none that an event tells of is missing."""
    told = _told("handover", "sign")
    for record in HandoverRecord.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        name = f"handover:{record.handover_id}"
        _note, data = told.pop((record.handover_id, record.number), ("", {}))
        if data.get("sha256") != digests.of(record.content):
            return Break(name, None, f"record {record.number} is not the one that was signed")
    missing = next(iter(told), None)
    return Break(f"handover:{missing[0]}", None, f"record {missing[1]} is missing") if missing else None


@check("hand-over evidence")
def prove_evidence() -> Break | None:
    """Every piece is what its event says, and each file is the one that was sent."""
    told = _told("handover_item", "complete", "add_evidence")
    for one in Evidence.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        name = f"handover_item:{one.item_id}"
        note, data = told.pop((one.item_id, one.number), ("", {}))
        if (note, data.get("file"), data.get("sha256")) != (one.words, one.name, one.sha256):
            return Break(name, None, f"evidence {one.number} is not the one that its event tells of")
        if one.file and hash_of(one.file) != one.sha256:
            return Break(name, None, f"the file of evidence {one.number} is not the one that was sent")
    missing = next(iter(told), None)
    return Break(f"handover_item:{missing[0]}", None, f"evidence {missing[1]} is missing") if missing else None
