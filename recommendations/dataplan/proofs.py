"""`verify_history` also proves the progress reports on actions: each by the event that tells of it."""

from __future__ import annotations

from workflow.engine.history import Break, check
from workflow.engine.models import Event

from .models import ActionProgress

TELLING = ("report", "finish")
AT_ONCE = 500  # rows in memory


@check("progress of actions")
def prove_progress() -> Break | None:
    """Every report is what its event says, and none that an event tells of is missing."""
    events = Event.objects.filter(subject_kind="data_action", name__in=TELLING)
    told = {
        (pk, data["number"]): (data["percent"], note.strip())
        for pk, note, data in events.values_list("subject_id", "note", "data").iterator(chunk_size=AT_ONCE)
    }
    for report in ActionProgress.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        if told.pop((report.action_id, report.number), None) != (report.percent, report.words):
            why = f"progress report {report.number} is not the one that its event tells of"
            return Break(f"data_action:{report.action_id}", None, why)
    missing = next(iter(told), None)
    return Break(f"data_action:{missing[0]}", None, f"progress report {missing[1]} is missing") if missing else None
