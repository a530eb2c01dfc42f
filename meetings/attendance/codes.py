"""The code on the room's screen: six digits or a QR code, another one every minute, kept nowhere.

Both follow from SECRET_KEY, the meeting and the minute (HMAC-SHA-256), and hold for the minute they are shown in and
the one after. Whoever has entered gets a ticket, so that filling in a form may take its time.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import salted_hmac

from meetings.scheduling.models import Meeting
from workflow.engine import clock

SALT = "palabre.attendance"
DIGITS = 6
PERIOD = 60  # seconds
TICKET_LASTS = timedelta(minutes=15)
TICKET = "~"  # what tickets begin with: no token of the screen does
# Wrong digits a minute: a whole room mistyping behind one address still gets in, a guesser who is at it for an hour
# has one chance in thirty, and is seen by who runs the meeting. The QR code can't be guessed and is never held back.
WRONG_AN_ADDRESS = 60
WRONG_A_MEETING = 300


def minute_of(at: datetime) -> int:
    return int(at.timestamp()) // PERIOD


def seconds_left(at: datetime) -> int:
    """Until the screen must show the next code."""
    return PERIOD - int(at.timestamp()) % PERIOD


def _mac(meeting: Meeting, minute: int) -> bytes:
    return bytes(salted_hmac(SALT, f"{meeting.pk}:{meeting.uid}:{minute}", algorithm="sha256").digest())


def digits(meeting: Meeting, at: datetime | None = None) -> str:
    """The six digits of a minute."""
    number = int.from_bytes(_mac(meeting, minute_of(at or clock.moment()))[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def token(meeting: Meeting, at: datetime | None = None) -> str:
    """What the minute's QR code holds; of other bytes than the digits, and too long to be guessed."""
    return base64.urlsafe_b64encode(_mac(meeting, minute_of(at or clock.moment()))[8:23]).decode()


def address(meeting: Meeting, at: datetime | None = None) -> str:
    """Where the QR code leads."""
    return settings.SITE_URL + reverse("here-by-key", args=[meeting.pk, token(meeting, at)])


def short_address(meeting: Meeting) -> str:
    """What one types who can't scan, and what the printed sheet holds: it asks for the digits."""
    return settings.SITE_URL + reverse("here", args=[meeting.pk])


def ticket(meeting: Meeting) -> str:
    """For whoever had a code that held."""
    return TICKET + signing.TimestampSigner(salt=SALT).sign(str(meeting.pk)).split(":", 1)[1].replace(":", "~")


def holds_digits(meeting: Meeting, given: str) -> bool:
    return _shown(meeting, "".join(given.split()), digits)


def holds_key(meeting: Meeting, given: str) -> bool:
    """A token of this minute or the last, or a ticket that is not too old."""
    if not given.startswith(TICKET):
        return _shown(meeting, given, token)
    signed = f"{meeting.pk}:{given.removeprefix(TICKET).replace('~', ':')}"
    try:
        signing.TimestampSigner(salt=SALT).unsign(signed, max_age=TICKET_LASTS)
    except signing.BadSignature:
        return False
    return True


def _shown(meeting: Meeting, given: str, make: Callable[[Meeting, datetime], str]) -> bool:
    now = clock.moment()
    codes = [make(meeting, at).encode() for at in (now, now - timedelta(seconds=PERIOD))]
    return sum(compare_digest(code, given.encode()) for code in codes) > 0  # both are compared, always


def held_back(meeting_pk: int, address: str) -> bool:
    """Whether too many wrong digits came in this minute, from this address or for this meeting."""
    names = _counters(meeting_pk, address)
    counts = cache.get_many(names)
    return any(counts.get(name, 0) >= most for name, most in names.items())


def note_wrong(meeting_pk: int, address: str) -> None:
    for name in _counters(meeting_pk, address):
        cache.add(name, 0, PERIOD * 2)
        try:
            cache.incr(name)
        except ValueError:  # its time ended between the two: the minute that it counted is over
            cache.set(name, 1, PERIOD * 2)


def _counters(meeting_pk: int, address: str) -> dict[str, int]:
    minute = minute_of(clock.moment())
    return {
        f"attendance:{minute}:{meeting_pk}:{address}": WRONG_AN_ADDRESS,
        f"attendance:{minute}:{meeting_pk}": WRONG_A_MEETING,
    }
