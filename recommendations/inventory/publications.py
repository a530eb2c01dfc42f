"""The publications that support the work on data: a mapping study, a manual (S28)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Project


class PublicationQuerySet(models.QuerySet["SupportingPublication"]):
    def visible_to(self, person: Any) -> PublicationQuerySet:
        """Read by all who see the project; what belongs to no project is common to all who hold a seat."""
        common = Q(project=None) if access.holds_any_seat(person) else Q(pk__in=[])
        return self.filter(common | Q(project__in=Project.objects.all().visible_to(person)))


class SupportingPublication(Subject):
    """What supports the work on data: a mapping study of survey questions, a manual (S28). It is a project's."""

    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="supporting_publications",
        verbose_name=_("project"),
    )  # fmt: skip
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    authors = models.CharField(_("authors"), max_length=200, blank=True)
    when = models.CharField(_("published"), max_length=40, blank=True, validators=[edtf.validate])
    forthcoming = models.BooleanField(_("still to come"), default=False)
    url = models.URLField(_("link"), max_length=500, blank=True)
    summaries = models.JSONField(_("what it helps with"), default=dict, blank=True, validators=[words.validate_texts])
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("how it is known"), max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["when", "pk"]
        verbose_name = _("supporting publication")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def summary(self) -> str:
        return words.in_language(self.summaries)
