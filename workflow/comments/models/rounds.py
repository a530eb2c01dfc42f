"""Comment rounds and the institutions that are asked in them (S08, S13)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.models import Subject
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing import papers
from workflow.writing.models import Draft

from .. import speaking

MOST_DAYS = 90  # a reminder comes at most so many days before the deadline
MOST_REMINDERS = 5


class RoundState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", pgettext_lazy("round", "Open")
    CLOSED = "closed", _("Closed")
    ANSWERED = "answered", pgettext_lazy("round", "Answered")
    CANCELLED = "cancelled", _("Cancelled")


class Discussion(models.TextChoices):
    """Who reads a round's comments."""

    TWG = "twg", _("all who read the TWG from the inside, observers too")
    INSTITUTIONS = "institutions", _("the institutions asked, whoever drafts, the chair and the secretariat only")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Any) -> RoundQuerySet:
        """Rounds on drafts that the person reads, of a TWG that they read from the inside.

        What other TWGs say of a TWG's text is also read by those who run its rounds (S35).
        One among institutions is known to those who speak for an institution asked, and to those who run it.
        """
        here = access.sees_inside(person, "twg__") & _in_the_discussion(person)
        own_text = speaking.running(person, "draft__text__twg")
        return self.filter(here | own_text, papers.readable(person, "draft__text__"))

    def with_all(self) -> RoundQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("twg__region", "draft__text__twg__region")


def _in_the_discussion(person: Any) -> Q:
    running = speaking.running(person, "twg") | speaking.running(person, "twg__linked_to")
    found = Q(discussion=Discussion.TWG) | running | speaking.drafted(person)
    mine = Q(pk__in=[])
    for twg, institution in speaking.places(person):
        mine |= Q(round__twg=twg, institution=institution)
    return found | Q(pk__in=Asked.objects.filter(mine).values("round"))


def validate_days(days: Any) -> None:
    """Whole days before the deadline, each once."""
    whole = isinstance(days, list) and all(isinstance(d, int) and 0 < d <= MOST_DAYS for d in days)
    if not whole or len(set(days)) != len(days) or len(days) > MOST_REMINDERS:
        raise ValidationError(
            _("Write up to %(count)d whole days between 1 and %(most)d, each once, such as 7, 2."),
            params={"count": MOST_REMINDERS, "most": MOST_DAYS},
        )


class Round(Subject):
    """A period in which the TWG comments on a draft; every comment gets a disposition."""

    not_told = ("numbered",)

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="rounds")
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rounds", verbose_name=pgettext_lazy("text", "draft"))
    name = models.CharField(_("name"), max_length=120)
    message = models.TextField(_("what the TWG is asked"), max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PLANNED, editable=False)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    deadline = models.DateTimeField(_("deadline"))
    everybody = models.BooleanField(_("all institutions of the TWG are asked"), default=True)
    discussion = models.CharField(
        _("who reads the comments"), max_length=12, choices=Discussion, default=Discussion.TWG
    )
    reminder_days = models.JSONField(
        _("reminders, days before the deadline"), default=list, blank=True, validators=[validate_days]
    )
    numbered = models.PositiveIntegerField(default=0, editable=False)  # the number that the last comment got

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("comment round")
        indexes = [models.Index(fields=["state", "deadline"])]
        constraints = [models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.twg.time_zone)

    @property
    def drafted_by_id(self) -> int | None:
        """Whose people answer the comments: those who draft the text."""
        return self.draft.text.drafted_by_id

    @property
    def is_over(self) -> bool:
        """Open by its state, but past its deadline: nothing is taken any more, whoever closes it."""
        return self.state == RoundState.OPEN and self.deadline <= timezone.now()

    @property
    def opens_at(self) -> datetime | None:
        """The beginning of its opening day where the TWG works; None when it is opened by hand."""
        return datetime.combine(self.opens_on, time.min, self.zone) if self.opens_on else None


class Asked(models.Model):
    """An institution asked to comment in a round, and whether it has said that it has nothing to say."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="asked")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="asked")
    nothing_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    nothing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "institution"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.institution_id}"


class Clearance(models.Model):
    """Whether an institution's comments in a TWG are cleared within it first: its own affair, that only it knows of."""

    twg = models.ForeignKey(Twg, models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    on = models.BooleanField(default=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["twg", "institution"], name="one_clearance_each")]

    def __str__(self) -> str:
        return f"{self.twg_id}: {self.institution_id} {self.on}"
