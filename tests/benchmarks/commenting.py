"""Two hundred people comment at once: none is lost, at how much of the rate of the same rows in bare inserts (S13)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "200"))
HANDS = min(16, PEOPLE)  # requests that a server has in its hands at one time


def comments() -> dict[str, Any]:
    """One crowd through the service and one through bare transactions, in the same run; none may be lost."""
    from tests import factories as f
    from tests.comments import making as m
    from workflow.comments import remarks
    from workflow.comments.models import Remark
    from workflow.groups.models import Person

    ghana = f.twg("GH")
    people = [m.ministry(ghana, f"Ministry {number}")[1].pk for number in range(PEOPLE)]
    round_ = m.opened(ghana)
    section = m.first(round_)

    def comment(number: int) -> None:
        person = Person.objects.get(pk=people[number])
        remarks.remark(round_, f"Comment of person {number}.", actor=person, section=section)

    ours, longest = _crowd(comment)
    kept = Remark.objects.filter(round=round_)
    assert kept.count() == PEOPLE, f"{PEOPLE - kept.count()} comments were lost"
    assert sorted(kept.values_list("number", flat=True)) == list(range(1, PEOPLE + 1)), "numbered once each"
    floor, _longest = _crowd(_bare(kept.order_by("pk")[0]))
    return {
        "people": PEOPLE,
        "rate": round(ours),
        "floor": round(floor),
        "ratio": round(ours / floor, 2),
        "longest": round(longest, 1),
    }


def _crowd(work: Callable[[int], None]) -> tuple[float, float]:
    """How many a second, each with a connection of its own, and how long one waited at most, in seconds."""

    def one(number: int) -> float:
        begun = time.perf_counter()
        try:
            work(number)
        finally:
            connection.close()
        return time.perf_counter() - begun

    start = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as pool:
        waited = list(pool.map(one, range(PEOPLE)))
    return PEOPLE / (time.perf_counter() - start), max(waited)


def _bare(model: Any) -> Callable[[int], None]:
    """The rows that one comment leaves, written in a transaction that does nothing else."""
    from workflow.engine.models import Event, OutboxRow

    event = Event.objects.filter(subject_kind="remark", subject_id=model.pk).get()
    outbox = OutboxRow.objects.filter(kind="notice", payload__event=event.pk).exists()

    def write(number: int) -> None:
        with transaction.atomic():
            row = type(model)(
                **_values(model, model._meta.concrete_fields, "comment_ptr_id", "xtdcomment_ptr_id", "id")
            )
            row.number, row.comment, row.thread_id, row.parent_id = PEOPLE + number + 1, f"Bare {number}.", 0, 0
            row.submit_date = timezone.now()
            row.save_base(raw=False, force_insert=True)
            copy = _values(event, Event._meta.concrete_fields, "id")
            Event.objects.create(**copy | {"subject_kind": "floor", "subject_id": row.pk, "external_key": None})
            if outbox:
                OutboxRow.objects.create(key=f"floor-comment:{number}", kind="notice", payload={"event": number})

    return write


def _values(row: Any, fields: Iterable[Any], *but: str) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in fields if f.attname not in but}
