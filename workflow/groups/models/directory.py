"""The institution directory (S15, S16)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workflow.engine.models import Subject

from .. import access, words


class Category(models.TextChoices):
    """The kinds of institution that sit in a TWG."""

    GOVERNMENT = "government", _("Government")
    STATISTICS = "statistics", _("Statistics office")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement and border")
    INTERNATIONAL_AGENCY = "international_agency", _("International agency")
    RESEARCH = "research", _("Research institute")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    PRIVATE_SECTOR = "private_sector", _("Private sector")


# Who counts as government where a session is closed to all others (S31).
GOVERNMENT_CATEGORIES = (Category.GOVERNMENT, Category.STATISTICS, Category.LAW_ENFORCEMENT)


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, person: Any) -> InstitutionQuerySet:
        """The directory is common to all who hold a seat, and to administrators."""
        return self if access.holds_any_seat(person) else self.none()


class Institution(Subject):
    """A ministry, agency, office, international agency, institute, NGO or private body."""

    code = models.SlugField(
        _("code"),
        max_length=80,
        unique=True,
        help_text=_("A short name that never changes, such as gha-ministry-interior; spreadsheets go by it."),
    )
    names = models.JSONField(_("names"), validators=[words.validate_names])
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    category = models.CharField(_("category"), max_length=24, choices=Category)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, default="stated")
    source = models.CharField(_("source"), max_length=200, blank=True)
    folded = models.TextField(editable=False, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["country", "folded"]
        constraints = [
            models.CheckConstraint(condition=models.Q(category__in=Category.values), name="institution_category_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return words.in_language(self.names) or self.code

    @property
    def short(self) -> str:
        return self.acronym or self.name

    @property
    def country_name(self) -> str:
        return words.country(str(self.country))

    def get_category_display(self) -> str:  # type: ignore[no-redef] # as Django's documentation allows
        return words.label(Category, self.category)

    @property
    def is_government(self) -> bool:
        return self.category in GOVERNMENT_CATEGORIES

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(*self.names.values(), self.acronym, self.code)
        super().save(*args, **kwargs)
