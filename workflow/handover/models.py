"""The hand-over of an edition, its checklist with evidence, capacity needs, and the signed record (S02, S21, S46)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Institution, Twg
from workflow.profiles.models import Edition


class HandoverState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("hand-over", "Being prepared")
    ASKED = "asked", pgettext_lazy("hand-over", "Asked")
    CONDITIONAL = "conditional", _("Accepted with conditions")
    ACCEPTED = "accepted", pgettext_lazy("hand-over", "Accepted")
    DECLINED = "declined", pgettext_lazy("hand-over", "Declined")
    SIGNED = "signed", _("Record signed")


class ItemKind(models.TextChoices):
    """What the template's checklist asks for, and what a TWG adds."""

    MANDATE = "mandate", _("Terms of reference or mandate letter")
    FOCAL_POINTS = "focal_points", _("Focal points named")
    TRAINED_STAFF = "trained_staff", _("Trained staff, counted")
    DATA_FILES = "data_files", _("Data files handed over")
    SOURCE_INVENTORY = "source_inventory", _("Inventory of data sources handed over")
    BUDGET_LINE = "budget_line", _("Budget line")
    CALENDAR = "calendar", _("Calendar of the next update")
    TWG_HOSTING = "twg_hosting", _("Hosting of the TWG")
    OTHER = "other", pgettext_lazy("checklist", "Something else")


class ItemState(models.TextChoices):
    OPEN = "open", pgettext_lazy("checklist", "Open")
    DONE = "done", pgettext_lazy("checklist", "Done")
    EXCUSED = "excused", pgettext_lazy("checklist", "Not applicable")


class NeedKind(models.TextChoices):
    STAFF = "staff", pgettext_lazy("capacity", "Staff")
    SKILLS = "skills", pgettext_lazy("capacity", "Skills and training")
    DATA_ACCESS = "data_access", pgettext_lazy("capacity", "Access to data")
    EQUIPMENT = "equipment", pgettext_lazy("capacity", "Equipment and software")
    BUDGET = "budget", pgettext_lazy("capacity", "Budget")
    MANDATE = "mandate", pgettext_lazy("capacity", "Mandate and law")
    COORDINATION = "coordination", pgettext_lazy("capacity", "Coordination among institutions")
    OTHER = "other", pgettext_lazy("capacity", "Something else")


class Severity(models.TextChoices):
    """Sorted by its value: what stops the next update comes first."""

    BLOCKING = "1", pgettext_lazy("capacity", "Stops the next update")
    SERIOUS = "2", pgettext_lazy("capacity", "Serious")
    MINOR = "3", pgettext_lazy("capacity", "Minor")


class NeedState(models.TextChoices):
    OPEN = "open", pgettext_lazy("capacity", "Open")
    MET = "met", pgettext_lazy("capacity", "Met")
    WITHDRAWN = "withdrawn", pgettext_lazy("capacity", "Withdrawn")


class OfHandoverQuerySet(models.QuerySet[Any]):
    """Hand-overs, and what hangs on them: for members in the full sense and IOM; focal points and data files are in
    them, which are not for observers."""

    path = "edition__profile__twg__"

    def visible_to(self, person: Any) -> Any:
        return self.filter(access.sees_fully(person, self.path))


class HandoverQuerySet(OfHandoverQuerySet):
    def with_all(self) -> HandoverQuerySet:
        return self.select_related("edition__profile__twg__region", "edition__update_institution")


