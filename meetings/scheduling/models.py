"""Meetings, who is invited, what is on the agenda, and the dates that are proposed (S17-S20, S31)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import edtf
from workflow.engine.conditions import column_of
from workflow.engine.models import Subject
from workflow.groups import access, words
from workflow.groups.models import Confidence, Institution, Region, Twg
from workflow.profiles.models import Edition

MOST_DAYS = 90  # a reminder comes at most so many days before a meeting
MOST_WRITTEN = 4000  # characters of a description
LONGEST = timedelta(days=14)  # of a meeting, so that a mistyped year is seen


class MeetingKind(models.TextChoices):
    LAUNCH = "launch", _("Launch")
    REGULAR = "regular", _("Regular meeting")
    AD_HOC = "ad_hoc", _("Ad hoc meeting")
    POLICY_WORKSHOP = "policy_workshop", _("Policy workshop")
    REGIONAL_WORKSHOP = "regional_workshop", _("Regional workshop")
    TRAINING = "training", _("Training")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    POLLING = "polling", _("Finding a date")
    SCHEDULED = "scheduled", pgettext_lazy("meeting", "Scheduled")
    IN_SESSION = "in_session", pgettext_lazy("meeting", "In session")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CIRCULATED = "circulated", _("Minutes circulated")
    APPROVED = "approved", _("Minutes approved")
    POSTPONED = "postponed", pgettext_lazy("meeting", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class Form(models.TextChoices):
    IN_PERSON = "in_person", _("in the room")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in the room and online")


class Reply(models.TextChoices):
    """What an invited person has answered (RFC 5545, 3.2.12)."""

    NONE = "none", _("no answer yet")
    ACCEPTED = "accepted", _("comes")
    TENTATIVE = "tentative", _("comes perhaps")
    DECLINED = "declined", _("does not come")
    DELEGATED = "delegated", _("is represented")


class Availability(models.TextChoices):
    YES = "yes", pgettext_lazy("a date suits", "yes")
    MAYBE = "maybe", pgettext_lazy("a date suits", "if need be")
    NO = "no", pgettext_lazy("a date suits", "no")


class Audience(models.TextChoices):
    """Whom a reminder is for."""

    ALL = "all", pgettext_lazy("reminded", "all")
    SILENT = "silent", pgettext_lazy("reminded", "those who have not answered")
    CHOSEN = "chosen", pgettext_lazy("reminded", "the chosen ones")


def validate_ladder(days: Any) -> None:
    """Whole days before the meeting, each once."""
    if (
        not isinstance(days, list)
        or len(set(map(str, days))) != len(days)
        or not all(isinstance(d, int) and not isinstance(d, bool) and 0 < d <= MOST_DAYS for d in days)
    ):
        raise ValidationError(_("Write whole days between 1 and %(most)d, each once."), params={"most": MOST_DAYS})


def validate_audiences(told: Any) -> None:
    """Days of the ladder, and whom the reminder of each is for."""
    if not isinstance(told, dict) or not all(str(d).isdigit() and to in Audience.values for d, to in told.items()):
        raise ValidationError(_("Write for each day whom it is for: all, silent or chosen."))


def new_uid() -> str:
    """Stable and unlike any other (RFC 5545, 3.8.4.7; RFC 7986, 5.3)."""
    return f"{uuid.uuid4()}@palabre"


def check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone."))


def sees_behind_doors(person: Any, path: str = "") -> Q:
    """What hangs on a meeting (along `path`, such as "meeting__") and was said behind closed doors (S31).

    It is for the government members, chair and secretariat of the meeting's TWG, and for those of a TWG that was
    invited with it where that TWG's own terms of reference let sessions be closed (S35).
    """
    return access.sees_closed(person, f"{path}twg__") | Q(**{f"{path}pk__in": _joined(person, "closed_with_others")})


def _joined(person: Any, which: str) -> Any:
    """Keys of the meetings to which one of these TWGs is invited by another (S35)."""
    twgs = getattr(access.seats(person), which)
    joined = Meeting.with_twgs.through.objects.filter(twg__among=twgs)
    return access.once(person, f"meetings with {which}", lambda: column_of(joined, "meeting"))


def _invited(person: Any) -> Any:
    """Keys of the meetings to which the person is invited themselves."""
    invited = Invitation.objects.filter(person=person.pk, removed_at=None)
    return access.once(person, "meetings one is invited to", lambda: column_of(invited, "meeting"))


def sees_meeting(person: Any, path: str = "") -> Q:
    """What hangs on a meeting (along `path`, such as "meeting__") that the person may know of.

    Those who read the TWG, or one that is invited with it, from the inside; whoever is invited themselves. Of a closed
    meeting, only those who take part in its closed sessions (S31).
    """
    return access.once(person, f"{path}seen meeting", lambda: _sees_meeting(person, path))


def _sees_meeting(person: Any, path: str) -> Q:
    open_ = access.sees_inside(person, f"{path}twg__") | Q(**{f"{path}pk__in": _joined(person, "reads")})
    if person.pk:
        open_ |= Q(**{f"{path}pk__in": _invited(person)})
    closed = f"{path}closed"
    return (Q(**{closed: False}) & open_) | (Q(**{closed: True}) & sees_behind_doors(person, path))


def takes_part_behind_doors(person: Any, meeting: Meeting) -> bool:
    """`sees_behind_doors`, for a meeting at hand."""
    if not access.closed_to(person, meeting.twg):
        return True
    return (
        bool(access.seats(person).closed) and Meeting.objects.filter(sees_behind_doors(person), pk=meeting.pk).exists()
    )


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def announced(self) -> MeetingQuerySet:
        """What anybody may know of: announced to the public, with a date, and never a closed one (S31)."""
        return self.filter(public=True, closed=False).exclude(starts_at=None)

    def visible_to(self, person: Any) -> MeetingQuerySet:
        return self.filter(sees_meeting(person))


class Meeting(Subject):
    """When a TWG meets, where and how, and whether others than government take part.

    What happened long ago may be known only in part: `when` then holds the fuzzy date, and `starts_at` nothing.
    """

    twg = models.ForeignKey(Twg, models.PROTECT, related_name="meetings")
    with_twgs = models.ManyToManyField(Twg, blank=True, related_name="+", verbose_name=_("together with"))
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind, default=MeetingKind.REGULAR)
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    descriptions = models.JSONField(_("description"), default=dict, blank=True, validators=[words.validate_texts])
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("edition")
    )
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED, editable=False)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[check_zone])
    when = models.CharField(_("date, as far as it is known"), max_length=40, blank=True, validators=[edtf.validate])
    form = models.CharField(_("takes place"), max_length=10, choices=Form, default=Form.IN_PERSON)
    place = models.CharField(_("place"), max_length=300, blank=True)
    map_url = models.URLField(_("map"), max_length=500, blank=True)
    video_url = models.URLField(_("video link"), max_length=500, blank=True)
    dial_in = models.CharField(_("dial-in"), max_length=200, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    interpretation = models.BooleanField(_("with interpretation"), default=False)
    closed = models.BooleanField(_("closed to all but government"), default=False)
    closed_reason = models.TextField(_("why it is closed"), max_length=2000, blank=True)
    # In the calendar that anybody may read, by its title, time and place. Only the secretariat says so, for each one.
    public = models.BooleanField(_("announced to the public"), default=False)
    reminder_days = models.JSONField(
        _("reminders, days before"), default=list, blank=True, validators=[validate_ladder]
    )
    # By day, whom the reminder is for; all where nothing is said.
    reminder_to = models.JSONField(
        _("whom reminders are for"), default=dict, blank=True, validators=[validate_audiences]
    )
    # The calendar's: the entry's name in everybody's calendar, how often it was changed, and when last.
    uid = models.CharField(max_length=120, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, default=Confidence.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["twg", "starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="meetings_end_after_they_begin",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(closed=False) | ~Q(closed_reason=""),
                name="closed_meetings_say_why",
                violation_error_message=_("Say why it is closed."),
            ),
            models.CheckConstraint(
                condition=Q(closed=False) | Q(public=False),
                name="closed_meetings_are_not_public",
                violation_error_message=_("A closed meeting is not announced to the public."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "in_session"]) | Q(starts_at__isnull=False),
                name="scheduled_meetings_have_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def description(self) -> str:
        return words.in_language(self.descriptions)

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at - self.starts_at > LONGEST:
            raise ValidationError({"ends_at": _("A meeting lasts two weeks at most.")})
        if self.form != Form.IN_PERSON and not (self.video_url or self.dial_in) and self.starts_at:
            raise ValidationError({"video_url": _("Give the video link or the dial-in of an online meeting.")})


class Invitation(models.Model):
    """A person who is invited to a meeting, for the institution and in the role of the day of the invitation.

    Whoever is taken off the list again stays in it, with `removed_at`: they were sent a cancellation.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    required = models.BooleanField(_("key for the date"), default=False)
    chosen = models.BooleanField(_("chosen for reminders"), default=False)
    reply = models.CharField(max_length=10, choices=Reply, default=Reply.NONE)
    reply_note = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)
    # Of the last reply by mail: what it answered to, and when it was written (RFC 5546, 2.1.5).
    reply_sequence = models.PositiveIntegerField(default=0)
    reply_stamp = models.DateTimeField(null=True)
    replaced_by = models.CharField(_("represented by"), max_length=200, blank=True)
    # The address of whom the person has sent, as they said themselves: nobody else's calendar may answer for them.
    delegate = models.EmailField(max_length=254, blank=True, editable=False)
    asked_sequence = models.PositiveIntegerField(default=0)  # of the meeting, when the person was last asked
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="invited_once")]

    def __str__(self) -> str:
        return str(self.person)


