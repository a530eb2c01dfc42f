"""Templates, profiles and their editions (S01, S02, S07)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Project, Twg


class Stage(models.TextChoices):
    """Where an edition stands."""

    TEMPLATE = "template", _("Template")
    DRAFTING = "drafting", _("Drafting")
    COMMENT = "comment", _("Comment")
    ENDORSEMENT = "endorsement", _("Endorsement")
    WORKSHOP = "workshop", _("Policy workshop")
    HANDOVER = "handover", _("Hand-over")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The way from beginning to end, as the stage track shows it.
TRACK = (
    Stage.TEMPLATE,
    Stage.DRAFTING,
    Stage.COMMENT,
    Stage.ENDORSEMENT,
    Stage.WORKSHOP,
    Stage.HANDOVER,
    Stage.PUBLISHED,
)
CLOSED = (Stage.PUBLISHED, Stage.WITHDRAWN)


class TemplateQuerySet(models.QuerySet["TemplateVersion"]):
    def visible_to(self, person: Any) -> TemplateQuerySet:
        """Templates are common to all who hold a seat."""
        return self if access.holds_any_seat(person) else self.none()


class TemplateVersion(Subject):
    """One version of the standardised template; an edition is bound to one and keeps it (S07, S47)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    number = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("name"), validators=[words.validate_names])
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="templates")
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="template_numbered_once")]

    def __str__(self) -> str:
        return words.in_language(self.names)


class Part(models.Model):
    """A part of the template, A to F in the note's."""

    template = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="parts")
    letter = models.CharField(_("letter"), max_length=2)
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["letter"]
        constraints = [models.UniqueConstraint(fields=["template", "letter"], name="part_letter_once")]

    def __str__(self) -> str:
        return f"{self.letter}. {self.title}"

    @property
    def title(self) -> str:
        return words.in_language(self.titles)


class Section(models.Model):
    """What an author writes under a part."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("number"))
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    guidance = models.JSONField(_("guidance"), default=dict, blank=True, validators=[words.validate_texts])
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["part", "number"], name="section_number_once")]

    def __str__(self) -> str:
        return f"{self.part.letter}.{self.number} {self.title}"

    @property
    def title(self) -> str:
        return words.in_language(self.titles)


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, person: Any) -> ProfileQuerySet:
        """Profiles of visible TWGs, and for everybody those with a published edition."""
        published = Edition.objects.filter(stage=Stage.PUBLISHED).values("profile")
        return self.filter(access.sees(person, "twg__") | Q(pk__in=published))

    def internal_to(self, person: Any) -> ProfileQuerySet:
        return self.filter(access.sees_inside(person, "twg__"))


class Profile(Subject):
    """A country's National Migration Profile, or a region's Overview: the long-lived thing."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("title"), validators=[words.validate_names])
    twg = models.ForeignKey(Twg, models.PROTECT, related_name="profiles", verbose_name=_("TWG"))
    owner = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owns",
        verbose_name=_("owning government body"),
    )
    update_months = models.PositiveSmallIntegerField(
        _("months between editions"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    # Since its hand-over: whose people open and draft its next edition, and when that is due (S02, S21).
    updated_by = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, editable=False, related_name="keeps_up_to_date",
        verbose_name=_("kept up to date by"),
    )  # fmt: skip
    next_due = models.DateField(_("next edition due"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.names) or self.code

    @property
    def drafted_by_id(self) -> int | None:
        """As its editions'."""
        return self.updated_by_id


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, person: Any) -> EditionQuerySet:
        """Published editions are everybody's; the others are seen with their TWG."""
        return self.filter(access.sees(person, "profile__twg__") | Q(stage=Stage.PUBLISHED))

    def internal_to(self, person: Any) -> EditionQuerySet:
        return self.filter(access.sees_inside(person, "profile__twg__"))

    def open(self) -> EditionQuerySet:
        return self.exclude(stage__in=CLOSED)


class Edition(Subject):
    """One dated version of a profile, at one stage."""

    profile = models.ForeignKey(Profile, models.PROTECT, related_name="editions")
    label = models.CharField(_("edition"), max_length=40, help_text=_("Usually a year, such as 2009."))
    template = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="editions", verbose_name=_("template"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.TEMPLATE, editable=False)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    update_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="updates", verbose_name=_("update institution")
    )
    no_update_institution = models.TextField(_("why no update institution is named"), blank=True)
    published_on = models.CharField(_("published"), max_length=40, blank=True, validators=[edtf.validate])
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["profile", "-label"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "label"],
                name="edition_label_once",
                violation_error_message=_("This profile already has an edition of that name."),
            ),
            models.UniqueConstraint(
                fields=["profile"], condition=~Q(stage__in=["published", "withdrawn"]), name="one_open_edition"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="edition_stage_known"),
        ]

    def __str__(self) -> str:
        return str(_("%(profile)s, edition %(label)s") % {"profile": self.profile, "label": self.label})

    def get_stage_display(self) -> str:  # type: ignore[no-redef] # as Django's documentation allows
        return words.label(Stage, self.stage)

    @property
    def twg(self) -> Twg:
        return self.profile.twg

    @property
    def drafted_by_id(self) -> int | None:
        """Whose people draft it; None where the research consultant does, before the profile is handed over."""
        return self.profile.updated_by_id

    @property
    def is_open(self) -> bool:
        return self.stage not in CLOSED
