"""What circulating, approving and taking back minutes do: a frozen draft, a comment round, the meeting's own state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

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
from workflow.groups.models import Institution, TermsState, Twg
from workflow.groups.seats import GOVERNMENT
from workflow.writing import services as writing

from .models import Minutes

if TYPE_CHECKING:
    from workflow.engine.flow import Flow
    from workflow.writing.models import Draft

# What the meeting goes through when its main minutes do.
MEETING_STEPS = {"circulate": "circulate", "approve": "approve", "withdraw": "withdraw_minutes"}


def is_written(minutes: Minutes) -> bool:
    return bool(writing.is_written(minutes))


def asked_of(minutes: Minutes) -> dict[Twg, list[Institution]]:
    """The institutions that comment, by TWG: of its own, and of those that were invited with it (S35).

    Of a closed session's minutes government's alone, and of TWGs whose terms let sessions be closed (S31).
    """
    others = minutes.meeting.with_twgs.select_related("region", "linked_to").order_by("code")
    if minutes.closed:
        others = others.filter(terms__state=TermsState.ADOPTED, terms__closed_sessions=True)
    found = {twg: asked.institutions_of(twg) for twg in (minutes.twg, *others)}
    if minutes.closed:
        found = {twg: [i for i in listed if i.category in GOVERNMENT] for twg, listed in found.items()}
    return {twg: listed for twg, listed in found.items() if listed}


def circulate(flow: Flow) -> None:
    """Freeze the text, and ask the institutions of each TWG what they have to say."""
    minutes: Minutes = flow.subject
    text, actor = writing.text_of(minutes), flow.act.actor
    if text is None:
        raise Unmet(_("Nothing is written yet."))
    with translation.override(text.language):
        draft = writing.settle(text, _("as circulated"), actor=actor)
        opened = [_open(minutes, flow, twg, draft, listed) for twg, listed in asked_of(minutes).items()]
    minutes.draft, minutes.round, minutes.by_silence = draft, opened[0], flow.act.data["by_silence"]
    minutes.other_rounds.set(opened[1:])
    flow.act.recorded.update(draft=draft.pk, sha256=draft.sha256, round=opened[0].pk)
    if opened[1:]:
        flow.act.recorded["together"] = [round_.twg_id for round_ in opened[1:]]


def _open(minutes: Minutes, flow: Flow, twg: Twg, draft: Draft, institutions: list[Institution]) -> Round:
    """A round of one TWG. Another TWG's is opened by Palabre: whoever circulates the minutes runs none there."""
    fields = {
        "name": str(minutes)[:120], "message": flow.act.note, "deadline": flow.act.data["deadline"],
        "everybody": False, "reminder_days": [2],
    }  # fmt: skip
    actor = flow.act.actor if twg == minutes.twg else None
    round_ = rounds.plan_round(twg, draft, fields, institutions, actor=actor)
    engine.perform(RoundFlow(round_), "open_round", actor=actor)
    return round_


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
    _finish_rounds(minutes, flow.act.actor)
    minutes.draft, minutes.approved_at = draft, clock.moment()
    minutes.approved_in = flow.act.data.get("approved_in")
    flow.act.recorded.update(draft=draft.pk, sha256=draft.sha256)


def withdraw(flow: Flow) -> None:
    """A round that is still open ends with the minutes that it was about."""
    minutes: Minutes = flow.subject
    for round_ in _rounds(minutes):
        if round_.state == RoundState.OPEN:
            engine.perform(
                RoundFlow(round_), "cancel", actor=_runs(flow.act.actor, minutes, round_), note=flow.act.note
            )
    minutes.draft = minutes.round = None
    minutes.other_rounds.clear()


def _rounds(minutes: Minutes) -> list[Round]:
    """The rounds as they stand now, not as they were when the minutes were read."""
    return list(Round.objects.select_related("twg").filter(pk__in=minutes.round_ids).order_by("pk"))


def _runs(actor: Any, minutes: Minutes, round_: Round) -> Any:
    """Who carries out what the minutes do to a round: in another TWG, Palabre."""
    return actor if round_.twg_id == minutes.twg.pk else None


def round_over(minutes: Minutes) -> bool:
    return all(r.state != RoundState.OPEN or r.deadline <= timezone.now() for r in _rounds(minutes))


def unanswered(minutes: Minutes) -> str:
    """How many comments wait for their answer, in words; "" when none does."""
    count = Remark.objects.filter(round__in=minutes.round_ids).unanswered().count()
    return waiting_words(count) if count else ""


def _finish_rounds(minutes: Minutes, actor: Any) -> None:
    for round_ in _rounds(minutes):
        by = _runs(actor, minutes, round_)
        if round_.state == RoundState.OPEN:
            engine.perform(RoundFlow(round_), "close", actor=by)
        if round_.state == RoundState.CLOSED:
            engine.perform(RoundFlow(round_), "finish", actor=by)


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
