"""Remarks: comments of institutions and the replies below them, on django-comments-xtd's model (S13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_comments_xtd.models import MaxThreadLevelExceededException, XtdComment

from workflow.engine.models import Subject
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Revision, TextSection

from .. import speaking
from .rounds import Round

MOST_WRITTEN = 8000  # characters
ATTENTION = "needs the chair's attention"  # the library's flag that members raise


class RemarkState(models.TextChoices):
    INSIDE = "inside", _("Inside the institution")
    CLEARED = "cleared", _("Submitted by the institution")
    SUBMITTED = "submitted", _("Submitted")
    ANSWERED = "answered", _("Answered")
    SETTLED = "settled", _("Settled")
    REOPENED = "reopened", _("Reopened")
    SAID = "said", _("Said in a thread")
    WITHDRAWN = "withdrawn", pgettext_lazy("remark", "Withdrawn")


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
        """What was submitted in visible rounds; what is inside an institution, to those who speak for it alone."""
        own = Q(inside=False)
        for twg, institution in speaking.places(person):
            own |= Q(round__twg=twg, institution=institution)
        return self.filter(own, round__in=Round.objects.all().visible_to(person).order_by().values("pk"))

    def comments(self) -> RemarkQuerySet:
        """What was submitted to the TWG and asks for a disposition: no replies, nothing inside an institution."""
        return self.filter(number__isnull=False)

    def unanswered(self) -> RemarkQuerySet:
        return self.comments().filter(state__in=UNANSWERED)

    def kept_inside(self) -> RemarkQuerySet:
        """Comments, not replies, that their institution has not submitted."""
        return self.filter(state=RemarkState.INSIDE, level=0)

    def with_all(self) -> RemarkQuerySet:
        """With all that a line or a page shows of them."""
        return self.select_related(
            "user", "institution", "section__text", "round__twg__region", "round__draft__text__twg", "revision",
            "answered_by",
        ).defer("section__body", "section__guidance", "revision__body")  # fmt: skip


class Remark(XtdComment, Subject):  # type: ignore[django-manager-missing]  # the library's second manager
    """A comment of an institution on a section of a draft, or a reply in the thread below one.

    Its words are `comment`, its author `user`, its thread `thread_id`, `parent_id`, `level` and `order`: the library's.
    What is `inside` an institution never leaves it: when it is cleared, another remark is made of its words, with a
    history and a thread of its own.
    """

    not_told = ("same",)

    round = models.ForeignKey(Round, models.PROTECT, related_name="remarks")
    section = models.ForeignKey(TextSection, models.PROTECT, null=True, blank=True, related_name="remarks")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="remarks")
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, editable=False)  # in its round
    state = models.CharField(max_length=10, choices=RemarkState, default=RemarkState.SUBMITTED, editable=False)
    inside = models.BooleanField(default=False, editable=False)
    submitted_as = models.OneToOneField("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=RemarkKind, default=RemarkKind.CORRECTION)
    weight = models.CharField(_("weight"), max_length=6, choices=Weight, default=Weight.SHOULD)
    # The words it is about, with what stands before and after them, so that they are found again in a later text.
    quote = models.TextField(_("about these words"), max_length=1000, blank=True)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    same = models.CharField(max_length=64, blank=True, editable=False)  # equal for comments in the same words
    disposition = models.CharField(_("disposition"), max_length=12, choices=Disposition, blank=True, editable=False)
    answer = models.TextField(_("answer"), max_length=4000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, editable=False, related_name="remarks"
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["thread_id", "order"]
        verbose_name = _("comment")
        indexes = [
            models.Index(fields=["round", "section", "number"]),
            models.Index(fields=["round", "state"]),
            models.Index(fields=["round", "same"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RemarkState.values), name="remark_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "settled"]) | ~Q(disposition=""), name="answered_with_a_disposition"
            ),
            models.CheckConstraint(
                condition=Q(inside=True, number=None, state__in=["inside", "cleared", "withdrawn"])
                | Q(inside=False) & ~Q(state__in=["inside", "cleared"]),
                name="inside_stays_inside",
            ),
            models.UniqueConstraint(fields=["round", "number"], name="remark_numbered_once"),
        ]

    def __str__(self) -> str:
        return self.comment if len(self.comment) <= 80 else f"{self.comment[:79]}…"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new row, then its place in a thread, which its number tells; the library would write all of it twice."""
        new = self.pk is None
        super(XtdComment, self).save(*args, **kwargs)
        if new:
            if not self.is_reply:
                self.thread_id, self.parent_id = self.pk, self.pk
            else:
                self._calculate_thread_data()
            place = {name: getattr(self, name) for name in ("thread_id", "parent_id", "level", "order")}
            XtdComment.norel_objects.filter(pk=self.pk).update(**place)

    def _calculate_thread_data(self) -> None:
        """A reply's place in its thread: below its parent, in the order in which replies came.

        The library renumbers the whole thread and counts in every row above; two who reply at once would undo each
        other's numbers, and the counts would tell of what is inside an institution. Here a row is written once.
        """
        parent = XtdComment.norel_objects.get(pk=self.parent_id)
        if parent.level >= settings.COMMENTS_XTD_MAX_THREAD_LEVEL:
            raise MaxThreadLevelExceededException(self)
        self.thread_id, self.level, self.order = parent.thread_id, parent.level + 1, self.pk

    def allow_thread(self) -> bool:
        """Whether the thread may grow below it. The library would read the content type of each comment to know."""
        return bool(self.level < settings.COMMENTS_XTD_MAX_THREAD_LEVEL)

    @property
    def twg(self) -> Twg:
        return self.round.twg

    @property
    def drafted_by_id(self) -> int | None:
        return self.round.drafted_by_id

    @property
    def is_reply(self) -> bool:
        return self.parent_id not in (0, self.pk)


class Muted(models.Model):
    """Somebody who wants no more mail about a thread."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    thread_id = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread_id"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.thread_id}"
