"""Data requests and the answers to them (S11, S12)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine.models import Subject
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Text, TextSection


class RequestState(models.TextChoices):
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined")
    RECEIVED = "received", _("Received")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, person: Any) -> DataRequestQuerySet:
        """Members in the full sense and IOM: data given to the TWG is not for observers."""
        own = access.seats(person)
        return self.filter(Q(twg__in=own.full) | Q(twg__linked_to__in=own.full) | Q(twg__project__in=own.projects))


class DataRequest(Subject):
    """What a section needs from an institution: what, why, by when."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="data_requests")
    text = models.ForeignKey(Text, models.PROTECT, null=True, blank=True, related_name="data_requests")
    section = models.ForeignKey(TextSection, models.PROTECT, null=True, blank=True, related_name="data_requests")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="data_requests", verbose_name=_("institution")
    )
    what = models.CharField(_("what is needed"), max_length=300)
    why = models.TextField(_("what it is needed for"), max_length=2000, blank=True)
    due = models.DateField(_("by"))
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["state", "due"])]
        constraints = [models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known")]

    def __str__(self) -> str:
        return self.what


class DataAnswer(models.Model):
    """One answer to a request: words, a file, or both. A later one adds to it and replaces nothing."""

    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="answers")
    words = models.TextField(_("answer"), max_length=8000, blank=True)
    file = models.FileField(_("file"), upload_to="data/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="answer_is_not_empty")]

    def __str__(self) -> str:
        return self.name or self.words[:60]
