"""What can be said of a data source and of a gap: kinds, rhythms, qualities, conditions, questions (S09, S28)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceKind(models.TextChoices):
    """Where data on migration comes from."""

    CENSUS = "census", _("Population census")
    HOUSEHOLD_SURVEY = "household_survey", _("Household survey")
    LABOUR_SURVEY = "labour_survey", _("Labour force survey")
    BORDER = "border", _("Border records: entries and exits")
    VISAS = "visas", _("Visas")
    RESIDENCE = "residence", _("Residence permits")
    WORK = "work", _("Work permits and labour records")
    CONSULAR = "consular", _("Consular registers")
    CIVIL = "civil", _("Civil registration")
    POPULATION = "population", _("Population register")
    ASYLUM = "asylum", _("Refugees and asylum seekers")
    RETURNS = "returns", _("Returns and readmissions")
    REMITTANCES = "remittances", _("Remittances")
    STUDY = "study", _("Study or research")
    OTHER = "other", _("Other")


class Periodicity(models.TextChoices):
    """How often new data comes."""

    CONTINUOUS = "continuous", _("Continuously")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    YEARLY = "yearly", _("Every year")
    SOME_YEARS = "some_years", _("Every two to nine years")
    TEN_YEARS = "ten_years", _("Every ten years")
    ONCE = "once", _("Once")
    IRREGULAR = "irregular", _("Irregularly")


class Quality(models.TextChoices):
    """How far the data can be relied on, as the TWG judges it."""

    GOOD = "good", pgettext_lazy("data quality", "Good")
    FAIR = "fair", pgettext_lazy("data quality", "Fair")
    POOR = "poor", pgettext_lazy("data quality", "Poor")


class Access(models.TextChoices):
    """On what condition the TWG gets the data."""

    PUBLIC = "public", pgettext_lazy("access to data", "Published")
    REQUEST = "request", _("On request")
    AGREEMENT = "agreement", _("Under an agreement")
    INTERNAL = "internal", _("Inside the institution only")


class Question(models.TextChoices):
    """What a household survey or a census asks about migration (S28: the mapping study of such questions)."""

    BIRTH_COUNTRY = "birth_country", _("Country of birth")
    CITIZENSHIP = "citizenship", _("Citizenship")
    PARENTS_BIRTH = "parents_birth", _("Parents' country of birth")
    ARRIVAL = "arrival", _("Year of arrival")
    YEAR_AGO = "year_ago", _("Residence one year ago")
    FIVE_YEARS_AGO = "five_years_ago", _("Residence five years ago")
    LIVED_ABROAD = "lived_abroad", _("Ever lived abroad")
    REASON = "reason", _("Reason for migrating")
    ABSENT = "absent", _("Household members living abroad")
    RETURNED = "returned", _("Household members who came back")
    REMITTANCES = "remittances", _("Remittances received")
    REMITTANCE_USE = "remittance_use", _("What remittances are used for")
    INTENTION = "intention", _("Intention to migrate")


class SourceState(models.TextChoices):
    """Where a source stands in the inventory; nothing in it is ever deleted."""

    LISTED = "listed", _("In the inventory")
    ENDED = "ended", _("Discontinued")
    WITHDRAWN = "withdrawn", pgettext_lazy("data source", "Withdrawn")


class Severity(models.TextChoices):
    """How much a gap weighs on the profile."""

    HIGH = "high", pgettext_lazy("severity", "High")
    MEDIUM = "medium", pgettext_lazy("severity", "Medium")
    LOW = "low", pgettext_lazy("severity", "Low")


class GapState(models.TextChoices):
    """How far the TWG has come with a gap."""

    IDENTIFIED = "identified", pgettext_lazy("gap", "Identified")
    AGREED = "agreed", pgettext_lazy("gap", "Agreed")
    ADDRESSED = "addressed", pgettext_lazy("gap", "Being addressed")
    CLOSED = "closed", pgettext_lazy("gap", "Closed")
    DROPPED = "dropped", pgettext_lazy("gap", "Dropped")


OPEN_GAPS = (GapState.IDENTIFIED, GapState.AGREED, GapState.ADDRESSED)
# Where household members are asked: only these kinds have questions.
ASKING_KINDS = (SourceKind.CENSUS, SourceKind.HOUSEHOLD_SURVEY, SourceKind.LABOUR_SURVEY)