class Handover(Subject):
    """How one edition's profile is handed to its update institution, which is the edition's own (S21).

    There is one for each edition from the policy workshop's end on; an institution that declines leaves it waiting for
    another, and its history tells of all that were asked.
    """

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="handover", verbose_name=_("edition"))
    state = models.CharField(
        max_length=12, choices=HandoverState, default=HandoverState.PREPARED, editable=False
    )  # fmt: skip
    reply_by = models.DateField(_("answer asked by"), null=True, blank=True, editable=False)
    # How often an institution was asked: a link in a mail answers one asking, and no later one.
    asked = models.PositiveSmallIntegerField(default=0, editable=False)
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True, editable=False)
    next_due = models.DateField(_("next edition due"), null=True, blank=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("hand-over")
        constraints = [models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="handover_state_known")]

    def __str__(self) -> str:
        return str(_("Hand-over of %(edition)s") % {"edition": self.edition})

    @property
    def twg(self) -> Twg:
        return self.edition.profile.twg

    @property
    def institution(self) -> Institution | None:
        """Who is to keep the profile up to date, as named last."""
        return self.edition.update_institution

    @property
    def is_over(self) -> bool:
        """The edition is published or given up: what was handed over stays as it is."""
        return not self.edition.is_open


class ItemQuerySet(OfHandoverQuerySet):
    path = "handover__edition__profile__twg__"

    def with_all(self) -> ItemQuerySet:
        return self.select_related(
            "handover__edition__profile__twg__region", "handover__edition__update_institution", "owner"
        )

    def missing(self) -> ItemQuerySet:
        """What the hand-over waits for: required, and neither done nor excused."""
        return self.filter(required=True, state=ItemState.OPEN)


class HandoverItem(Subject):
    """One line of the checklist: what is handed over, who sees to it and by when."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind, default=ItemKind.OTHER, editable=False)
    name = models.CharField(_("what"), max_length=200, blank=True)  # of what the template does not know
    required = models.BooleanField(_("the hand-over waits for it"), default=True)
    owner = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who sees to it")
    )
    due = models.DateField(_("by"), null=True, blank=True)
    counted = models.PositiveSmallIntegerField(_("trained staff"), null=True, blank=True, editable=False)
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.OPEN, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("line of the checklist")
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="checklist_in_one_order"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="checklist_state_known"),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(name=""), name="checklist_line_is_named",
                violation_error_message=_("Say what is to be handed over."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or words.label(ItemKind, self.kind)

    @property
    def twg(self) -> Twg:
        return self.handover.twg

    @property
    def days_late(self) -> int:
        """Days past its date; 0 unless it is still open."""
        if self.state != ItemState.OPEN or self.due is None:
            return 0
        return max((timezone.localdate() - self.due).days, 0)


class EvidenceQuerySet(OfHandoverQuerySet):
    path = "item__handover__edition__profile__twg__"


class Evidence(models.Model):
    """How one knows that a line is done: words, a file, or both. A later one adds to it and replaces nothing."""

    append_only = True

    item = models.ForeignKey(HandoverItem, models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField()
    words = models.TextField(max_length=4000, blank=True)
    file = models.FileField(upload_to="handover/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="evidence_numbered_once"),
            models.CheckConstraint(condition=~Q(words="") | ~Q(file=""), name="evidence_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name or self.words[:60]


class NeedQuerySet(OfHandoverQuerySet):
    path = "handover__edition__profile__twg__"

    def with_all(self) -> NeedQuerySet:
        return self.select_related(
            "handover__edition__profile__twg__region", "handover__edition__update_institution"
        )  # fmt: skip


class CapacityNeed(Subject):
    """What an update institution lacks for the next update, as said at the hand-over (S46)."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="needs", editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=NeedKind)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity, default=Severity.SERIOUS)
    what = models.CharField(_("what is lacking"), max_length=300)
    needed = models.TextField(_("what is needed"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPEN, editable=False)
    folded = models.TextField(editable=False, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["severity", "pk"]
        verbose_name = _("capacity need")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NeedState.values), name="capacity_need_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="capacity_need_severity_known"),
        ]

    def __str__(self) -> str:
        return self.what

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words.fold(self.what, self.needed)
        super().save(*args, **kwargs)

    @property
    def twg(self) -> Twg:
        return self.handover.twg


class HandoverRecord(models.Model):
    """What was signed, word by word, under Palabre's signature; a later one stands beside it."""

    append_only = True

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="records")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    signature = models.CharField(max_length=120)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["handover", "number"], name="handover_record_numbered_once")]

    def __str__(self) -> str:
        return f"{self.handover_id}/{self.number}"
