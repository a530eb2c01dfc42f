"""Recommendations, the reports on them and the files that show it (S21, S22, S36)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import AgendaItem, Meeting
from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.frameworks.models import Framework
from workflow.groups import access, words
from workflow.groups.models import Confidence, Institution, Twg
from workflow.profiles.models import Edition, Section

from . import rules

MOST_WRITTEN = 8000  # characters, in all languages together


class Ground(models.TextChoices):
    """On what a workshop issues recommendations (S21)."""

    POLICY = "policy", _("on policy")
    DATA = "data", _("on data")


class Priority(models.TextChoices):
    HIGH = "high", pgettext_lazy("priority", "High")
    MEDIUM = "medium", pgettext_lazy("priority", "Medium")
    LOW = "low", pgettext_lazy("priority", "Low")


class RecommendationState(models.TextChoices):
    DRAFTED = "drafted", pgettext_lazy("recommendation", "Drafted")
    ISSUED = "issued", pgettext_lazy("recommendation", "Issued")
    ACCEPTED = "accepted", pgettext_lazy("recommendation", "Accepted")
    PARTLY = "partly", pgettext_lazy("recommendation", "Partly accepted")
    DECLINED = "declined", pgettext_lazy("recommendation", "Declined")
    IN_PROGRESS = "in_progress", pgettext_lazy("recommendation", "In progress")
    IMPLEMENTED = "implemented", pgettext_lazy("recommendation", "Implemented")
    VERIFIED = "verified", pgettext_lazy("recommendation", "Verified")
    SUPERSEDED = "superseded", pgettext_lazy("recommendation", "Superseded")
    LAPSED = "lapsed", pgettext_lazy("recommendation", "Lapsed")


# Taken on, and not done yet: what is late when its day has passed, and is asked after.
UNDER_WAY = (RecommendationState.ACCEPTED, RecommendationState.PARTLY, RecommendationState.IN_PROGRESS)
OPEN = (RecommendationState.ISSUED, *UNDER_WAY)
DONE = (RecommendationState.IMPLEMENTED, RecommendationState.VERIFIED)


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, person: Any) -> RecommendationQuerySet:
        """Read by those who read the TWG from the inside; a region's also by the TWGs of its countries, and what each
        of them makes of it by the region (S22).

        What was issued in a closed session, or under an item that was closed later, stays with those who take part in
        the closed sessions of the TWG that met (S31).
        """
        return self.filter(access.once(person, "seen recommendations", lambda: _seen(person)))

    def internal_to(self, person: Any) -> RecommendationQuerySet:
        """Those whose history is theirs to read."""
        return self.visible_to(person).filter(access.sees_inside(person, "twg__"))

    def with_all(self) -> RecommendationQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related("twg__region", "twg__project", "lead", "meeting", "item")


HERE = "meeting__twg__"


def _seen(person: Any) -> Q:
    own = access.seats(person)
    inside = Q(twg__among=own.reads | own.reads_of_regions) | access.sees_inside(person, "cascaded_from__twg__")
    return (is_open() & inside) | (is_closed() & access.sees_closed(person, HERE))


def is_open() -> Q:
    """What no closed session stands behind."""
    return Q(closed=False) & ~Q(item__closed=True) & ~Q(meeting__closed=True)


def is_closed() -> Q:
    """What was issued in a closed session, or under what was closed since."""
    return Q(closed=True) | Q(item__closed=True) | Q(meeting__closed=True)


class Recommendation(Subject):
    """What a meeting asks of an institution, on policy or on data, and what became of it.

    A region's becomes an item for each TWG concerned: a recommendation of its own with `cascaded_from`, so that each
    answers for itself (S22). What is asked and answered is in this row; no event repeats it, since a recommendation of
    a closed session must leave no words elsewhere (S31).
    """

    not_told = ("texts", "rationales", "folded", "answer", "percent", "reported_on", "report_due")

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="recommendations", verbose_name=_("TWG"))
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, editable=False)
    ground = models.CharField(_("on policy or on data"), max_length=6, choices=Ground)
    texts = models.JSONField(_("what is recommended"), validators=[words.validate_names])
    rationales = models.JSONField(_("rationale"), default=dict, blank=True, validators=[words.validate_texts])
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, blank=True)
    lead = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="recommendations_led",
        verbose_name=_("lead institution"),
    )  # fmt: skip
    supporting = models.ManyToManyField(
        Institution, blank=True, related_name="recommendations_supported", verbose_name=_("supporting institutions")
    )
    due = models.DateField(_("by"), null=True, blank=True)
    rhythm = models.PositiveSmallIntegerField(
        _("months between reports"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text=_("The lead institution is asked by mail how far it is; leave it empty to ask nobody."),
    )  # fmt: skip
    # Where it comes from: the meeting that issued it and the item of its agenda, the edition and the section.
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name=_("meeting")
    )
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="recommendations")
    closed = models.BooleanField(_("of a closed session"), default=False, editable=False)
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name=_("edition")
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="recommendations",
        verbose_name=_("section of the profile"),
    )  # fmt: skip
    frameworks = models.ManyToManyField(
        Framework, blank=True, related_name="recommendations", verbose_name=_("policy frameworks it follows")
    )
    # What it has to do with others.
    cascaded_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="cascade")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    merged = models.BooleanField(_("merged as a duplicate"), default=False, editable=False)
    similar = models.ManyToManyField("self", blank=True)
    # How it stands.
    state = models.CharField(
        max_length=12, choices=RecommendationState, default=RecommendationState.DRAFTED, editable=False
    )
    issued_on = models.CharField(_("issued"), max_length=40, blank=True, validators=[edtf.validate])
    answer = models.TextField(_("the government's reason"), max_length=4000, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(_("done, in percent"), default=0, editable=False)
    reported_on = models.DateField(_("last report"), null=True, blank=True, editable=False)
    report_due = models.DateField(_("next report"), null=True, blank=True, editable=False)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)
    folded = models.TextField(editable=False, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["twg__code", "number", "pk"]
        verbose_name = _("recommendation")
        indexes = [
            models.Index(fields=["twg", "state", "due"], name="register_twg_state"),
            models.Index(fields=["state", "due"], name="register_due"),
            models.Index(fields=["state", "report_due"], name="register_report_due"),
            models.Index(fields=["ground", "state"], name="register_ground"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RecommendationState.values), name="recommendation_state_known"
            ),
            # Those of closed sessions are counted by themselves: a gap in the others' numbers would tell of them (S31).
            models.UniqueConstraint(fields=["twg", "closed", "number"], name="recommendation_numbered_once"),
            models.CheckConstraint(
                condition=Q(closed=False) | Q(meeting__isnull=False), name="closed_recommendations_have_a_meeting"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="recommendation_at_most_done"),
            models.UniqueConstraint(fields=["cascaded_from", "twg"], name="recommendation_cascades_once"),
        ]

    def __str__(self) -> str:
        text = " ".join(self.text.split())
        return text if len(text) <= 120 else f"{text[:119]}…"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(*self.texts.values(), *self.rationales.values())
        super().save(*args, **kwargs)

    @property
    def text(self) -> str:
        return words.in_language(self.texts)

    @property
    def rationale(self) -> str:
        return words.in_language(self.rationales)

    @property
    def reference(self) -> str:
        """What it is called in letters: R3, or RC1 for one of a closed session; "" before it is issued."""
        return f"{'RC' if self.closed else 'R'}{self.number}" if self.number else ""

    @property
    def is_closed(self) -> bool:
        """`is_closed()`, for one at hand."""
        return self.closed or bool((self.item and self.item.closed) or (self.meeting and self.meeting.closed))

    @property
    def today(self) -> date:
        """The day that it is where the TWG works."""
        return rules.today_in(self.twg.time_zone)

    @property
    def days_late(self) -> int:
        """Days since the day by which it was to be done; 0 when it is not late or nobody waits for it any more."""
        return rules.days_late(self.due, self.today) if self.state in OPEN else 0

    @property
    def report_days_late(self) -> int:
        """Days since a report was asked for; 0 when none is owed."""
        return rules.days_late(self.report_due, self.today) if self.state in UNDER_WAY else 0

    def clean(self) -> None:
        if self.twg.linked_to_id:
            raise ValidationError({"twg": _("Recommendations are the TWG's own, not those of a body linked to it.")})
        if sum(map(len, (*self.texts.values(), *self.rationales.values()))) > MOST_WRITTEN:
            raise ValidationError(_("At most %(most)d characters in all, please.") % {"most": MOST_WRITTEN})


class ReportWay(models.TextChoices):
    HERE = "here", _("in Palabre")
    LINK = "link", _("by the link in a mail")


class ProgressReport(models.Model):
    """How far a recommendation is, as somebody said on a day. A later one replaces nothing."""

    append_only = True

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("number"))
    on = models.DateField(_("as of"))
    percent = models.PositiveSmallIntegerField(_("done, in percent"), validators=[MaxValueValidator(100)])
    words = models.TextField(_("what was done"), max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200)
    institution = models.CharField(max_length=300, blank=True)  # as it was called on the day
    way = models.CharField(max_length=4, choices=ReportWay, default=ReportWay.HERE)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="progress_numbered_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="progress_at_most_done"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} #{self.number}"


class ReportFile(models.Model):
    """A file that shows what a report says."""

    append_only = True

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to="evidence/%Y/%m/")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
