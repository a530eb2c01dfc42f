"""Who came to a meeting, as they were on that day (S18)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import Meeting, sees_meeting
from workflow.engine import texts
from workflow.groups import words
from workflow.groups.models import Category, Institution, Rank, Role

MOST_NAME = 200
MOST_INSTITUTION = 300


class Way(models.TextChoices):
    ROOM = "room", pgettext_lazy("at a meeting", "in the room")
    ONLINE = "online", pgettext_lazy("at a meeting", "online")


class Source(models.TextChoices):
    """How somebody came to stand in the list."""

    KEEPER = "keeper", _("written down")
    CODE = "code", _("signed in by code")
    SELF = "self", _("said so themselves")
    LIST = "list", _("brought in from a list")
    API = "api", _("by a program")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, person: Any) -> AttendanceQuerySet:
        """Attendance is read by those who read the meeting; whose names they read is `selectors.reads_names`' (S31)."""
        return self.filter(sees_meeting(person, "meeting__"))

    def present(self) -> AttendanceQuerySet:
        """Who came, without those whom the secretariat has not confirmed yet."""
        return self.filter(came=True, confirmed=True)


class Attendance(models.Model):
    """One person at one meeting. Institution, role and rank are those of the day: they are copied, never referred to.

    A walk-in has a name and no account. Nobody leaves the list: who was not there has `came` False.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    name = models.CharField(_("name"), max_length=MOST_NAME, validators=[texts.validate])
    # The directory's row, to count by; what it was called on the day stands beside it.
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    institution_names = models.JSONField(_("institution"), default=dict, blank=True)
    category = models.CharField(_("category"), max_length=24, choices=Category, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    rank = models.CharField(_("rank"), max_length=20, choices=Rank, blank=True)
    came = models.BooleanField(_("came"), default=True)
    way = models.CharField(_("took part"), max_length=6, choices=Way, default=Way.ROOM)
    arrived_at = models.DateTimeField(pgettext_lazy("at a meeting", "arrived"), null=True, blank=True)
    left_at = models.DateTimeField(pgettext_lazy("a meeting", "left"), null=True, blank=True)
    # The invited person in whose place they came.
    replaces = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("in the place of"),
    )  # fmt: skip
    source = models.CharField(max_length=6, choices=Source, default=Source.KEEPER)
    confirmed = models.BooleanField(default=True)  # False: a stranger signed in by code, and nobody has looked yet
    # By name and institution, so that a walk-in who presses twice is there once.
    folded = models.CharField(max_length=600, editable=False)
    changes = models.PositiveIntegerField(default=0, editable=False)  # how often it changed: what a form has seen
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["meeting", "came", "confirmed"])]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="attends_once",
                violation_error_message=_("This person stands in the list already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "folded"], condition=Q(person__isnull=True), name="walk_in_once",
                violation_error_message=_("Somebody of this name and institution stands in the list already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "replaces"], condition=Q(replaces__isnull=False, came=True), name="replaced_once",
                violation_error_message=_("Somebody else came in this person's place already."),
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="nobody_leaves_before_they_arrive",
                violation_error_message=_("They left before they arrived."),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(person=None) | ~Q(replaces=F("person")),
                name="nobody_replaces_themselves",
                violation_error_message=_("Nobody comes in their own place."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attendances_have_a_name"),
            models.CheckConstraint(condition=Q(rank__in=["", *Rank.values]), name="attendance_rank_known"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="attendance_way_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = self.fold()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.arrived_at and self.left_at and self.left_at < self.arrived_at:
            raise ValidationError({"left_at": _("They left before they arrived.")})

    def fold(self) -> str:
        return words.fold(self.name, "|", *sorted(set(self.institution_names.values())))[:600]

    @property
    def institution_name(self) -> str:
        return words.in_language(self.institution_names)
