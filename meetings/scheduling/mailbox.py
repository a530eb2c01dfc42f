"""Answers that come by mail: each is judged, and written down or refused with the reason (RFC 5546; S17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meetings.calendar import matching, replies
from workflow.engine.errors import NotPermitted, Unmet

from . import replying
from .models import Invitation, Meeting, MeetingState, Reply
from .replying import Said

SAID = {"ACCEPTED": Reply.ACCEPTED, "TENTATIVE": Reply.TENTATIVE, "DECLINED": Reply.DECLINED,
        "DELEGATED": Reply.DELEGATED}  # fmt: skip
OVER = (MeetingState.CANCELLED, MeetingState.POSTPONED)


@dataclass(frozen=True)
class Outcome:
    """What became of one mail: taken, or why not."""

    taken: bool
    words: str | Promise


def take(raw: bytes) -> Outcome:
    """Read one mail or calendar file and write the answer down. Never raises for what a stranger sent."""
    try:
        answer = replies.read(raw)
    except replies.Unreadable as error:
        return Outcome(False, error.reason)
    meeting = Meeting.objects.filter(uid=answer.uid[:120]).first()
    if meeting is None:
        return Outcome(False, _("It is about no meeting that is known here."))
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None).select_related("person")
    by_address = {one.person.email.lower(): one for one in invited}
    judged = matching.judge(answer, _state(meeting, by_address))
    if isinstance(judged, matching.Refused):
        return Outcome(False, judged.reason)
    return _write(meeting, by_address[judged.attendee], judged, answer)


def _state(meeting: Meeting, by_address: dict[str, Invitation]) -> matching.State:
    asked = {
        address: matching.Asked(one.asked_sequence, one.reply_sequence, one.reply_stamp)
        for address, one in by_address.items()
    }
    return matching.State(meeting.uid, meeting.sequence, meeting.state in OVER, asked)


def _write(meeting: Meeting, invitation: Invitation, judged: matching.Accepted, answer: replies.Answer) -> Outcome:
    note = answer.comment
    if answer.method == "COUNTER" and answer.proposed_starts:
        proposed = _("Proposes another date: %(date)s.") % {"date": f"{answer.proposed_starts:%Y-%m-%d %H:%M} UTC"}
        note = f"{proposed} {note}".strip()
    said = Said(SAID[judged.partstat], note[: replying.MOST_NOTE], judged.replaced_by)
    try:
        replying.reply(meeting, invitation.person, said, stamp=answer.stamp)
    except (Unmet, NotPermitted, ValidationError) as error:
        return Outcome(False, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    return Outcome(True, _("%(person)s: %(answer)s") % {"person": invitation.person, "answer": Reply(said.reply).label})
