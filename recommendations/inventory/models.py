"""Data sources on migration and the gaps in them (S09, S12, S28, S39)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg
from workflow.groups.models.registers import Coded, Registered, coded_once

from . import places
from .choices import (
    ASKING_KINDS,
    OPEN_GAPS,
    Access,
    GapState,
    Periodicity,
    Quality,
    Question,
    Severity,
    SourceKind,
    SourceState,
)


def validate_questions(questions: Any) -> None:
    """A list of known questions, each once."""
    known = set(Question.values)
    if not isinstance(questions, list) or set(map(str, questions)) - known or len(set(questions)) != len(questions):
        raise ValidationError(_("These are not questions that the inventory knows."))


class InventoryQuerySet(models.QuerySet[Any]):
    """Read by those who read the TWG from the inside, and by those who follow its region's countries (S39)."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(access.sees_inside(person, "twg__") | access.sees_for_the_region(person, "twg__"))

    def internal_to(self, person: Any) -> Self:
        """Those whose history is theirs to read."""
        return self.filter(access.sees_inside(person, "twg__"))


class SourceQuerySet(InventoryQuerySet):
    def standing(self) -> SourceQuerySet:
        """What the inventory says: without what was withdrawn."""
        return self.exclude(state=SourceState.WITHDRAWN)


class GapQuerySet(InventoryQuerySet):
    def open(self) -> GapQuerySet:
        """What is neither closed nor dropped."""
        return self.filter(state__in=OPEN_GAPS)


class Kept(Coded, Registered):
    """What a source and a gap share: the TWG whose inventory holds it, its code there, and how it is known."""

    not_of_a_body = _("The inventory is the TWG's own, not that of a body linked to it.")

    source = models.CharField(_("how it is known"), max_length=200, blank=True)

    class Meta:
        abstract = True


class DataSource(Kept):
    """Something that data on migration comes from: who keeps it, whom it covers, how often, how good, how to get it.

    Its custodian produces the data; `users` are the institutions that work with it (S12).
    """

    not_told = ("placed", "reviewed_on")  # the event itself says when

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_sources")
    kind = models.CharField(_("kind"), max_length=18, choices=SourceKind)
    names = models.JSONField(_("name"), validators=[words.validate_names])
    custodian = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="keeps_data", verbose_name=_("custodian")
    )
    users = models.ManyToManyField(Institution, blank=True, related_name="uses_data", verbose_name=_("users"))
    coverages = models.JSONField(_("coverage"), default=dict, blank=True, validators=[words.validate_texts])
    periodicity = models.CharField(_("periodicity"), max_length=10, choices=Periodicity, blank=True)
    latest = models.CharField(_("latest data"), max_length=40, blank=True, validators=[edtf.validate])
    quality = models.CharField(_("quality"), max_length=4, choices=Quality, blank=True)
    quality_notes = models.JSONField(_("on its quality"), default=dict, blank=True, validators=[words.validate_texts])
    access = models.CharField(_("access"), max_length=9, choices=Access, blank=True)
    access_notes = models.JSONField(
        _("conditions of access"), default=dict, blank=True, validators=[words.validate_texts]
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    sections = models.JSONField(_("sections"), default=list, blank=True, validators=[places.validate_all])
    questions = models.JSONField(_("questions asked"), default=list, blank=True, validators=[validate_questions])
    publications = models.ManyToManyField(
        "recommendations.SupportingPublication",
        blank=True,
        related_name="data_sources",
        verbose_name=_("supporting publications"),
    )
    state = models.CharField(max_length=9, choices=SourceState, default=SourceState.LISTED, editable=False)
    reviewed_on = models.DateField(_("last looked at"), default=timezone.localdate, editable=False)
    placed = models.TextField(editable=False, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "kind", "pk"]
        verbose_name = _("data source")
        indexes = [models.Index(fields=["state", "reviewed_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="source_kind_known"),
            models.CheckConstraint(condition=Q(state__in=SourceState.values), name="source_state_known"),
            coded_once("source_once", _("The inventory has this code already.")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return words.in_language(self.names)

    @property
    def coverage(self) -> str:
        return words.in_language(self.coverages)

    @property
    def quality_note(self) -> str:
        return words.in_language(self.quality_notes)

    @property
    def access_note(self) -> str:
        return words.in_language(self.access_notes)

    @property
    def asks(self) -> list[str]:
        """Its questions on migration, in the reader's language and in the order in which they are listed."""
        return [str(question.label) for question in Question if question in self.questions]

    def clean(self) -> None:
        super().clean()
        if self.questions and self.kind not in ASKING_KINDS:
            raise ValidationError({"questions": _("Only a census or a survey asks questions.")})

    def searched(self) -> Iterable[str]:
        return (*self.names.values(), self.key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.placed = places.searched(self.sections)
        super().save(*args, **kwargs)


class DataGap(Kept):
    """What is missing for a section: how much it weighs, and what would close it."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_gaps")
    section = models.CharField(_("section"), max_length=6, validators=[places.validate])
    data_source = models.ForeignKey(
        DataSource, models.PROTECT, null=True, blank=True, related_name="gaps", verbose_name=_("data source")
    )
    titles = models.JSONField(_("what is missing"), validators=[words.validate_names])
    severity = models.CharField(_("severity"), max_length=6, choices=Severity)
    improvements = models.JSONField(
        _("improvement proposed"), default=dict, blank=True, validators=[words.validate_texts]
    )
    state = models.CharField(max_length=10, choices=GapState, default=GapState.IDENTIFIED, editable=False)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "section", "pk"]
        verbose_name = _("data gap")
        indexes = [models.Index(fields=["state", "severity"])]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="gap_severity_known"),
            models.CheckConstraint(condition=Q(state__in=GapState.values), name="gap_state_known"),
            coded_once("gap_once", _("The inventory has this code already.")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def improvement(self) -> str:
        return words.in_language(self.improvements)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_GAPS

    def clean(self) -> None:
        super().clean()
        if self.data_source and self.data_source.twg_id != self.twg_id:
            raise ValidationError({"data_source": _("This source is not in the TWG's inventory.")})

    def searched(self) -> Iterable[str]:
        return (*self.titles.values(), *self.improvements.values(), self.key)
