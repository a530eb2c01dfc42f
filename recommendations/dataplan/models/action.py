"""Actions of data plans: who does what by when, what they need first, how far they are (S23-S27)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.minutes.models import Decision
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from recommendations.register.models import Recommendation
from workflow.datarequests.rules import today_in
from workflow.engine import edtf
from workflow.engine.conditions import points_into
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Institution, Twg

from .. import rules
from .plan import DataPlan

CURRENCY = RegexValidator(r"^[A-Z]{3}\Z", _("Write the currency's three letters (ISO 4217), such as XOF, GHS or EUR."))
MOST_REPORTED = 4000  # characters of a progress report
MOST_DIGITS, PLACES = 15, 2  # of an amount


class ActionKind(models.TextChoices):
    PROCUREMENT = "procurement", _("Recruitment or procurement")
    SURVEY = "survey", _("Survey")
    DATABASE = "database", _("Database")
    AGREEMENT = "agreement", _("Agreement")
    TRAINING = "training", _("Training")
    LEGAL = "legal", _("Legal change")
    OTHER = "other", _("Other")


class DataActionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("action", "Planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("action", "In progress")
    BLOCKED = "blocked", pgettext_lazy("action", "Blocked")
    DONE = "done", pgettext_lazy("action", "Done")
    DROPPED = "dropped", pgettext_lazy("action", "Dropped")


UNFINISHED = (DataActionState.PLANNED, DataActionState.IN_PROGRESS, DataActionState.BLOCKED)


class ActionQuerySet(models.QuerySet["DataAction"]):
    def visible_to(self, person: Any) -> ActionQuerySet:
        """Read inside the TWG, and inside the task force at work on it (S24).

        One that comes of a closed session is read by those alone who take part in closed sessions (S31).
        """
        return self.filter(access.once(person, "seen data actions", lambda: _seen(person)))

    def with_all(self) -> ActionQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("twg__region", "twg__linked_to", "plan", "lead", "task_force", "expert_institution")

    def unfinished(self) -> ActionQuerySet:
        return self.filter(state__in=UNFINISHED)

    def overdue(self, today: date) -> ActionQuerySet:
        return self.unfinished().filter(due_on__lt=today)


def _seen(person: Any) -> Q:
    inside = access.sees_inside(person, "twg__") | access.sees_inside(person, "task_force__")
    decided = Q(decision=None) | points_into("decision", Decision.objects.all().visible_to(person))
    asked = Q(recommendation=None) | points_into("recommendation", Recommendation.objects.all().visible_to(person))
    return inside & decided & asked


class DataAction(Subject):
    """One action of a data plan: what is done, who leads it and who contributes, when, for how much (S23-S27).

    `starts` and `due` are dates as far as they are known; `starts_on` and `due_on` the first and the last day that they
    can be. What is unfinished when a new plan comes into force goes on in it.
    """

    # No event repeats its words, since they may come of a closed session (S31), nor the name of an expert, which is for
    # those alone who read names; the days beside dates and reports follow from what is told.
    not_told = (
        "titles", "descriptions", "others", "expert_name", "expert_roles", "blocked_by", "folded", "starts_on",
        "due_on", "asked_at", "reported_at",
    )  # fmt: skip

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_actions")
    plan = models.ForeignKey(DataPlan, models.PROTECT, related_name="actions", verbose_name=_("data plan"))
    kind = models.CharField(_("kind"), max_length=12, choices=ActionKind)
    titles = models.JSONField(_("what is done"), validators=[words.validate_names])
    descriptions = models.JSONField(_("description"), default=dict, blank=True, validators=[words.validate_texts])
    lead = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="leads_actions",
        verbose_name=_("lead institution"),
    )  # fmt: skip
    contributors = models.ManyToManyField(
        Institution, blank=True, related_name="contributes_to_actions", verbose_name=_("contributing institutions")
    )
    # Where a source says "all relevant ministries" and names none (S25).
    others = models.JSONField(_("others who contribute"), default=dict, blank=True, validators=[words.validate_texts])
    expert_name = models.CharField(_("expert's name"), max_length=200, blank=True)
    expert_roles = models.JSONField(_("expert"), default=dict, blank=True, validators=[words.validate_texts])
    expert_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("expert's institution")
    )
    task_force = models.ForeignKey(
        Twg, models.PROTECT, null=True, blank=True, related_name="task_force_actions", verbose_name=_("task force")
    )
    starts = models.CharField(_("start"), max_length=40, blank=True, validators=[edtf.validate])
    due = models.CharField(_("due"), max_length=40, blank=True, validators=[edtf.validate])
    starts_on = models.DateField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    cost = models.DecimalField(
        _("estimated cost"), max_digits=MOST_DIGITS, decimal_places=PLACES, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[CURRENCY])
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="data_actions",
        verbose_name=_("decided at a meeting"),
    )  # fmt: skip
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="data_actions",
        verbose_name=_("answers the recommendation"),
    )  # fmt: skip
    data_sources = models.ManyToManyField(
        DataSource, blank=True, related_name="actions", verbose_name=_("data sources")
    )
    gaps = models.ManyToManyField(DataGap, blank=True, related_name="actions", verbose_name=_("data gaps"))
    publications = models.ManyToManyField(
        SupportingPublication, blank=True, related_name="actions", verbose_name=_("supporting publications")
    )
    state = models.CharField(max_length=11, choices=DataActionState, default=DataActionState.PLANNED, editable=False)
    blocked_by = models.TextField(_("what blocks it"), max_length=MOST_REPORTED, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("progress"), default=0, editable=False)
    done_on = models.CharField(pgettext_lazy("action", "done"), max_length=40, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)  # when progress was last asked for
    reported_at = models.DateTimeField(null=True, editable=False)  # when it was last reported
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)
    folded = models.TextField(editable=False, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", F("starts_on").asc(nulls_last=True), F("due_on").asc(nulls_last=True), "pk"]
        verbose_name = _("action")
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DataActionState.values), name="data_action_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ActionKind.values), name="data_action_kind_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="data_action_percent_known"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                name="data_actions_end_after_they_begin",
                violation_error_message=_("It is due before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(cost=None, currency="") | Q(cost__isnull=False) & ~Q(currency=""),
                name="a_cost_has_a_currency",
                violation_error_message=_("An amount has a currency, and a currency an amount."),
            ),
            models.CheckConstraint(
                condition=Q(state="blocked") & ~Q(blocked_by="") | ~Q(state="blocked") & Q(blocked_by=""),
                name="blocked_actions_say_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def description(self) -> str:
        return words.in_language(self.descriptions)

    @property
    def other_contributors(self) -> str:
        return words.in_language(self.others)

    @property
    def expert_role(self) -> str:
        return words.in_language(self.expert_roles)

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def today(self) -> date:
        """The day that it is where the TWG works."""
        return today_in(self.twg.time_zone)

    @property
    def due_in_words(self) -> str:
        """The date as far as it is known, for mails."""
        return edtf.display(self.due)

    @property
    def days_late(self) -> int:
        """Whole days past the last day that its due date can be; 0 for what is over."""
        return rules.days_late(self.state, self.due_on, self.today)

    def clean(self) -> None:
        wrong = {}
        if self.plan_id and self.plan.twg_id != self.twg_id:
            wrong["plan"] = _("This data plan is another TWG's.")
        if self.task_force is not None and self.task_force.linked_to_id != self.twg_id:
            wrong["task_force"] = _("This body is not linked to the TWG.")
        if bool(self.currency) != (self.cost is not None):
            wrong["currency"] = _("An amount has a currency, and a currency an amount.")
        if self._ends_before_it_begins():
            wrong["due"] = _("It is due before it begins.")
        if wrong:
            raise ValidationError(wrong)

    def _ends_before_it_begins(self) -> bool:
        try:
            first, last = day_of(self.starts, last=False), day_of(self.due)
        except ValueError:
            return False  # the fields' own validators say what is wrong with the date
        return bool(first and last and last < first)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(*self.titles.values())
        self.starts_on, self.due_on = day_of(self.starts, last=False), day_of(self.due)
        super().save(*args, **kwargs)


def day_of(text: str, *, last: bool = True) -> date | None:
    """The last day that a date can be, or the first; None where it is not known."""
    if not text:
        return None
    moment = edtf.parse(text)
    return moment.last if last else moment.first
