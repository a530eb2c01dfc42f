"""Comment rounds, who is asked in them, and the remarks made; a remark is a django-comments-xtd comment (S13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment

from workflow.engine.models import Subject
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Draft, Revision, TextSection


class RoundState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ANSWERED = "answered", _("Answered")
    CANCELLED = "cancelled", _("Cancelled")


class Discussion(models.TextChoices):
    """Who reads a round's comments."""

    TWG = "twg", _("all who read the TWG from the inside, observers too")
    INSTITUTIONS = "institutions", _("the institutions asked, the consultant, the chair and the secretariat only")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Any) -> RoundQuerySet:
        """A round is known to those who read its TWG from the inside; one among institutions to those asked alone."""
        return self.filter(access.sees_inside(person, "twg__") & _in_the_discussion(person))


def _in_the_discussion(person: Any, path: str = "") -> Q:
    """Along `path` to a round: open to the TWG, or the person's institution is asked, or they run the round."""
    own = access.seats(person)
    keeps = {s.twg_id for s in own.present if s.role in ("chair", "secretariat", "consultant")}
    mine = {(s.twg_id, s.institution_id) for s in own.present if s.modality == "member" and s.institution_id}
    found = Q(**{f"{path}discussion": Discussion.TWG}) | Q(**{f"{path}twg__in": keeps})
    if own.projects:
        found |= Q(**{f"{path}twg__project__in": own.projects})
    for twg, institution in mine:
        asked = Asked.objects.filter(institution=institution, round__twg=twg).values("round")
        found |= Q(**{f"{path}pk__in" if path else "pk__in": asked})
    return found


class Round(Subject):
    """A period in which the TWG comments on a draft; every comment gets a disposition."""

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="rounds")
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rounds", verbose_name=_("draft"))
    name = models.CharField(_("name"), max_length=120)
    message = models.TextField(_("what the TWG is asked"), max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PLANNED, editable=False)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    deadline = models.DateTimeField(_("deadline"))
    everybody = models.BooleanField(_("all institutions of the TWG are asked"), default=True)
    discussion = models.CharField(
        _("who reads the comments"), max_length=12, choices=Discussion, default=Discussion.TWG
    )
    reminder_days = models.JSONField(_("reminders, days before the deadline"), default=list, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "deadline"])]
        constraints = [models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known")]

    def __str__(self) -> str:
        return self.name


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


class RemarkState(models.TextChoices):
    INSIDE = "inside", _("Inside the institution")
    SUBMITTED = "submitted", _("Submitted")
    ANSWERED = "answered", _("Answered")
    SETTLED = "settled", _("Settled")
    REOPENED = "reopened", _("Reopened")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What still asks the consultant for a disposition.
UNANSWERED = (RemarkState.SUBMITTED, RemarkState.REOPENED)


class RemarkKind(models.TextChoices):
    CORRECTION = "correction", _("correction")
    DATA = "data", _("data")
    POLICY = "policy", _("policy")
    EDITORIAL = "editorial", _("editorial")
    QUESTION = "question", _("question")


class Weight(models.TextChoices):
    MUST = "must", _("must")
    SHOULD = "should", _("should")
    MAY = "may", _("may")


class Disposition(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    IN_PART = "in_part", _("accepted in part")
    NOT_ACCEPTED = "not_accepted", _("not accepted")
    NOTED = "noted", _("noted")


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, person: Any) -> RemarkQuerySet:
        """Submitted remarks of visible rounds; what is still inside an institution, to its own seats alone."""
        own = access.seats(person)
        rounds = Round.objects.all().visible_to(person)
        inside = Q(pk__in=[])
        for seat in own.present:
            if seat.institution_id and seat.modality == "member":
                inside |= Q(round__twg=seat.twg_id, institution=seat.institution_id)
        return self.filter(round__in=rounds).filter(~Q(state=RemarkState.INSIDE) | inside)

    def top(self) -> RemarkQuerySet:
        """Remarks themselves, without the replies in their threads."""
        return self.filter(level=0)


class Remark(XtdComment, Subject):
    """A comment of an institution on a section of a draft, or a reply in the thread below one.

    Its words are `comment`, its author `user`, its thread `thread_id`, `parent_id`, `level` and `order`: the library's.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="remarks")
    section = models.ForeignKey(TextSection, models.PROTECT, null=True, blank=True, related_name="remarks")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="remarks")
    state = models.CharField(max_length=10, choices=RemarkState, default=RemarkState.SUBMITTED, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=RemarkKind, default=RemarkKind.CORRECTION)
    weight = models.CharField(_("weight"), max_length=6, choices=Weight, default=Weight.SHOULD)
    # The words it is about, with what stands before and after them, so that they are found again in a later text.
    quote = models.TextField(_("about these words"), max_length=1000, blank=True)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    disposition = models.CharField(_("disposition"), max_length=12, choices=Disposition, blank=True, editable=False)
    answer = models.TextField(_("answer"), max_length=4000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, editable=False, related_name="remarks"
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["thread_id", "order"]
        verbose_name = _("comment")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RemarkState.values), name="remark_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "settled"]) | ~Q(disposition=""), name="answered_with_a_disposition"
            ),
        ]

    def __str__(self) -> str:
        return self.comment if len(self.comment) <= 80 else f"{self.comment[:79]}…"

    @property
    def twg(self) -> Twg:
        return self.round.twg


class Muted(models.Model):
    """Somebody who wants no more mail about a thread."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    thread_id = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread_id"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.thread_id}"
