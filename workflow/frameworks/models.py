"""Laws, policies and agreements on migration, and the institutions that act on it (S29, S36)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import edtf
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg
from workflow.groups.models.registers import Coded, Registered, coded_once
from workflow.writing.models import TextSection


class FrameworkKind(models.TextChoices):
    CONSTITUTION = "constitution", _("Constitution")
    LAW = "law", _("Law")
    DECREE = "decree", _("Decree or order")
    POLICY = "policy", _("Policy or strategy")
    PROGRAMME = "programme", _("Programme")
    BILATERAL = "bilateral", _("Bilateral agreement")
    REGIONAL = "regional", _("Regional instrument")
    CONVENTION = "convention", _("International convention")


class EntryState(models.TextChoices):
    """Where an entry of the register stands; nothing in it is ever deleted."""

    LISTED = "listed", _("In the register")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("entry", "Withdrawn")


class EntryQuerySet(models.QuerySet[Any]):
    """Read by those who read the TWG from the inside; a region's also by the TWGs of its countries (S36)."""

    def visible_to(self, person: Any) -> EntryQuerySet:
        return self.filter(access.sees_inside(person, "twg__") | access.sees_from_its_region(person, "twg__"))

    def internal_to(self, person: Any) -> EntryQuerySet:
        """Those whose history is theirs to read."""
        return self.filter(access.sees_inside(person, "twg__"))

    def standing(self) -> EntryQuerySet:
        """What the register says: without what was withdrawn."""
        return self.exclude(state=EntryState.WITHDRAWN)


class Entry(Registered):
    """What a framework and a policy actor share: from when to when, and how it is known."""

    not_of_a_body = _("The register is the TWG's own, not that of a body linked to it.")

    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.LISTED, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    begins: str  # the name of the field that says since when
    ended: models.CharField[str, str]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        check_order(getattr(self, self.begins), self.ended)


def check_order(begins: str, ended: str) -> None:
    """Raises ValidationError when something ends before it can have begun."""
    try:
        first = edtf.parse(begins).first if begins else None
        last = edtf.parse(ended).last if ended else None
    except ValueError:
        return  # the fields' own validators say what is wrong with the date
    if first and last and last < first:
        raise ValidationError({"ended": _("It can't end before it begins.")})


class Framework(Coded, Entry):
    """A law, policy or agreement: what it is called, since when, where it can be read, who answers for it."""

    begins = "in_force"

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="frameworks")
    kind = models.CharField(_("kind"), max_length=14, choices=FrameworkKind)
    names = models.JSONField(_("title"), validators=[words.validate_names])
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    adopted = models.CharField(_("adopted or signed"), max_length=40, blank=True, validators=[edtf.validate])
    in_force = models.CharField(_("in force since"), max_length=40, blank=True, validators=[edtf.validate])
    ended = models.CharField(_("ended"), max_length=40, blank=True, validators=[edtf.validate])
    url = models.URLField(_("link"), max_length=500, blank=True)
    summaries = models.JSONField(_("what it says"), default=dict, blank=True, validators=[words.validate_texts])
    responsible = models.ManyToManyField(
        Institution, blank=True, related_name="frameworks", verbose_name=_("responsible institutions")
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "kind", "pk"]
        verbose_name = _("policy framework")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FrameworkKind.values), name="framework_kind_known"),
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="framework_state_known"),
            coded_once("framework_once", _("The register has this code already.")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.names)

    @property
    def summary(self) -> str:
        return words.in_language(self.summaries)

    def searched(self) -> Iterable[str]:
        return (*self.names.values(), self.reference, self.key)


class PolicyActor(Entry):
    """An institution that acts on migration in a country or region, and what it does."""

    begins = "since"

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="policy_actors")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="policy_roles", verbose_name=_("institution")
    )
    roles = models.JSONField(_("what it does on migration"), validators=[words.validate_names])
    since = models.CharField(_("since"), max_length=40, blank=True, validators=[edtf.validate])
    ended = models.CharField(_("until"), max_length=40, blank=True, validators=[edtf.validate])

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "institution__folded", "pk"]
        verbose_name = _("policy actor")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="actor_state_known"),
            models.UniqueConstraint(
                fields=["twg", "institution"],
                name="policy_actor_once",
                violation_error_message=_("This institution is in the register already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.institution)

    @property
    def role(self) -> str:
        return words.in_language(self.roles)

    def searched(self) -> Iterable[str]:
        return self.roles.values()  # the institution's own names are searched where they stand


class Insertion(models.Model):
    """The register's table as it was put into a section: what it is compared with when the register has moved on."""

    class What(models.TextChoices):
        FRAMEWORKS = "frameworks", _("Policy frameworks")
        ACTORS = "actors", _("Policy actors")

    section = models.ForeignKey(TextSection, models.PROTECT, related_name="insertions")
    what = models.CharField(max_length=10, choices=What)
    table = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["section", "what"])]

    def __str__(self) -> str:
        return f"{self.what} in {self.section_id}"
