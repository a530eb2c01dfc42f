"""Memberships: a person's seat in a TWG for an institution."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf

from .. import access, words
from .directory import Institution
from .person import Person
from .twg import Confidence, Twg


class Role(models.TextChoices):
    CHAIR = "chair", _("Chair")
    SECRETARIAT = "secretariat", _("Secretariat")
    MEMBER = "member", _("Member")
    ALTERNATE = "alternate", _("Alternate")
    OBSERVER = "observer", _("Observer")
    CONSULTANT = "consultant", _("Consultant")


class Rank(models.TextChoices):
    MINISTER = "minister", _("Minister")
    DIRECTOR = "director", _("Director")
    HEAD_OF_DEPARTMENT = "head_of_department", _("Head of department")
    TECHNICAL_EXPERT = "technical_expert", _("Technical expert")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        """Seats held today (UTC)."""
        today = timezone.now().date()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today),
            Q(ends_on=None) | Q(ends_on__gte=today),
        )

    def visible_to(self, person: Any) -> MembershipQuerySet:
        return self.filter(access.sees(person, "twg__"))


class Membership(models.Model):
    """A seat. The dates are as well known as they are; the days that access goes by follow from them."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    # Open where nobody has said for which institution (the note names the chair of no TWG).
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("institution")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    rank = models.CharField(_("rank"), max_length=20, choices=Rank, blank=True)
    since = models.CharField(_("from"), max_length=40, blank=True, validators=[edtf.validate])
    until = models.CharField(_("until"), max_length=40, blank=True, validators=[edtf.validate])
    starts_on = models.DateField(null=True, editable=False)
    ends_on = models.DateField(null=True, editable=False)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["twg", "person", "role"],
                condition=Q(ends_on=None),
                name="one_open_seat_per_role",
                violation_error_message=_("This person already holds this role in the TWG."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.starts_on = edtf.parse(self.since).first if self.since else None
        self.ends_on = edtf.parse(self.until).last if self.until else None
        super().save(*args, **kwargs)

    def get_role_display(self) -> str:  # type: ignore[no-redef] # as Django's documentation allows
        return words.label(Role, self.role)

    def get_rank_display(self) -> str:  # type: ignore[no-redef] # as Django's documentation allows
        return words.label(Rank, self.rank)
