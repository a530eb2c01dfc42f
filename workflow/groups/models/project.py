"""Projects, their funders and seats, and regions (S03-S05)."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workflow.engine import edtf
from workflow.engine.models import Subject

from .. import access, words
from .directory import Institution
from .person import Person


class Region(models.Model):
    """A group of countries, such as ECOWAS. Which countries belong to it is data, never code (S05)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), validators=[words.validate_names])
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    countries = CountryField(_("countries"), multiple=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def name(self) -> str:
        return words.in_language(self.names)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, person: Any) -> ProjectQuerySet:
        """Those who hold a seat in the project or in one of its TWGs, and administrators."""
        return cast(ProjectQuerySet, access.projects_visible(self, person))


class Project(Subject):
    """What groups TWGs, with its funders and its end: what ends with the project must be seen (S04)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), validators=[words.validate_names])
    descriptions = models.JSONField(_("description"), default=dict, blank=True, validators=[words.validate_texts])
    starts = models.CharField(_("start"), max_length=40, blank=True, validators=[edtf.validate])
    ends = models.CharField(_("end"), max_length=40, blank=True, validators=[edtf.validate])
    duration_months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return words.in_language(self.names) or self.code

    @property
    def description(self) -> str:
        return words.in_language(self.descriptions)


class Funder(models.Model):
    """Who pays for a project, with the grant's reference."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="funders")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="funds")
    names = models.JSONField(_("names"), validators=[words.validate_names])
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    reference = models.CharField(_("grant reference"), max_length=100, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "names", "reference"], name="funder_once_per_project")
        ]

    def __str__(self) -> str:
        return words.in_language(self.names)


class ProjectSeat(models.Model):
    """An IOM seat in a project: its holder sees all of the project's TWGs from the inside."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("IOM coordinator")
        MONITOR = "monitor", _("IOM monitor")

    project = models.ForeignKey(Project, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="project_seats")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"], condition=models.Q(ends_on=None), name="project_seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"
