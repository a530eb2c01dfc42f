"""What is true while somebody types: their unsaved words, and that they are there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from .texts import TextSection


class Scratch(models.Model):
    """What somebody is typing, saved as they type: nothing of it is kept until they say so. Nobody else reads it."""

    section = models.ForeignKey(TextSection, models.CASCADE, related_name="scratches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scratches")
    body = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True)
    base = models.PositiveIntegerField(default=0)  # the revision that it was begun on
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "person"], name="one_scratch_each")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.section_id}"


class Presence(models.Model):
    """Somebody has a section open to write in. Gone when they leave, or when their page falls silent."""

    section = models.ForeignKey(TextSection, models.CASCADE, related_name="present")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "person"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.section_id}"
