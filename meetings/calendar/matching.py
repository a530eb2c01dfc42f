"""Whether an answer is taken: to which invitation it belongs, whether it is out of date or forged (RFC 5546, 2.1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .replies import Answer

ANSWERS = ("ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED")


@dataclass(frozen=True)
class Asked:
    """An invited person: with which sequence they were asked last, and what their last answer was written on."""

    asked_sequence: int = 0
    reply_sequence: int = 0
    reply_stamp: datetime | None = None


@dataclass(frozen=True)
class State:
    """The meeting as it stands."""

    uid: str
    sequence: int
    cancelled: bool
    attendees: Mapping[str, Asked]


@dataclass(frozen=True)
class Accepted:
    """Whose answer it is, what it says, and who comes instead."""

    attendee: str
    partstat: str
    replaced_by: str = ""


@dataclass(frozen=True)
class Refused:
    reason: str | Promise


def judge(answer: Answer, state: State) -> Accepted | Refused:
    """Accept an answer, or refuse it with the reason."""
    whose, replaced_by = _whose(answer, state)
    asked = state.attendees.get(whose)
    if answer.uid != state.uid:
        return Refused(_("It is about another meeting."))
    if asked is None:
        return Refused(_("Nobody with this address is invited."))
    if answer.sender and answer.sender not in {answer.attendee, whose}:
        return Refused(_("It was sent from another address than the one that it answers for."))
    if state.cancelled:
        return Refused(_("The meeting does not take place."))
    if answer.partstat not in ANSWERS:
        return Refused(_("It neither accepts nor declines."))
    if reason := _out_of_date(answer, state, asked):
        return Refused(reason)
    return Accepted(whose, "DELEGATED" if replaced_by else answer.partstat, replaced_by)


def _whose(answer: Answer, state: State) -> tuple[str, str]:
    """The invited person that it answers for: a delegate answers for who delegated to them (RFC 5546, 3.2.2.3)."""
    if answer.attendee not in state.attendees and answer.delegated_from:
        return answer.delegated_from, answer.name or answer.attendee
    return answer.attendee, answer.delegated_to if answer.partstat == "DELEGATED" else ""


def _out_of_date(answer: Answer, state: State, asked: Asked) -> str | Promise:
    if answer.sequence > state.sequence:
        return _("It answers an invitation that was never sent.")
    if answer.sequence < asked.asked_sequence:
        return _("The meeting has changed since: it answers an older invitation.")
    if (
        asked.reply_stamp
        and answer.stamp
        and answer.sequence <= asked.reply_sequence
        and answer.stamp < asked.reply_stamp
    ):
        return _("A later answer of the same person has come already.")
    return ""
