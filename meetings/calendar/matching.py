"""Whether an answer is taken: whose it is, whether it is forged or out of date (RFC 5546, 2.1.5, 3.2.3 and 3.2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .addresses import normal
from .replies import PARTSTATS, Answer

AHEAD = timedelta(days=1)  # by which the clock of somebody's computer may be wrong


@dataclass(frozen=True)
class Asked:
    """An invited person: with which sequence they were asked last, and what their last answer was written on.

    `delegates` are the addresses to which they have delegated, as they said themselves: whoever else says to come for
    them is refused. `deputies` are addresses that may answer for them (SENT-BY).
    """

    asked_sequence: int = 0
    reply_sequence: int = 0
    reply_stamp: datetime | None = None
    delegates: frozenset[str] = frozenset()
    deputies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """The meeting as it stands; `attendees` by address, in whatever letters."""

    uid: str
    sequence: int
    cancelled: bool
    attendees: Mapping[str, Asked]


@dataclass(frozen=True)
class Accepted:
    """Whose answer it is, as the state names them; what it says (PARTSTAT); who comes instead, a name or address.

    `delegate` is the address that may answer for them from now on: also of one who does not come, and may yet.
    """

    attendee: str
    partstat: str
    replaced_by: str = ""
    delegate: str = ""


@dataclass(frozen=True)
class Refused:
    """`reason` is a sentence for people."""

    reason: str | Promise


@dataclass(frozen=True)
class Resend(Refused):
    """No answer: `attendee` asks for the invitation once more (RFC 5546, 3.2.6)."""

    attendee: str = ""


def judge(answer: Answer, state: State, *, now: datetime) -> Accepted | Refused:
    """Accept an answer, or refuse it with the reason.

    One that was written later than tomorrow is refused: it would be the last one for ever.
    """
    if answer.uid != state.uid:
        return Refused(_("It is about another meeting."))
    invited = {normal(address) or address: address for address in state.attendees}
    whose = answer.attendee if answer.attendee in invited else answer.delegated_from
    if whose not in invited:
        return Refused(_("Nobody with this address is invited."))
    asked = state.attendees[invited[whose]]
    if reason := _forged(answer, whose, asked):
        return Refused(reason)
    if state.cancelled:
        return Refused(_("The meeting does not take place."))
    if answer.method == "REFRESH":
        return Resend(_("It asks for the invitation once more."), invited[whose])
    if answer.partstat not in PARTSTATS and answer.method != "COUNTER":
        return Refused(_("It neither accepts nor declines."))
    if reason := _out_of_date(answer, state, asked, now):
        return Refused(reason)
    return _accepted(answer, whose, invited[whose])


def _forged(answer: Answer, whose: str, asked: Asked) -> str | Promise:
    """A bare file has no sender; whoever gives one to us answers for it."""
    if answer.attendee != whose and answer.attendee not in _all(asked.delegates):
        return _("Whoever is invited has not said that this person comes instead.")
    deputy = answer.sender == answer.sent_by and answer.sender in _all(asked.deputies)
    if answer.sender and answer.sender not in (answer.attendee, whose) and not deputy:
        return _("It was sent from another address than the one that it answers for.")
    return ""


def _all(addresses: frozenset[str]) -> set[str]:
    return {normal(address) for address in addresses}


def _out_of_date(answer: Answer, state: State, asked: Asked, now: datetime) -> str | Promise:
    if answer.sequence > state.sequence:
        return _("It answers an invitation that was never sent.")
    if answer.sequence < asked.asked_sequence:
        return _("The meeting has changed since: it answers an older invitation.")
    if answer.stamp and answer.stamp > now + AHEAD:
        return _("It was written in the future, by its own clock.")
    if asked.reply_stamp and answer.sequence <= asked.reply_sequence:
        if answer.stamp is None:
            return _("It does not say when it was written, and there is another answer.")
        if answer.stamp < asked.reply_stamp:
            return _("A later answer of the same person has come already.")
    return ""


def _accepted(answer: Answer, whose: str, named: str) -> Accepted:
    """A delegate answers for who delegated to them (RFC 5546, 3.2.2.3): if they do not come either, nobody comes.

    Who proposes another time and says nothing else neither comes nor stays away.
    """
    partstat = answer.partstat if answer.partstat in PARTSTATS else "TENTATIVE"
    if partstat == "DELEGATED":
        return Accepted(named, partstat, answer.delegated_to, answer.delegated_to)
    if answer.attendee == whose:
        return Accepted(named, partstat)
    if partstat == "DECLINED":
        return Accepted(named, partstat, delegate=answer.attendee)
    return Accepted(named, "DELEGATED", answer.name or answer.attendee, answer.attendee)
