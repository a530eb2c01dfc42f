"""Steps towards a TWG that lasts, and promises to host it (S41-S43, S45)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Institution, Twg


class MilestoneKind(models.TextChoices):
    ENDORSEMENT = "endorsement", _("Official endorsement")
    TERMS_OF_REFERENCE = "terms_of_reference", _("New terms of reference")
    INCORPORATION = "incorporation", _("Incorporation into an institution")
    HOSTING = "hosting", _("Hosting of meetings")
    BUDGET = "budget", _("Budget")
    CAPACITY = "capacity", _("Capacity")
    OTHER = "other", _("Other")


class MilestoneState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    IN_PROGRESS = "in_progress", _("In progress")
    ACHIEVED = "achieved", _("Achieved")
    VERIFIED = "verified", _("Verified")
    DROPPED = "dropped", _("Dropped")


class HostingState(models.TextChoices):
    ANNOUNCED = "announced", _("Announced")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("hosting commitment", "Withdrawn")


def refuse_linked_body(twg: Twg) -> None:
    """What makes a TWG last is said of the TWG itself, not of a committee or task force that is linked to it."""
    if twg.linked_to_id:
        raise ValidationError({"twg": _("Record this for the TWG itself, not for a body linked to it.")})


class OfTwgQuerySet(models.QuerySet[Any]):
    """Read by those who read the TWG from the inside."""

    def visible_to(self, person: Any) -> OfTwgQuerySet:
        return self.filter(access.sees_inside(person, "twg__"))


class Milestone(Subject):
    """A dated, evidenced step towards sustainability, with who is responsible and to whom they turn (S43)."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="milestones")
    kind = models.CharField(_("kind"), max_length=30, choices=MilestoneKind)
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    responsible = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible institution")
    )
    counterpart = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("counterpart")
    )
    linked_body = models.ForeignKey(
        Twg, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("linked body at work on it")
    )
    state = models.CharField(max_length=12, choices=MilestoneState, default=MilestoneState.PROPOSED, editable=False)
    when = models.CharField(_("expected"), max_length=40, blank=True, validators=[edtf.validate])
    achieved_on = models.CharField(_("achieved"), max_length=40, blank=True, editable=False, validators=[edtf.validate])
    evidence = models.JSONField(_("evidence"), default=dict, blank=True, validators=[words.validate_texts])
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OfTwgQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def evidence_text(self) -> str:
        return words.in_language(self.evidence)

    def clean(self) -> None:
        refuse_linked_body(self.twg)
        if self.linked_body and self.linked_body.linked_to_id != self.twg_id:
            raise ValidationError({"linked_body": _("This body is not linked to the TWG.")})


class Hosting(Subject):
    """An institution's promise to convene and host a TWG's meetings, tracked after the project's end (S42)."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="hostings")
    holder = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("holder")
    )
    statements = models.JSONField(_("what is promised"), validators=[words.validate_names])
    starts = models.CharField(_("from"), max_length=40, blank=True, validators=[edtf.validate])
    ends = models.CharField(_("until"), max_length=40, blank=True, validators=[edtf.validate])
    state = models.CharField(max_length=12, choices=HostingState, default=HostingState.ANNOUNCED, editable=False)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OfTwgQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "id"]

    def __str__(self) -> str:
        return self.statement

    @property
    def statement(self) -> str:
        return words.in_language(self.statements)

    def clean(self) -> None:
        refuse_linked_body(self.twg)
        try:
            first = edtf.parse(self.starts).first if self.starts else None
            last = edtf.parse(self.ends).last if self.ends else None
        except ValueError:
            return  # the fields' own validators say what is wrong with the date
        if first and last and last < first:
            raise ValidationError({"ends": _("A promise can't end before it begins.")})
