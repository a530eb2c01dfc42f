"""Laws, policies and agreements on migration, and the institutions that act on it (S29, S36)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Institution, Twg


class FrameworkKind(models.TextChoices):
    CONSTITUTION = "constitution", _("Constitution")
    LAW = "law", _("Law")
    DECREE = "decree", _("Decree or order")
    POLICY = "policy", _("Policy or strategy")
    PROGRAMME = "programme", _("Programme")
    BILATERAL = "bilateral", _("Bilateral agreement")
    REGIONAL = "regional", _("Regional instrument")
    CONVENTION = "convention", _("International convention")


class OfTwgQuerySet(models.QuerySet[Any]):
    """Read by those who read the TWG from the inside; a region's also by the TWGs of its countries."""

    def visible_to(self, person: Any) -> OfTwgQuerySet:
        return self.filter(access.sees_inside(person, "twg__"))


class Framework(Subject):
    """A law, policy or agreement: what it is called, since when, where it can be read, who answers for it."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="frameworks")
    kind = models.CharField(_("kind"), max_length=14, choices=FrameworkKind)
    names = models.JSONField(_("title"), validators=[words.validate_names])
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    adopted = models.CharField(_("adopted or signed"), max_length=40, blank=True, validators=[edtf.validate])
    in_force = models.CharField(_("in force since"), max_length=40, blank=True, validators=[edtf.validate])
    ended = models.CharField(_("ended"), max_length=40, blank=True, validators=[edtf.validate])
    url = models.URLField(_("link"), blank=True)
    summaries = models.JSONField(_("what it says"), default=dict, blank=True, validators=[words.validate_texts])
    responsible = models.ManyToManyField(Institution, blank=True, related_name="frameworks")
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OfTwgQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "kind", "pk"]

    def __str__(self) -> str:
        return words.in_language(self.names)

    def clean(self) -> None:
        try:
            first = edtf.parse(self.in_force).first if self.in_force else None
            last = edtf.parse(self.ended).last if self.ended else None
        except ValueError:
            return  # the fields' own validators say what is wrong with the date
        if first and last and last < first:
            raise ValidationError({"ended": _("It can't end before it begins.")})


class PolicyActor(Subject):
    """An institution that acts on migration in a country or region, and what it does."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="policy_actors")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="policy_roles", verbose_name=_("institution")
    )
    roles = models.JSONField(_("what it does on migration"), validators=[words.validate_names])
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OfTwgQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["twg", "institution"],
                name="policy_actor_once",
                violation_error_message=_("This institution is in the register already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.institution)

    @property
    def role(self) -> str:
        return words.in_language(self.roles)
