"""A TWG's data plan: its data-management strategy and its actions (S14)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.ballots.models import Ballot
from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Twg


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("data plan", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("data plan", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("data plan", "Superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("data plan", "Set aside")


# In these its actions are planned and carried out.
STANDING = (PlanState.DRAFT, PlanState.IN_FORCE)


class PlanQuerySet(models.QuerySet["DataPlan"]):
    def visible_to(self, person: Any) -> PlanQuerySet:
        """Read by those who read the TWG from the inside."""
        return self.filter(access.sees_inside(person, "twg__"))

    def with_all(self) -> PlanQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("twg__region", "twg__project", "endorsed_in")


class DataPlan(Subject):
    """One data plan of a TWG. A new one supersedes the one in force when it is endorsed.

    Its strategy is a text (`papers.py`): drafted, commented on and endorsed as all texts are.
    """

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_plans")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    summaries = models.JSONField(_("what it is about"), default=dict, blank=True, validators=[words.validate_texts])
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT, editable=False)
    endorsed_on = models.CharField(
        _("endorsed on"), max_length=40, blank=True, editable=False, validators=[edtf.validate]
    )
    endorsed_in = models.ForeignKey(
        Ballot, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("endorsed by the ballot"),
    )  # fmt: skip
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "-number"]
        verbose_name = _("data plan")
        constraints = [
            models.UniqueConstraint(fields=["twg", "number"], name="data_plan_numbered_once"),
            models.UniqueConstraint(
                fields=["twg"], condition=Q(state="in_force"), name="one_data_plan_in_force",
                violation_error_message=_("The TWG has a data plan in force."),
            ),
            models.UniqueConstraint(
                fields=["twg"], condition=Q(state="draft"), name="one_data_plan_drafted",
                violation_error_message=_("The TWG is drafting a data plan already."),
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="data_plan_state_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def summary(self) -> str:
        return words.in_language(self.summaries)

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    def clean(self) -> None:
        if self.twg.linked_to_id:
            raise ValidationError({"twg": _("The data plan is the TWG's own: a task force carries out its actions.")})