class AgendaItem(models.Model):
    """One thing on the agenda. `closed` ones are for government alone, in a meeting that is open (S31)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField(_("title"), validators=[words.validate_names])
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    presenter = models.CharField(_("presented by"), max_length=200, blank=True)
    # What it is about: an edition, a ballot, a recommendation.
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    closed = models.BooleanField(_("closed to all but government"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_in_one_order"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="agenda_items_take_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return words.in_language(self.titles)


class Slot(models.Model):
    """A date that is proposed in a poll."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "starts_at"], name="slot_proposed_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slots_end_after_they_begin"),
        ]

    def __str__(self) -> str:
        return self.starts_at.isoformat()


class Answer(models.Model):
    """Whether a proposed date suits an invited person."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="answers")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    availability = models.CharField(max_length=6, choices=Availability)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "invitation"], name="one_answer_a_slot")]

    def __str__(self) -> str:
        return self.availability


class CalendarLink(models.Model):
    """A secret address at which a person's calendar program reads their meetings; it can be revoked.

    Of the secret only its hash is kept. With a `twg` it holds that TWG's meetings, with a `region` those of all TWGs of
    its countries and its own, else those the person is invited to.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_links")
    twg = models.ForeignKey(Twg, models.CASCADE, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="+")
    hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(twg=None) | Q(region=None), name="calendar_of_one_thing")]

    def __str__(self) -> str:
        if self.twg or self.region:
            return str(self.twg.name if self.twg else self.region)
        return str(_("My meetings and deadlines"))
