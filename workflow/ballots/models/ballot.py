"""Ballots and the options that one ranks in them (S08, S16, S34, S44)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import kinds
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import BallotRule, Institution, TermsOfReference, Twg
from workflow.writing.models import Draft


class BallotState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", pgettext_lazy("ballot", "Open")
    CLOSED = "closed", pgettext_lazy("ballot", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("ballot", "Cancelled")


class BallotForm(models.TextChoices):
    ENDORSEMENT = "endorsement", _("endorse or object")
    RANKING = "ranking", _("rank and choose several")


class Secrecy(models.TextChoices):
    ROLL_CALL = "roll_call", _("by roll call: every vote is seen as it is cast")
    HIDDEN = "hidden", _("hidden until closing")


class Decided(models.TextChoices):
    """What came out of a closed ballot."""

    ENDORSED = "endorsed", _("Endorsed")
    RETURNED = "returned", _("Returned")
    NO_QUORUM = "no_quorum", _("No quorum")
    BROKEN = "broken", _("Silence broken")
    CHOSEN = "chosen", _("Chosen")


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, person: Any) -> BallotQuerySet:
        """A ballot is known to those who read its TWG from the inside; a draft of one, to full members and IOM."""
        own = access.seats(person)
        full = Q(twg__in=own.full) | Q(twg__linked_to__in=own.full) | Q(twg__project__in=own.projects)
        return self.filter(access.sees_inside(person, "twg__")).filter(~Q(state=BallotState.DRAFT) | full)


class Ballot(Subject):
    """A question put to the voting institutions of a TWG, with a rule, a quorum and a deadline.

    From its opening on it holds the hash of the exact text that is voted on, and the terms that it goes by.
    """

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="ballots")
    form = models.CharField(_("form"), max_length=12, choices=BallotForm, default=BallotForm.ENDORSEMENT)
    # What is voted on: an edition, a template, terms of reference; for a ranking, nothing but its options.
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    draft = models.ForeignKey(
        Draft, models.PROTECT, null=True, blank=True, related_name="ballots", verbose_name=_("draft")
    )
    question = models.CharField(_("question"), max_length=300)
    explanation = models.TextField(_("explanation"), max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=BallotState, default=BallotState.DRAFT, editable=False)
    decided = models.CharField(_("outcome"), max_length=10, choices=Decided, blank=True, editable=False)
    rule = models.CharField(_("rule"), max_length=20, choices=BallotRule, default=BallotRule.SIMPLE_MAJORITY)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in per cent of voting institutions"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    quorum_categories = models.JSONField(_("categories that must take part"), default=list, blank=True)
    quorum_institutions = models.ManyToManyField(
        Institution, blank=True, related_name="+", verbose_name=_("institutions that must take part")
    )
    secrecy = models.CharField(_("votes are"), max_length=10, choices=Secrecy, default=Secrecy.ROLL_CALL)
    winners = models.PositiveSmallIntegerField(
        _("how many are chosen"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    deadline = models.DateTimeField(_("deadline"))
    reminder_days = models.JSONField(_("reminders, days before the deadline"), default=list, blank=True)
    repeats = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("repeats")
    )
    terms = models.ForeignKey(
        TermsOfReference, models.PROTECT, null=True, editable=False, related_name="ballots",
        verbose_name=_("terms of reference"),
    )  # fmt: skip
    text_sha256 = models.CharField(_("hash of the text voted on"), max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The count as it stood at closing: a recount must come to the same (proofs.py).
    result = models.JSONField(default=dict, editable=False)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "deadline"]),
            models.Index(fields=["about_kind", "about_id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BallotState.values), name="ballot_state_known"),
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100), name="ballot_quorum_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(state=BallotState.CLOSED, closed_at__isnull=False) & ~Q(decided="")
                | ~Q(state=BallotState.CLOSED) & Q(decided=""),
                name="closed_ballots_are_decided",
            ),
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "twg"],
                condition=Q(state=BallotState.OPEN, about_id__isnull=False),
                name="one_open_ballot_on_one_thing",
                violation_error_message=_("A ballot on this is open already."),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def about(self) -> Any:
        """What is voted on; None for a ranking of options."""
        kind = kinds.get(self.about_kind)
        return kind.model._base_manager.filter(pk=self.about_id).first() if kind and self.about_id else None

    @property
    def hides_votes(self) -> bool:
        """Nobody may learn how anybody voted: until it is closed, and if it is cancelled, for ever."""
        return self.secrecy == Secrecy.HIDDEN and self.state != BallotState.CLOSED


class OptionQuerySet(models.QuerySet["Option"]):
    def visible_to(self, person: Any) -> OptionQuerySet:
        return self.filter(ballot__in=Ballot.objects.all().visible_to(person))


class Option(models.Model):
    """What can be ranked in a ballot, in the order in which it was proposed; its words are those of the opening."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    # What it stands for elsewhere: a research theme.
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["ballot", "number"], name="option_numbered_once")]

    def __str__(self) -> str:
        return words.in_language(self.titles)
