"""Minutes, and what stands in them as rows: decisions, action items, addenda (S31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import AgendaItem, Meeting, sees_behind_doors, sees_meeting
from workflow.comments.models import Round
from workflow.engine.conditions import points_into
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Draft


class MinutesState(models.TextChoices):
    WRITTEN = "written", pgettext_lazy("minutes", "Being written")
    CIRCULATED = "circulated", pgettext_lazy("minutes", "Circulated")
    APPROVED = "approved", pgettext_lazy("minutes", "Approved")


class DecisionState(models.TextChoices):
    STANDS = "stands", pgettext_lazy("decision", "Stands")
    WITHDRAWN = "withdrawn", pgettext_lazy("decision", "Withdrawn")


class ActionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("action item", "Open")
    DONE = "done", pgettext_lazy("action item", "Done")
    DROPPED = "dropped", pgettext_lazy("action item", "Dropped")


def _seen(person: Any) -> Q:
    return (Q(closed=False) | sees_behind_doors(person, "meeting__")) & sees_meeting(person, "meeting__")


def _seen_row(person: Any) -> Q:
    item = ~Q(item__closed=True) | sees_behind_doors(person, "minutes__meeting__")
    return item & points_into("minutes", Minutes.objects.all().visible_to(person))


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, person: Any) -> MinutesQuerySet:
        """Of the meetings that the person may know of; what was closed, for those who take part in closed sessions."""
        return self.filter(access.once(person, "seen minutes", lambda: _seen(person)))

    def with_all(self) -> MinutesQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("meeting__twg__region", "meeting__twg__project", "round")


class Minutes(Subject):
    """What is written of a meeting. What was said in its closed session stands in a text of its own (`closed`).

    So it has its own readers, drafts, comment round and history, and nothing of it is counted with the rest (S31).
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    closed = models.BooleanField(_("of the closed session"), default=False)
    state = models.CharField(max_length=10, choices=MinutesState, default=MinutesState.WRITTEN, editable=False)
    by_silence = models.BooleanField(_("approved by silence"), default=True)
    # What was circulated and, in the end, what was approved; and the round in which the TWG comments on it.
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, blank=True, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+")
    # After a meeting of several TWGs each of the others comments in a round of its own (S35).
    other_rounds = models.ManyToManyField(Round, blank=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(pgettext_lazy("minutes", "approved"), null=True, blank=True, editable=False)
    approved_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved at the meeting")
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a meeting", "minutes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "closed"], name="one_text_of_minutes_each"),
            models.CheckConstraint(condition=Q(state__in=MinutesState.values), name="minutes_state_known"),
        ]

    def __str__(self) -> str:
        told = _("Minutes of the closed session: %(meeting)s") if self.beside else _("Minutes: %(meeting)s")
        return told % {"meeting": self.meeting.title}

    @property
    def twg(self) -> Twg:
        return self.meeting.twg

    @property
    def beside(self) -> bool:
        """Of the closed session of a meeting that is open otherwise."""
        return self.closed and not self.meeting.closed

    @property
    def main(self) -> bool:
        """Whether the meeting's own state follows these minutes: a closed session's leave no trace in it (S31)."""
        return self.closed == self.meeting.closed

    @property
    def deadline(self) -> datetime | None:
        """Until when the TWG comments; the round's, which can be extended."""
        return self.round.deadline if self.round else None

    @property
    def round_ids(self) -> list[int]:
        """All rounds in which these minutes are commented on now."""
        others = self.other_rounds.values_list("pk", flat=True) if self.pk else []
        return [*([self.round_id] if self.round_id else []), *others]

    @property
    def items(self) -> QuerySet[AgendaItem]:
        """What of the agenda these minutes tell, in order."""
        agenda = AgendaItem.objects.filter(meeting=self.meeting_id).order_by("position", "pk")
        return agenda if self.meeting.closed else agenda.filter(closed=self.closed)


class RowQuerySet(models.QuerySet[Any]):
    """What hangs on minutes is read with them."""

    def visible_to(self, person: Any) -> RowQuerySet:
        """An item that was closed later takes along what was decided under it (S31)."""
        return self.filter(access.once(person, f"seen {self.model.__name__}", lambda: _seen_row(person)))

    def with_all(self) -> RowQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("minutes__meeting__twg__region", "item")


class Row(Subject):
    """A structured line of the minutes: under which item of the agenda, and what.

    No event repeats its words. `about_kind` and `about_id` are what it became on a floor above: a recommendation.
    """

    not_told = ("what", "folded", "about_kind", "about_id")

    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    what = models.TextField(_("what"), max_length=2000, validators=[MaxLengthValidator(2000)])
    about_kind = models.CharField(max_length=40, blank=True, editable=False)
    about_id = models.BigIntegerField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    folded = models.TextField(editable=False, blank=True)

    objects = RowQuerySet.as_manager()
    minutes: Any
    item: Any

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.what if len(self.what) <= 120 else f"{self.what[:119]}…"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(self.what)
        super().save(*args, **kwargs)

    @property
    def twg(self) -> Twg:
        return self.minutes.meeting.twg


class Decision(Row):
    """What the TWG decided."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("agenda item")
    )
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.STANDS, editable=False)

    class Meta:
        verbose_name = _("decision")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="decision_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state_known"),
        ]


class ActionItem(Row):
    """What somebody is to do: who, by when."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="action_items")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name=_("agenda item")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name=_("institution")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="action_items",
        verbose_name=_("person"),
    )  # fmt: skip
    due = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.OPEN, editable=False)

    class Meta:
        verbose_name = _("action item")
        ordering = ["number"]
        indexes = [models.Index(fields=["state", "due"])]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="action_item_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=ActionState.values), name="action_item_state_known"),
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | Q(person__isnull=False),
                name="somebody_owes_an_action_item",
                violation_error_message=_("Say which institution or which person it is for."),
            ),
        ]


class Addendum(models.Model):
    """A correction of approved minutes, dated and signed by who made it. The minutes themselves stay as they are."""

    append_only = True

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField(_("number"))
    words = models.TextField(_("correction"), max_length=4000, validators=[MaxLengthValidator(4000)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    institution = models.CharField(max_length=300, blank=True)  # as it was called on the day
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="addendum_numbered_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id} #{self.number}"
