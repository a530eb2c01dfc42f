"""What circulating, approving and taking back minutes do: a frozen draft, a comment round, the meeting's own state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.scheduling.flow import MeetingFlow
from meetings.scheduling.models import Meeting
from workflow.comments import asked
from workflow.comments import services as rounds
from workflow.comments.flow import RoundFlow, waiting_words
from workflow.comments.models import Remark, Round, RoundState
from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.models import Event
from workflow.groups.models import Institution
from workflow.groups.seats import GOVERNMENT
from workflow.writing import services as writing

from .models import Minutes

if TYPE_CHECKING:
    from workflow.engine.flow import Flow

# What the meeting goes through when its main minutes do.
MEETING_STEPS = {"circulate": "circulate", "approve": "approve", "withdraw": "withdraw_minutes"}


def is_written(minutes: Minutes) -> bool:
    return bool(writing.is_written(minutes))


def asked_of(minutes: Minutes) -> list[Institution]:
    """The institutions that comment: of a closed session's minutes, government's alone (S31)."""
    found = asked.institutions_of(minutes.twg)
    return [i for i in found if i.category in GOVERNMENT] if minutes.closed else found


def circulate(flow: Flow) -> None:
    """Freeze the text, and ask the institutions what they have to say."""
    minutes: Minutes = flow.subject
    text, actor = writing.text_of(minutes), flow.act.actor
    if text is None:
        raise Unmet(_("Nothing is written yet."))
    answers = flow.act.data
    with translation.override(text.language):
        draft = writing.settle(text, _("as circulated"), actor=actor)
        fields = {
            "name": pgettext("of a meeting", "Minutes"), "message": flow.act.note, "deadline": answers["deadline"],
            "everybody": False, "reminder_days": [2],
        }  # fmt: skip
    round_ = rounds.plan_round(minutes.twg, draft, fields, asked_of(minutes), actor=actor)
    engine.perform(RoundFlow(round_), "open_round", actor=actor)
    minutes.draft, minutes.round, minutes.by_silence = draft, round_, answers["by_silence"]
    flow.act.recorded.update(draft=draft.pk, sha256=draft.sha256, round=round_.pk)


def approve(flow: Flow) -> None:
    """Freeze what stands: it is what was approved. By silence only what was circulated is."""
    minutes: Minutes = flow.subject
    text = writing.text_of(minutes)
    if text is None:
        raise Unmet(_("Nothing is written yet."))
    with translation.override(text.language):
        draft = writing.settle(text, _("as approved"), actor=flow.act.actor)
    if flow.act.actor is None and draft.pk != minutes.draft_id:
        raise Unmet(_("The text has changed since it was circulated: silence does not approve it."))
    _finish_round(minutes, flow.act.actor)
    minutes.draft, minutes.approved_at = draft, clock.moment()
    minutes.approved_in = flow.act.data.get("approved_in")
    flow.act.recorded.update(draft=draft.pk, sha256=draft.sha256)


def withdraw(flow: Flow) -> None:
    """A round that is still open ends with the minutes that it was about."""
    minutes: Minutes = flow.subject
    round_ = _round(minutes)
    if round_ is not None and round_.state == RoundState.OPEN:
        engine.perform(RoundFlow(round_), "cancel", actor=flow.act.actor, note=flow.act.note)
    minutes.draft = minutes.round = None


def _round(minutes: Minutes) -> Round | None:
    """The round as it stands now, not as it was when the minutes were read."""
    if minutes.round_id is None:
        return None
    return Round.objects.select_related("twg").get(pk=minutes.round_id)


def round_over(minutes: Minutes) -> bool:
    round_ = _round(minutes)
    return round_ is None or round_.state != RoundState.OPEN or round_.deadline <= timezone.now()


def unanswered(minutes: Minutes) -> str:
    """How many comments wait for their answer, in words; "" when none does."""
    count = Remark.objects.filter(round=minutes.round_id).unanswered().count() if minutes.round_id else 0
    return waiting_words(count) if count else ""


def _finish_round(minutes: Minutes, actor: Any) -> None:
    round_ = _round(minutes)
    if round_ is None:
        return
    if round_.state == RoundState.OPEN:
        engine.perform(RoundFlow(round_), "close", actor=actor)
    if round_.state == RoundState.CLOSED:
        engine.perform(RoundFlow(round_), "finish", actor=actor)


def move_meeting(flow: Flow, event: Event) -> None:
    """The meeting's state follows its main minutes, in the same transaction, where it has not gone there already."""
    minutes: Minutes = flow.subject
    step = MEETING_STEPS.get(event.name)
    if step is None or not minutes.main:
        return
    meeting = Meeting.objects.select_related("twg").get(pk=minutes.meeting_id)
    moved = MeetingFlow(meeting)
    if moved.find(step) is not None:
        engine.perform(moved, step, actor=flow.act.actor, note=event.note)
        minutes.meeting = meeting
