"""Files that take their time: ordered by a person, made by the worker, fetched by the same person, then forgotten.

A room registers a `Maker` for its kind of file. Whether the person may still have it is asked when the file is made and
again when it is fetched, since rights change while a worker works (S31).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation

from . import clock, outbox
from .models import FileJob, OutboxRow
from .storing import all_or_nothing, put_file

KEPT = timedelta(days=2)
AT_ONCE = 100  # forgotten in one tick
EVERY = 200  # rows between two words of progress
Progress = Callable[[int, int], None]
Row = TypeVar("Row")


def counted(rows: Iterable[Row], total: int, progress: Progress) -> Iterator[Row]:
    """The rows, with a word of progress now and then."""
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            progress(number, total)
        yield row
    progress(total, total)


@dataclass(frozen=True)
class Made:
    """A file that is ready to be fetched."""

    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True)
class Maker:
    """`allowed(person, params)` says whether the person may have it now; `make(person, params, progress)` makes it."""

    allowed: Callable[[Any, dict[str, Any]], bool]
    make: Callable[[Any, dict[str, Any], Progress], Made]


_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    _makers[kind] = maker


@transaction.atomic
def order(kind: str, params: dict[str, Any], *, title: str, person: Any, back: str) -> FileJob:
    """Ask the worker for a file; the same one that is being made already is not made twice."""
    waiting = FileJob.objects.filter(
        person=person, kind=kind, params=params, state__in=[FileJob.State.WAITING, FileJob.State.MAKING]
    ).first()
    if waiting:
        return waiting
    job = FileJob.objects.create(person=person, kind=kind, params=params, title=title[:200], back=back)
    outbox.put("file", {"job": job.pk}, key=f"file:{job.pk}", new=True)
    return job


def may_have(job: FileJob, person: Any) -> bool:
    """Whether the file is the person's, and still theirs to read."""
    maker = _makers.get(job.kind)
    return maker is not None and job.person_id == person.pk and maker.allowed(person, job.params)


@outbox.handler("file")
def make(row: OutboxRow) -> outbox.Parcel:
    """Make the file outside any transaction, so that its progress is seen and nothing waits for it."""
    job = FileJob.objects.select_related("person").filter(pk=row.payload["job"]).first()
    if job is None or not may_have(job, job.person):
        raise outbox.Dropped("the person may not have this file any more")
    return outbox.Parcel(send=lambda: _make(job))


def _make(job: FileJob) -> None:
    FileJob.objects.filter(pk=job.pk).update(state=FileJob.State.MAKING, done=0)

    def progress(done: int, total: int) -> None:
        FileJob.objects.filter(pk=job.pk).update(done=done, total=total)

    try:
        with translation.override(job.person.language), timezone.override(job.person.time_zone):
            made = _makers[job.kind].make(job.person, job.params, progress)
    except Exception:
        FileJob.objects.filter(pk=job.pk).update(state=FileJob.State.FAILED)
        raise  # tried again by the outbox, and shown to administrators
    job.name, job.content_type = made.name, made.content_type
    job.state, job.ready_at = FileJob.State.READY, timezone.now()
    with all_or_nothing() as wrote:
        put_file(job.file, made.name, ContentFile(made.content), wrote)
        job.save(update_fields=["file", "name", "content_type", "state", "ready_at"])


@clock.at_tick("files forgotten")
def forget(now: datetime) -> int:
    """Files are kept for two days; what they were made from is still there. A row goes before its file does."""
    old = list(FileJob.objects.filter(ordered_at__lt=now - KEPT)[:AT_ONCE])
    for job in old:
        _forget(job)
    return len(old)


@transaction.atomic
def _forget(job: FileJob) -> None:
    storage, name = job.file.storage, job.file.name
    FileJob.objects.filter(pk=job.pk).delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
