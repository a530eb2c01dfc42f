"""The life of a meeting: from finding a date to approved minutes; postponed and cancelled with a reason (S17, S19)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine import gates
from workflow.engine.flow import MET, Flow, Gate, SubjectState, asks, unmet
from workflow.engine.models import Event
from workflow.groups.access import chair, secretariat

from . import mails
from .models import Invitation, MeetingState, Reply, Slot

RUNNERS = chair | secretariat
MINUTES_CIRCULATED = gates.declare("minutes_circulated", _("The minutes are not circulated yet."))
MINUTES_APPROVED = gates.declare("minutes_approved", _("The minutes are not approved yet."))
LEAST_SLOTS = 2
BEFORE = [MeetingState.PLANNED, MeetingState.POLLING, MeetingState.POSTPONED]
ALIVE = [*BEFORE, MeetingState.SCHEDULED]


def dates_to_choose_from(flow: Flow) -> State.CONDITION:
    if Slot.objects.filter(meeting=flow.subject).count() < LEAST_SLOTS:
        return unmet(_("Propose two dates at least."))
    return MET


def somebody_invited(flow: Flow) -> State.CONDITION:
    if Invitation.objects.filter(meeting=flow.subject, removed_at=None).exists():
        return MET
    return unmet(_("Nobody is invited yet."))


class MeetingFlow(Flow):
    state = SubjectState(MeetingState)

    @state.transition(
        source=[MeetingState.PLANNED, MeetingState.POSTPONED], target=MeetingState.POLLING,
        label=_("Ask which date suits"), permission=RUNNERS, conditions=[somebody_invited, dates_to_choose_from],
        custom=asks(help=_("Everybody who is invited gets a mail with a link, and answers with one press.")),
    )  # fmt: skip
    def poll(self) -> None:
        """S17."""

    @state.transition(
        source=BEFORE, target=MeetingState.SCHEDULED, label=_("Set the date"), permission=RUNNERS,
        conditions=[somebody_invited],
        custom=asks("meeting_date", help=_("Everybody who is invited gets it for their calendar.")),
    )  # fmt: skip
    def schedule(self) -> None:
        """An invitation goes out, or an update where there was one before."""
        self._take_date()

    @state.transition(
        source=MeetingState.SCHEDULED, target=MeetingState.SCHEDULED, label=_("Move to another date"),
        permission=RUNNERS,
        custom=asks(
            "reason", "meeting_date", kind="back",
            help=_("It moves in everybody's calendar, and everybody is asked again whether they come."),
        ),
    )  # fmt: skip
    def move(self) -> None:
        """An update follows, with a higher sequence."""
        self._take_date()

    def _take_date(self) -> None:
        """Whoever said that they come said so of the date that was (RFC 5546, 3.2.2.1)."""
        self.subject.starts_at = self.act.data["starts_at"]
        self.subject.ends_at = self.act.data["ends_at"]
        self.subject.sequence += 1
        said = Invitation.objects.filter(meeting=self.subject, removed_at=None).exclude(reply=Reply.NONE)
        said.update(reply=Reply.NONE, reply_note="", replaced_by="", replied_at=None)

    @state.transition(
        source=MeetingState.SCHEDULED, target=MeetingState.IN_SESSION, label=_("Open the session"), permission=RUNNERS,
        custom=asks(help=_("From now on those who come sign in.")),
    )  # fmt: skip
    def begin(self) -> None:
        """The chair opens it."""

    @state.transition(
        source=[MeetingState.SCHEDULED, MeetingState.IN_SESSION], target=MeetingState.HELD, label=_("It was held"),
        permission=RUNNERS, custom=asks(help=_("Attendance and minutes can still be completed.")),
    )  # fmt: skip
    def end(self) -> None:
        """It is over."""

    @state.transition(
        source=MeetingState.PLANNED, target=MeetingState.HELD, label=_("It took place before"), permission=RUNNERS,
        custom=asks("meeting_past", help=_("A meeting of the past, of which only the month or the year may be known.")),
    )  # fmt: skip
    def recall(self) -> None:
        """What happened before Palabre, or without it, with its date as far as it is known (S19)."""
        self.subject.when = self.act.data["when"]

    @state.transition(
        source=MeetingState.HELD, target=MeetingState.CIRCULATED, label=_("Circulate the minutes"),
        permission=RUNNERS, conditions=[Gate(MINUTES_CIRCULATED)],
        custom=asks(help=_("Those who were invited read and comment on them.")),
    )  # fmt: skip
    def circulate(self) -> None:
        """The minutes room makes a comment round of it."""

    @state.transition(
        source=MeetingState.CIRCULATED, target=MeetingState.APPROVED, label=_("Approve the minutes"),
        permission=RUNNERS, conditions=[Gate(MINUTES_APPROVED)],
        custom=asks(help=_("By silence, or at the next meeting. Later corrections are addenda.")),
    )  # fmt: skip
    def approve(self) -> None:
        """Final."""

    @state.transition(
        source=MeetingState.CIRCULATED, target=MeetingState.HELD, label=_("Take the minutes back"),
        permission=RUNNERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def withdraw_minutes(self) -> None:
        """They are written again."""

    @state.transition(
        source=[MeetingState.POLLING, MeetingState.SCHEDULED], target=MeetingState.POSTPONED, label=_("Postpone"),
        permission=RUNNERS, custom=asks("reason", kind="back", help=_("Everybody is told; another date follows.")),
    )  # fmt: skip
    def postpone(self) -> None:
        """It leaves the calendars until it has another date; the one that it had stays known."""
        self.subject.sequence += 1

    @state.transition(
        source=ALIVE, target=MeetingState.CANCELLED, label=_("Cancel the meeting"), permission=RUNNERS,
        custom=asks("reason", kind="out", help=_("Everybody is told, with the reason.")),
    )  # fmt: skip
    def cancel(self) -> None:
        """It does not take place; in calendars it shows as cancelled."""
        self.subject.sequence += 1

    def follow(self, event: Event) -> None:
        mails.follow(self.subject, event)
