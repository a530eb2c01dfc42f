"""What every floor stands on: subjects with a history, the events of that history, and the outbox."""

from __future__ import annotations

from datetime import UTC
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import edtf


class Subject(models.Model):
    """Anything that has a history: each event about it raises `version` by one and leaves its hash in `head`.

    `version` is also what a form carries, so that a stale one is told from a fresh one.
    """

    # Columns whose values an event does not repeat: what a room records of them in its own words.
    not_told: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    head = models.CharField(_("last event's hash"), max_length=64, default="", editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One line of a subject's history. Never updated, never deleted: triggers in the database refuse both."""

    append_only = True

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    # When it happened, if not when it was recorded: a fuzzy date (S19: "the end of the year 2008"), or `open` where
    # nobody knows.
    occurred = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Names are kept as they were on the day: institutions are renamed, people move.
    actor_name = models.CharField(max_length=200)
    institution = models.CharField(max_length=300, blank=True)
    institution_ref = models.BigIntegerField(null=True)
    capacity = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    # Makes the replay of a project file idempotent: the same line of the file is recorded once.
    external_key = models.CharField(max_length=200, null=True, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "sequence"], name="event_one_per_sequence"),
        ]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} #{self.sequence} {self.name}"

    def content(self) -> dict[str, Any]:
        """All that the hash covers, as plain JSON values."""
        return {
            "subject": [self.subject_kind, self.subject_id],
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(),
            "occurred": self.occurred,
            "actor": self.actor_id,
            "actor_name": self.actor_name,
            "institution": self.institution,
            "institution_ref": self.institution_ref,
            "capacity": self.capacity,
            "name": self.name,
            "from": self.from_state,
            "to": self.to_state,
            "note": self.note,
            "data": self.data,
            "external_key": self.external_key,
            "previous": self.previous,
        }


class RecordedDecision(models.Model):
    """A decision taken outside Palabre, on paper or in a meeting, that answers a gate: governments decide there too."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    body = models.CharField(_("body that decided"), max_length=300)
    decided = models.CharField(_("date of the decision"), max_length=40, validators=[edtf.validate], blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    file = models.FileField(
        _("file"),
        upload_to="decisions/%Y/%m/",
        blank=True,
        validators=[FileExtensionValidator(["pdf", "docx", "odt", "png", "jpg", "jpeg"])],
    )
    sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.body} {self.reference}".strip()


class OutboxRow(models.Model):
    """Something to be done after commit, written in the transaction that caused it and delivered by the worker."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["status", "due"])]

    def __str__(self) -> str:
        return self.key


class Pulse(models.Model):
    """Something about a subject that open pages should learn and history should not: who is at work on it.

    Read by relay.py where there is no Redis, and gone after some minutes.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class FileJob(models.Model):
    """A file that takes its time to make, for one person (file_jobs.py)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="file_jobs")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    title = models.CharField(max_length=200)
    back = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="made/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    ordered_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind"]), models.Index(fields=["ordered_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """How far it is; 0 while nobody knows."""
        return 100 * self.done // self.total if self.total else 0
