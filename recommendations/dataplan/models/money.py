"""What pays for the actions of a data plan: commitments, from the announcement to the money (S26)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.conditions import points_into
from workflow.engine.models import Subject
from workflow.groups import words
from workflow.groups.models import Confidence, Institution, Twg

from .action import CURRENCY, MOST_DIGITS, PLACES, DataAction


class CommitmentStatus(models.TextChoices):
    ANNOUNCED = "announced", pgettext_lazy("money", "Announced")
    REQUESTED = "requested", pgettext_lazy("money", "Requested")
    APPROVED = "approved", pgettext_lazy("money", "Approved")
    DISBURSED = "disbursed", pgettext_lazy("money", "Disbursed")
    WITHDRAWN = "withdrawn", pgettext_lazy("money", "Withdrawn")


# From here on it is known how much.
KNOWN_FROM = (CommitmentStatus.APPROVED, CommitmentStatus.DISBURSED)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, person: Any) -> CommitmentQuerySet:
        """Read with the action that it pays for (S31)."""
        return self.filter(points_into("action", DataAction.objects.all().visible_to(person)))

    def with_all(self) -> CommitmentQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related(
            "action__twg__region", "action__twg__linked_to", "action__plan", "action__task_force", "institution"
        )


class Commitment(Subject):
    """Money for an action: whose, how much in which currency, of which fiscal year.

    What was announced without a sum has none here either: no number is made up.
    """

    action = models.ForeignKey(DataAction, models.PROTECT, related_name="commitments", verbose_name=_("action"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("institution")
    )
    payer = models.CharField(
        _("or somebody else"), max_length=200, blank=True,
        help_text=_("A source that is no institution of the directory."),
    )  # fmt: skip
    statements = models.JSONField(_("what was said"), default=dict, blank=True, validators=[words.validate_texts])
    amount = models.DecimalField(
        _("amount"), max_digits=MOST_DIGITS, decimal_places=PLACES, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[CURRENCY])
    fiscal_year = models.CharField(
        _("fiscal year"), max_length=40, blank=True, help_text=_("2010 or 2009/2010; empty where nobody knows.")
    )
    status = models.CharField(
        max_length=10, choices=CommitmentStatus, default=CommitmentStatus.ANNOUNCED, editable=False
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["action", "pk"]
        verbose_name = _("budget commitment")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | Q(amount__isnull=False) & ~Q(currency=""),
                name="an_amount_has_a_currency",
                violation_error_message=_("An amount has a currency, and a currency an amount."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=KNOWN_FROM) | Q(amount__isnull=False), name="approved_money_is_counted"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(told for told in (self.from_whom, self.fiscal_year, self.money) if told) or self.statement

    @property
    def twg(self) -> Twg:
        return self.action.twg

    @property
    def from_whom(self) -> str:
        return str(self.institution or self.payer)

    @property
    def statement(self) -> str:
        return words.in_language(self.statements)

    @property
    def money(self) -> str:
        """The amount in its currency; "" where nobody has said how much."""
        return money(self.amount, self.currency)

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if not self.institution_id and not self.payer.strip():
            wrong["institution"] = _("Say who pays.")
        if self.institution_id and self.payer.strip():
            wrong["payer"] = _("Name an institution or somebody else, not both.")
        if bool(self.currency) != (self.amount is not None):
            wrong["currency"] = _("An amount has a currency, and a currency an amount.")
        if self.amount is None and self.status in KNOWN_FROM:
            wrong["amount"] = _("What is approved has an amount.")
        if wrong:
            raise ValidationError(wrong)


def money(amount: Decimal | None, currency: str) -> str:
    """“1,250,000 XOF” in the reader's way of writing numbers; cents only where there are some."""
    if amount is None:
        return ""
    places = PLACES if amount != amount.to_integral_value() else 0
    return f"{number_format(amount, places, use_l10n=True, force_grouping=True)}\u00a0{currency}".rstrip("\u00a0")
