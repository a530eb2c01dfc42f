"""What a task force is to deliver, and what it has delivered (S24)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import edtf
from workflow.engine.conditions import points_into
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Twg

from .action import DataAction


class OutputState(models.TextChoices):
    EXPECTED = "expected", pgettext_lazy("output", "Expected")
    DELIVERED = "delivered", pgettext_lazy("output", "Delivered")
    DROPPED = "dropped", pgettext_lazy("output", "Dropped")


class OutputQuerySet(models.QuerySet["Output"]):
    def visible_to(self, person: Any) -> OutputQuerySet:
        """Read with the task force, and of an action that comes of a closed session with that action (S31)."""
        known = Q(action=None) | points_into("action", DataAction.objects.all().visible_to(person))
        return self.filter(access.sees_inside(person, "twg__"), known)

    def with_all(self) -> OutputQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("twg__region", "twg__linked_to", "action")


class Output(Subject):
    """Something that a linked body is to deliver: a strategy, an action plan, terms of reference."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="outputs", verbose_name=_("task force"))
    action = models.ForeignKey(
        DataAction, models.PROTECT, null=True, blank=True, related_name="outputs", verbose_name=_("action")
    )
    titles = models.JSONField(_("output"), validators=[words.validate_names])
    due = models.CharField(_("due"), max_length=40, blank=True, validators=[edtf.validate])
    delivered_on = models.CharField(
        _("delivered"), max_length=40, blank=True, editable=False, validators=[edtf.validate]
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=OutputState, default=OutputState.EXPECTED, editable=False)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "pk"]
        verbose_name = pgettext_lazy("of a task force", "output")
        constraints = [models.CheckConstraint(condition=Q(state__in=OutputState.values), name="output_state_known")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    def clean(self) -> None:
        wrong = {}
        if not self.twg.linked_to_id:
            wrong["twg"] = _("Outputs are recorded on a body that is linked to a TWG.")
        if self.action is not None and self.action.twg_id != self.twg.linked_to_id:
            wrong["action"] = _("This action is not in the data plan of the TWG.")
        if wrong:
            raise ValidationError(wrong)
