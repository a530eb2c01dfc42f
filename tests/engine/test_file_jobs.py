"""Files that the worker makes: a row never stands without its file, whenever a process dies (S31)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from workflow.engine import file_jobs, outbox
from workflow.engine.file_jobs import Made, Maker
from workflow.engine.models import FileJob, OutboxRow
from workflow.groups.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ama(monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who may order lists, which are made at once."""
    maker = Maker(
        allowed=lambda person, params: True, make=lambda person, params, progress: Made(b"list", "a.txt", "text/plain")
    )
    monkeypatch.setitem(file_jobs._makers, "list", maker)
    return f.person("Ama")


def ordered(ama: Person) -> FileJob:
    return file_jobs.order("list", {}, title="A list", person=ama, back="/")


def parcel(job: FileJob) -> outbox.Parcel:
    return file_jobs.make(OutboxRow.objects.get(key=f"file:{job.pk}"))


def made(job: FileJob) -> FileJob:
    parcel(job).send()
    job.refresh_from_db()
    return job


def download(job: FileJob, who: Person) -> Any:
    client = Client()
    client.force_login(who)
    return client.get(reverse("file-download", args=[job.pk]))


def test_a_file_is_made_and_fetched(ama: Person) -> None:
    job = made(ordered(ama))
    assert (job.state, job.name) == ("ready", "a.txt")
    assert b"".join(download(job, ama).streaming_content) == b"list"
    assert download(job, f.person()).status_code == 404


def test_when_the_row_can_not_be_kept_the_file_goes_again(ama: Person, settings: Any) -> None:
    job = ordered(ama)
    on_its_way = parcel(job)
    FileJob.objects.filter(pk=job.pk).delete()  # forgotten while the worker was at it
    with pytest.raises(DatabaseError):
        on_its_way.send()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_worker_that_was_killed_half_way_makes_it_again(ama: Person) -> None:
    job = ordered(ama)
    FileJob.objects.filter(pk=job.pk).update(state=FileJob.State.MAKING)
    assert made(job).state == "ready"


def test_a_row_is_forgotten_before_its_file(ama: Person, django_capture_on_commit_callbacks: Any) -> None:
    """Killed between the two, a file without a row is left: no page leads to it, and none breaks."""
    job = made(ordered(ama))
    storage, name = job.file.storage, job.file.name
    with django_capture_on_commit_callbacks() as later:
        assert file_jobs.forget(timezone.now() + timedelta(days=3)) == 1
    assert not FileJob.objects.exists()
    assert storage.exists(name)
    for callback in later:
        callback()
    assert not storage.exists(name)


def test_a_file_lost_from_the_storage_is_not_found(ama: Person) -> None:
    job = made(ordered(ama))
    job.file.storage.delete(job.file.name)
    assert download(job, ama).status_code == 404
