"""Terms of reference as data: who votes, quorum, notice, cadence, participation by category (S06, S30, S44)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf
from workflow.engine.models import Subject

from .. import access, words
from .directory import Category
from .seats import Role
from .twg import Twg


class Modality(models.TextChoices):
    """How a category of institutions takes part (S30)."""

    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")
    INVITED = "invited", _("invited")
    EXCLUDED = "excluded", _("excluded")


class TermsState(models.TextChoices):
    DRAFT = "draft", _("draft")
    ADOPTED = "adopted", _("adopted")
    SUPERSEDED = "superseded", _("superseded")


class BallotRule(models.TextChoices):
    """The rule by which the TWG decides; the ballots room holds the arithmetic."""

    SIMPLE_MAJORITY = "simple_majority", _("simple majority of votes cast")
    ABSOLUTE_MAJORITY = "absolute_majority", _("majority of all voting institutions")
    TWO_THIRDS = "two_thirds", _("two thirds of votes cast")
    CONSENSUS = "consensus", _("consensus: nobody against")
    NO_OBJECTION = "no_objection", _("silence procedure: no objection before the deadline")


class TermsQuerySet(models.QuerySet["TermsOfReference"]):
    def visible_to(self, person: Any) -> TermsQuerySet:
        """Terms of reference are read by those who read the TWG from the inside."""
        return self.filter(access.sees_inside(person, "twg__"))


NEVER_VOTES = (Role.CONSULTANT, Role.OBSERVER)


class TermsOfReference(Subject):
    """One version of a TWG's terms of reference. A new version supersedes the adopted one when it is adopted."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=12, choices=TermsState, default=TermsState.DRAFT, editable=False)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in per cent of voting institutions"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    ballot_rule = models.CharField(
        _("ballot rule"), max_length=20, choices=BallotRule, default=BallotRule.SIMPLE_MAJORITY
    )
    voting_roles = models.JSONField(_("roles that vote"), default=list)
    meeting_notice_days = models.PositiveSmallIntegerField(_("notice before a meeting, in days"), default=14)
    ballot_notice_days = models.PositiveSmallIntegerField(_("time to vote, in days"), default=10)
    early_closing = models.BooleanField(_("a ballot closes as soon as all have voted"), default=False)
    comment_days = models.PositiveSmallIntegerField(_("time to comment, in days"), default=21)
    cadence_from = models.PositiveSmallIntegerField(_("months between meetings, at least"), default=2)
    cadence_to = models.PositiveSmallIntegerField(_("months between meetings, at most"), default=3)
    closed_sessions = models.BooleanField(
        _("sessions may be closed to all but government"),
        default=False,
        help_text=_("Where questions of sovereignty are discussed."),
    )
    closed_announced = models.BooleanField(
        _("others see that a session is not public"),
        default=False,
        help_text=_("In the calendar and on the agenda, by its time alone. Otherwise they see nothing."),
    )
    text = models.JSONField(_("text"), default=dict, blank=True, validators=[words.validate_texts])
    adopted_on = models.CharField(_("adopted on"), max_length=40, blank=True, validators=[edtf.validate])
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["twg", "number"], name="terms_numbered_once"),
            models.UniqueConstraint(fields=["twg"], condition=Q(state="adopted"), name="one_adopted_terms"),
            models.UniqueConstraint(fields=["twg"], condition=Q(state="draft"), name="one_draft_terms"),
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100), name="quorum_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Terms of reference, version %(number)s") % {"number": self.number})

    def clean(self) -> None:
        if set(self.voting_roles) & set(NEVER_VOTES):
            raise ValidationError({"voting_roles": _("Consultants and observers never vote (S10).")})
        if set(self.voting_roles) - set(Role.values):
            raise ValidationError({"voting_roles": _("There is no such role.")})
        if self.cadence_from > self.cadence_to:
            raise ValidationError({"cadence_to": _("“At most” must not be shorter than “at least”.")})


class CategoryRule(models.Model):
    """How one category takes part, and whether its institutions vote."""

    terms = models.ForeignKey(TermsOfReference, models.CASCADE, related_name="rules")
    category = models.CharField(_("category"), max_length=24, choices=Category)
    modality = models.CharField(_("takes part as"), max_length=10, choices=Modality)
    votes = models.BooleanField(_("votes"), default=False)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "category"], name="one_rule_per_category"),
            models.CheckConstraint(condition=Q(votes=False) | Q(modality="member"), name="only_members_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.get_modality_display()}"

    def get_category_display(self) -> str:  # type: ignore[no-redef] # as Django's documentation allows
        return words.label(Category, self.category)
