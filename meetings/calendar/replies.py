"""What other people's calendars send back: answers and counter-proposals (RFC 5546, 3.2.3, 3.2.6 and 3.2.7).

Nothing but `Unreadable` comes out of whatever strangers send, and nothing costs more than its size allows.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from . import foreign
from .addresses import normal
from .guarded import Component, Property, Unreadable, calendar
from .letters import MOST_OCTETS, Letter, opened
from .lines import clean, one_line, untold

__all__ = ["MOST_OCTETS", "PARTSTATS", "Answer", "Unreadable", "read"]

log = logging.getLogger(__name__)

METHODS = ("REPLY", "COUNTER", "REFRESH")
# What answers; whatever else is told counts as no answer (RFC 5545, 3.2.12).
PARTSTATS = ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")
LONGEST_UID, LONGEST_NAME, LONGEST_COMMENT = 255, 200, 4_000
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
DURATION = re.compile(
    r"\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?)?", re.ASCII
)


@dataclass(frozen=True)
class Answer:
    """One attendee's answer.

    Addresses are in their normal form (`addresses.normal`), moments in UTC. `partstat` is RFC 5545's word,
    NEEDS-ACTION where nothing is said. `sent_by` is who says to write for the attendee, `sender` the mail's From, which
    is "" where a bare file was read: whoever gives one to us answers for it. `judged` is what the receiving server
    wrote of that sender (Authentication-Results), to be read by `vouching`.
    """

    method: str
    uid: str
    sequence: int
    stamp: datetime | None
    attendee: str
    partstat: str
    name: str = ""
    comment: str = ""
    delegated_to: str = ""
    delegated_from: str = ""
    proposed_starts: datetime | None = None
    proposed_ends: datetime | None = None
    sender: str = ""
    sent_by: str = ""
    judged: str = ""


def read(raw: bytes, *, by_hand: bool = False) -> Answer:
    """The answer in a mail, or in a bare calendar file that is given `by_hand`. Raises Unreadable for everything else.

    The last net under what strangers send: a mistake of ours in reading one mail is logged, and that mail refused; the
    mails after it are read all the same.
    """
    try:
        return _read(raw, by_hand)
    except Unreadable:
        raise
    except Exception as error:
        log.exception("an answer could not be read, for a reason that nobody has foreseen")
        raise Unreadable(_("It could not be read.")) from error


def _read(raw: bytes, by_hand: bool) -> Answer:
    letter = opened(raw, by_hand=by_hand)
    told = calendar(letter.calendar)
    method = told.value("METHOD").upper()
    if method not in METHODS:
        raise Unreadable(_("It is no answer to an invitation."))
    events = [part for part in told.parts if part.name == "VEVENT"]
    if len(events) != 1:
        raise Unreadable(_("An answer is about one meeting."))
    zones = [part for part in told.parts if part.name == "VTIMEZONE"]
    return _answer(method, events[0], zones, letter)


def _answer(method: str, event: Component, zones: list[Component], letter: Letter) -> Answer:
    who = _who(event, method, letter.sender)
    partstat = who.parameters.get("PARTSTAT", "").upper()
    delegate = _first(who, "DELEGATED-TO")
    if partstat == "DELEGATED" and delegate in ("", normal(who.value)):
        raise Unreadable(_("It says that somebody else comes, but not who."))
    starts, ends = _proposed(event, zones) if method == "COUNTER" else (None, None)
    return Answer(
        method=method, uid=_uid(event), sequence=_sequence(event), stamp=foreign.stamp(event.value("DTSTAMP")),
        attendee=normal(who.value), partstat=partstat if partstat in PARTSTATS else "NEEDS-ACTION",
        name=one_line(who.parameters.get("CN", ""))[:LONGEST_NAME], comment=_comment(event, who),
        delegated_to=delegate if partstat == "DELEGATED" else "", delegated_from=_first(who, "DELEGATED-FROM"),
        proposed_starts=starts, proposed_ends=ends, sender=letter.sender, sent_by=_first(who, "SENT-BY"),
        judged=letter.judged,
    )  # fmt: skip


# -- which meeting -----------------------------------------------------------------------------------------


def _uid(event: Component) -> str:
    uid = one_line(untold(event.value("UID")))
    if not uid or len(uid) > LONGEST_UID:
        raise Unreadable(_("It does not say which meeting it is about."))
    if event.first("RECURRENCE-ID"):
        raise Unreadable(_("It is about one of a series of meetings, and there is no series."))
    return uid


def _sequence(event: Component) -> int:
    """0 where it is not told, as the standard has it (RFC 5545, 3.8.7.4)."""
    told = event.value("SEQUENCE") or "0"
    if not NUMBER.fullmatch(told):
        raise Unreadable(_("It does not say which invitation it answers."))
    return int(told)


# -- whose answer ------------------------------------------------------------------------------------------


def _who(event: Component, method: str, sender: str) -> Property:
    """The attendee whose answer it is: the only one, with two exceptions.

    A delegate tells with their own answer that the other has delegated (RFC 5546, 4.2.5). A counter-proposal may name
    everybody (3.2.7): it is its sender's.
    """
    named = event.all("ATTENDEE")
    if len(named) == 1:
        found = named
    elif method == "COUNTER":
        found = [one for one in named if sender and normal(one.value) == sender]
    else:
        found = _of_two(named)
    if len(found) != 1:
        raise Unreadable(_("An answer is one person's."))
    if not normal(found[0].value):
        raise Unreadable(_("It does not say whose answer it is."))
    return found[0]


def _of_two(named: list[Property]) -> list[Property]:
    """Of a delegate and who delegated to them: the delegate, once they have answered; until then the other."""
    if len(named) != 2:
        return []
    for delegate, other in (named, named[::-1]):
        delegated = other.parameters.get("PARTSTAT", "").upper() == "DELEGATED"
        if delegated and _first(delegate, "DELEGATED-FROM") == normal(other.value) != "":
            answered = delegate.parameters.get("PARTSTAT", "").upper() in PARTSTATS
            return [delegate] if answered else [other]
    return []


def _first(who: Property, parameter: str) -> str:
    """The first address of a parameter that may hold several; "" where there is none."""
    return normal(who.parameters.get(parameter, "").split(",")[0].strip('" '))


def _comment(event: Component, who: Property) -> str:
    """What the person wrote: Google and Apple put it into a parameter of their own."""
    told = [untold(one.value).strip() for one in event.all("COMMENT")]
    told = told or [clean(who.parameters.get("X-RESPONSE-COMMENT", ""))]
    return "\n".join(filter(None, told)).strip()[:LONGEST_COMMENT]


# -- which other time --------------------------------------------------------------------------------------


def _proposed(event: Component, zones: list[Component]) -> tuple[datetime | None, datetime | None]:
    """Begin and end that a counter-proposal asks for; neither where it asks for something else."""
    starting, ending = event.first("DTSTART"), event.first("DTEND")
    if starting is None:
        return None, None
    starts = foreign.moment(starting, zones)
    ends = foreign.moment(ending, zones) if ending else starts + _lasting(event.value("DURATION"))
    if ends < starts:
        raise Unreadable(_("It proposes no time that can be read."))
    return starts, ends


def _lasting(told: str) -> timedelta:
    if not told:
        return timedelta(0)
    found = DURATION.fullmatch(told)
    if found is None:
        raise Unreadable(_("It proposes no time that can be read."))
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
