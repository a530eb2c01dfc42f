"""Data requests and the answers to them (S11, S12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import edtf
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg
from workflow.writing.models import TextSection

from . import rules


class RequestState(models.TextChoices):
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    RECEIVED = "received", _("Received")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, person: Any) -> DataRequestQuerySet:
        """Members in the full sense and IOM: data given to the TWG is not for observers."""
        return self.filter(access.sees_fully(person, "twg__"))

    def with_all(self) -> DataRequestQuerySet:
        """With all that a line or a page shows of them."""
        found = self.select_related("twg__region", "institution", "needed_by", "section__text__twg")
        return found.defer("section__body")


class DataRequest(Subject):
    """What the TWG needs from an institution: what, why, by when; tied to the section that it is for (S11).

    It joins a producer of data, the institution that is asked, with a user: another institution, or the profile (S12).
    """

    not_told = ("asked_at",)  # the event itself says when

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_requests")
    section = models.ForeignKey(
        TextSection, models.PROTECT, null=True, blank=True, related_name="data_requests", verbose_name=_("section")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="data_requests", verbose_name=_("institution")
    )
    needed_by = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="data_needs", verbose_name=_("needed by")
    )
    what = models.CharField(_("what is needed"), max_length=300)
    why = models.TextField(_("what it is needed for"), max_length=2000)
    due = models.DateField(_("by"))
    data_source = models.CharField(_("where it would come from"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED, editable=False)
    folded = models.TextField(editable=False, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("data request")
        indexes = [models.Index(fields=["state", "due"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known"),
            models.UniqueConstraint(
                fields=["twg", "institution", "what"],
                condition=Q(state="asked"),
                name="data_asked_once",
                violation_error_message=_("This institution is asked for this already."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(self.what, self.data_source)
        super().save(*args, **kwargs)

    @property
    def drafted_by_id(self) -> int | None:
        """Whose people ask: those who draft the section that it is for."""
        return self.section.text.drafted_by_id if self.section else None

    @property
    def days_late(self) -> int:
        """Days since the day by which the answer was asked, in the TWG's zone; 0 unless it is still waited for."""
        return rules.days_late(self.state, self.due, self.twg.time_zone)

    @property
    def due_in_words(self) -> str:
        """The day, as this project writes days, for mails."""
        return edtf.display(self.due.isoformat())

    @property
    def today(self) -> date:
        """The day that it is where the TWG works."""
        return rules.today_in(self.twg.time_zone)


class AnswerWay(models.TextChoices):
    HERE = "here", _("in Palabre")
    PAPER = "paper", _("on paper")
    MAIL = "mail", _("by mail")


# What the secretariat can record for an institution that answered elsewhere.
ELSEWHERE = (AnswerWay.PAPER, AnswerWay.MAIL)


class DataAnswer(models.Model):
    """One answer to a request: words, a file, or both. A later one adds to it and replaces nothing.

    `by` wrote it here. One that came on paper or by mail was recorded by them: `given_by` gave it, on `given_on`.
    """

    append_only = True

    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(_("number"))
    words = models.TextField(_("answer"), max_length=8000, blank=True)
    file = models.FileField(_("file"), upload_to="data/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(_("how it came"), max_length=5, choices=AnswerWay, default=AnswerWay.HERE)
    given_by = models.CharField(_("given by"), max_length=200, blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="here", given_by="", given_on=None)
                | Q(way__in=ELSEWHERE, given_on__isnull=False) & ~Q(given_by=""),
                name="answer_says_whence_it_came",
            ),
            models.UniqueConstraint(fields=["request", "number"], name="answer_numbered_once"),
            models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="answer_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name or self.words[:60]

    @property
    def elsewhere(self) -> bool:
        return self.way in ELSEWHERE
