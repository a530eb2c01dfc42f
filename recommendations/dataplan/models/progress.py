"""What actions need first, and how far they are (S14)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .action import MOST_REPORTED, DataAction


class Dependency(models.Model):
    """One action that needs another to be finished first. Together they never form a circle (services.py)."""

    action = models.ForeignKey(DataAction, models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(DataAction, models.PROTECT, related_name="needed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "needs"], name="needed_once"),
            models.CheckConstraint(condition=~Q(action=F("needs")), name="no_action_needs_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} ← {self.needs_id}"


class ActionProgress(models.Model):
    """How far an action is, in per cent and in words. A later report adds to it and replaces nothing."""

    append_only = True

    action = models.ForeignKey(DataAction, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(_("number"))
    percent = models.PositiveSmallIntegerField(_("progress, in per cent"), validators=[MaxValueValidator(100)])
    words = models.TextField(
        _("what was done"), max_length=MOST_REPORTED, blank=True, validators=[MaxLengthValidator(MOST_REPORTED)]
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200)
    institution = models.CharField(max_length=300, blank=True)  # as it was called on the day
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="action_progress_numbered_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="action_progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} #{self.number}: {self.percent}"
