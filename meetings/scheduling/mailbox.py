"""Answers that come by mail: each is judged, and written down or refused with the reason (RFC 5546; S17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meetings.calendar import matching, replies, vouching
from workflow.engine.errors import NotPermitted, Unmet

from . import mails, replying
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


def take(raw: bytes, *, by_hand: bool = False) -> Outcome:
    """Read one mail and write the answer down. Never raises for what a stranger sent.

    What somebody gives `by_hand` may be a bare calendar file; a mail never is one.
    """
    try:
        answer = replies.read(raw, by_hand=by_hand)
    except replies.Unreadable as error:
        return Outcome(False, error.reason)
    server = settings.MAIL_AUTHENTICATED_BY
    if answer.sender and server and not vouching.vouched(answer.judged, server, answer.sender):
        return Outcome(False, _("The mail server does not vouch for its sender."))
    meeting = Meeting.objects.filter(uid=answer.uid).first()
    if meeting is None:
        return Outcome(False, _("It is about no meeting that is known here."))
    invited = Invitation.objects.filter(meeting=meeting, removed_at=None, person__is_active=True)
    by_address = {one.person.email.lower(): one for one in invited.select_related("person")}
    judged = matching.judge(answer, _state(meeting, by_address), now=timezone.now())
    if isinstance(judged, matching.Resend):
        mails.asked_again(meeting, by_address[judged.attendee].person_id)
    if isinstance(judged, matching.Refused):
        return Outcome(False, judged.reason)
    return _write(meeting, by_address[judged.attendee], judged, answer)


def _state(meeting: Meeting, by_address: dict[str, Invitation]) -> matching.State:
    asked = {
        address: matching.Asked(
            one.asked_sequence, one.reply_sequence, one.reply_stamp, frozenset(filter(None, [one.delegate]))
        )
        for address, one in by_address.items()
    }
    return matching.State(meeting.uid, meeting.sequence, meeting.state in OVER, asked)


def _write(meeting: Meeting, invitation: Invitation, judged: matching.Accepted, answer: replies.Answer) -> Outcome:
    said = Said(SAID[judged.partstat], _note(answer), judged.replaced_by[: replying.MOST_NAME], judged.delegate)
    before = invitation.reply, invitation.replaced_by
    try:
        kept = replying.reply(meeting, invitation.person, said, stamp=answer.stamp, sequence=answer.sequence)
    except (Unmet, NotPermitted, ValidationError) as error:
        return Outcome(False, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    if (kept.reply, kept.replaced_by) != before:
        mails.taken(meeting, kept)
    return Outcome(True, _("%(person)s: %(answer)s") % {"person": invitation.person, "answer": Reply(said.reply).label})


def _note(answer: replies.Answer) -> str:
    """What the person wrote, after the date that they propose."""
    note = answer.comment
    if answer.method == "COUNTER" and answer.proposed_starts:
        proposed = _("Proposes another date: %(date)s.") % {"date": f"{answer.proposed_starts:%Y-%m-%d %H:%M} UTC"}
        note = f"{proposed} {note}"
    return note.strip()[: replying.MOST_NOTE]
