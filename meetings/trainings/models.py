"""Courses, the trainings that teach them, who takes part, and certificates that a stranger can check (S33)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import Meeting, sees_meeting
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg

MOST_HOURS = 400


class ParticipationState(models.TextChoices):
    ENROLLED = "enrolled", pgettext_lazy("participation", "Enrolled")
    COMPLETED = "completed", pgettext_lazy("participation", "Completed")
    LEFT = "left", pgettext_lazy("participation", "Not completed")


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, person: Any) -> CourseQuerySet:
        """A common catalogue, like the directory of institutions: for everybody who holds a seat somewhere."""
        return self if access.holds_any_seat(person) else self.none()


class Course(Subject):
    """What is taught, such as IOM's Essentials of Migration Management (S33)."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    descriptions = models.JSONField(_("description"), default=dict, blank=True, validators=[words.validate_texts])
    hours = models.PositiveSmallIntegerField(
        _("hours"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")

    def __str__(self) -> str:
        return words.in_language(self.titles)

    @property
    def description(self) -> str:
        return words.in_language(self.descriptions)


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, person: Any) -> TrainingQuerySet:
        return self.filter(sees_meeting(person, "meeting__"))

    def with_all(self) -> TrainingQuerySet:
        return self.select_related("meeting__twg__region", "course")


class Training(Subject):
    """A meeting that teaches a course."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="training")
    course = models.ForeignKey(Course, models.PROTECT, related_name="trainings", verbose_name=_("course"))

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("training")

    def __str__(self) -> str:
        return self.meeting.title

    @property
    def twg(self) -> Twg:
        return self.meeting.twg


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, person: Any) -> ParticipationQuerySet:
        """Names are for members in the full sense and IOM, and one's own for oneself (S30, S31)."""
        found = access.sees_fully(person, "training__meeting__twg__") & sees_meeting(person, "training__meeting__")
        if person.pk:
            found |= Q(person=person.pk, training__meeting__closed=False)
        return self.filter(found)

    def with_all(self) -> ParticipationQuerySet:
        return self.select_related("training__meeting__twg__region", "training__course", "institution", "person")


class Participation(Subject):
    """Somebody who takes part: one whom Palabre knows, or a name alone."""

    not_told = ("name",)

    training = models.ForeignKey(Training, models.PROTECT, related_name="participations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="participations",
        verbose_name=_("person"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=200)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    state = models.CharField(
        max_length=10, choices=ParticipationState, default=ParticipationState.ENROLLED, editable=False
    )
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("participation")
        constraints = [
            models.UniqueConstraint(
                fields=["training", "person"], name="takes_part_once",
                violation_error_message=_("This person takes part already."),
            ),
            models.CheckConstraint(condition=Q(state__in=ParticipationState.values), name="participation_state_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def twg(self) -> Twg:
        return self.training.meeting.twg


class Certificate(models.Model):
    """What was certified, under Palabre's signature. It holds while the completion that it tells of stands."""

    append_only = True

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=19, unique=True)
    content = models.JSONField()
    signature = models.CharField(max_length=120)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code
