"""Technical Working Groups, the bodies linked to them, their parent institutions and what is known of them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workflow.engine import edtf
from workflow.engine.models import Subject

from .. import access, seats, words
from .directory import Institution
from .person import validate_zone
from .project import Project, Region


class BodyKind(models.TextChoices):
    """A TWG itself, or what is linked to one (S20, S22, S24)."""

    TWG = "twg", _("Technical Working Group")
    COMMITTEE = "committee", _("Committee")
    TASK_FORCE = "task_force", _("Task force")
    EXPERT_GROUP = "expert_group", _("Expert group")
    WORKING_GROUP = "working_group", _("Small working group")


class Confidence(models.TextChoices):
    """How well a fact is known (S45: probable and certain are different)."""

    STATED = "stated", _("stated")
    GENERAL = "general", _("general, not said of this TWG in particular")
    PROBABLE = "probable", _("probable")
    OPEN = "open", _("open")


class TwgQuerySet(models.QuerySet["Twg"]):
    def visible_to(self, person: Any) -> TwgQuerySet:
        """TWGs whose page the person may open."""
        return self.filter(access.sees(person))

    def internal_to(self, person: Any) -> TwgQuerySet:
        """TWGs whose inside (drafts, history, addresses) the person may read."""
        return self.filter(access.sees_inside(person))

    def with_regions_for(self, person: Any) -> TwgQuerySet:
        """Those, and the TWGs of the regions to which such a country belongs; what is a linked body's is its TWG's."""
        inside = self.filter(access.sees_inside(person) | access.sees_from_its_region(person))
        return inside.filter(linked_to=None).select_related("region")


class Twg(Subject):
    """The inter-ministerial group of one country or of one region, or a body linked to one."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), validators=[words.validate_names])
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind, default=BodyKind.TWG)
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="linked_bodies")
    country = CountryField(_("country"), blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="twgs")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="twgs")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_zone])
    languages = models.JSONField(_("languages"), default=list, blank=True)
    mandates = models.JSONField(_("mandate"), default=dict, blank=True, validators=[words.validate_texts])
    convener = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="convenes")
    cadence_from = models.PositiveSmallIntegerField(
        _("months between meetings, at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )
    cadence_to = models.PositiveSmallIntegerField(
        _("months between meetings, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )
    launched = models.CharField(_("launch"), max_length=40, blank=True, validators=[edtf.validate])
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = TwgQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("TWG")
        constraints = [
            models.CheckConstraint(
                condition=(Q(country="") & Q(region__isnull=False)) | (~Q(country="") & Q(region__isnull=True)),
                name="twg_of_a_country_or_a_region",
            ),
            models.CheckConstraint(
                condition=Q(kind="twg", linked_to__isnull=True) | (~Q(kind="twg") & Q(linked_to__isnull=False)),
                name="only_linked_bodies_are_linked",
            ),
            models.UniqueConstraint(
                fields=["project", "country"],
                condition=Q(kind="twg") & ~Q(country=""),
                name="one_twg_per_country",
                violation_error_message=_("This country already has a TWG in this project."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        seats.twg_written()

    @property
    def twg(self) -> Twg:
        """So that rules written for what belongs to a TWG hold for the TWG itself."""
        return self

    @property
    def name(self) -> str:
        return words.in_language(self.names) or self.code

    @property
    def mandate(self) -> str:
        return words.in_language(self.mandates)

    @property
    def place(self) -> str:
        """The country's or the region's name in the reader's language."""
        return words.country(str(self.country)) or str(self.region or "")

    def clean(self) -> None:
        if self.cadence_from and self.cadence_to and self.cadence_from > self.cadence_to:
            raise ValidationError({"cadence_to": _("“At most” must not be shorter than “at least”.")})
        if not self.country and not self.region_id:
            raise ValidationError({"country": _("Name a country or a region.")})


class ParentStatus(models.TextChoices):
    DECIDED = "decided", _("decided")
    PROBABLE = "probable", _("probable")
    OPEN = "open", _("open")


class Parentage(models.Model):
    """Under which institution a TWG stands; earlier rows stay, so that it keeps its history (S45)."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="parents")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="parent_of")
    under = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=ParentStatus)
    since = models.CharField(_("since"), max_length=40, blank=True, validators=[edtf.validate])
    until = models.CharField(_("until"), max_length=40, blank=True, validators=[edtf.validate])
    current = models.BooleanField(default=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["-current", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["twg", "status"], condition=Q(current=True), name="one_parent_per_status"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(institution__isnull=False), name="parent_named_unless_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution or '–'} ({self.get_status_display()})"


class Fact(models.Model):
    """What is known of a TWG or a project that no other row holds: a sentence, its date, confidence and source."""

    twg = models.ForeignKey(Twg, models.CASCADE, null=True, blank=True, related_name="facts")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="facts")
    topic = models.CharField(_("topic"), max_length=60)
    statements = models.JSONField(_("statement"), validators=[words.validate_names])
    when = models.CharField(_("date"), max_length=40, blank=True, validators=[edtf.validate])
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(twg__isnull=False, project__isnull=True) | Q(twg__isnull=True, project__isnull=False),
                name="fact_of_a_twg_or_a_project",
            )
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def statement(self) -> str:
        return words.in_language(self.statements)
