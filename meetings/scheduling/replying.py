"""What the invited answer: on a page, by the link in their mail, or with their calendar's own reply (S17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.calendar import addresses
from workflow.engine import live
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet

from .models import Invitation, Meeting, MeetingState, Reply

MOST_NOTE = 1000  # characters
MOST_NAME = 200
# Of the answers, those that say something; "no answer yet" is nobody's answer.
ANSWERS = (Reply.ACCEPTED, Reply.TENTATIVE, Reply.DECLINED, Reply.DELEGATED)


@dataclass(frozen=True)
class Said:
    """An answer: who comes instead where the person is represented, and words to the secretariat.

    `delegate` is the address of whom they have sent; without it, the one that stands in `replaced_by`, if any.
    """

    reply: str
    note: str = ""
    replaced_by: str = ""
    delegate: str = ""


@transaction.atomic
def reply(
    meeting: Meeting, person: Any, said: Said, *, stamp: datetime | None = None, sequence: int | None = None
) -> Invitation:
    """Write down a person's own answer; they may change it until the meeting begins.

    For an answer that came by mail, `stamp` is when a calendar wrote it, and `sequence` what it answers to. Raises
    NotPermitted for whoever is not invited, Unmet when no answer is wanted any more, ValidationError for what the
    answer lacks.
    """
    locked: Meeting = engine.lock(meeting)
    if locked.state != MeetingState.SCHEDULED:
        raise Unmet(_("No answer is wanted any more: look at how the meeting stands."))
    invitation = Invitation.objects.filter(meeting=locked, person=person.pk, removed_at=None).first()
    if invitation is None:
        raise NotPermitted(_("You are not invited to this meeting."))
    _check(said)
    invitation.reply, invitation.reply_note = said.reply, said.note.strip()
    invitation.replaced_by = said.replaced_by.strip() if said.reply == Reply.DELEGATED else ""
    invitation.delegate = said.delegate or addresses.within(invitation.replaced_by)
    now = timezone.now()
    # Never later than now: a clock that is ahead would shut out what the person answers next.
    invitation.replied_at, invitation.reply_stamp = now, min(stamp or now, now)
    invitation.reply_sequence = locked.sequence if sequence is None else sequence
    invitation.save()
    live.pulse("meeting", locked.pk)
    return invitation


def _check(said: Said) -> None:
    if said.reply not in ANSWERS:
        raise ValidationError({"reply": _("Choose one of the answers.")})
    if len(said.note) > MOST_NOTE:
        raise ValidationError({"note": _("At most %(most)d characters, please.") % {"most": MOST_NOTE}})
    if len(said.replaced_by) > MOST_NAME:
        raise ValidationError({"replaced_by": _("At most %(most)d characters, please.") % {"most": MOST_NAME}})
    if said.reply == Reply.DELEGATED and not said.replaced_by.strip():
        raise ValidationError({"replaced_by": _("Say who represents you.")})
