"""`verify_history` also proves the answers: each by the event that tells of it, each file by its hash (S11)."""

from __future__ import annotations

from typing import Any

from workflow.engine.history import Break, check
from workflow.engine.models import Event
from workflow.writing.storing import hash_of

from .models import DataAnswer

TELLING = ("answer", "record_answer")
AT_ONCE = 500  # rows in memory


@check("data answers")
def prove_answers() -> Break | None:
    """Every answer is what its event says, and none that an event tells of is missing."""
    told = _told()
    for answer in DataAnswer.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        name, key = f"request:{answer.request_id}", (answer.request_id, answer.number)
        if told.pop(key, None) != _content(answer):
            return Break(name, None, f"answer {answer.number} is not the one that its event tells of")
        if answer.file and hash_of(answer.file) != answer.sha256:
            return Break(name, None, f"the file of answer {answer.number} is not the one that was sent")
    missing = next(iter(told), None)
    return Break(f"request:{missing[0]}", None, f"answer {missing[1]} is missing") if missing else None


def _told() -> dict[tuple[int, int], tuple[Any, ...]]:
    """What the events say of each answer, by the request's id and the answer's number."""
    events = Event.objects.filter(subject_kind="request", name__in=TELLING).values_list("subject_id", "note", "data")
    return {
        (pk, data["number"]): (
            note.strip(), data["file"], data["sha256"], data.get("way", "here"), data.get("given_by", ""),
            data.get("given_on"),
        )
        for pk, note, data in events
    }  # fmt: skip


def _content(answer: DataAnswer) -> tuple[Any, ...]:
    given_on = answer.given_on.isoformat() if answer.given_on else None
    return (answer.words, answer.name, answer.sha256, answer.way, answer.given_by, given_on)
