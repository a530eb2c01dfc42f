"""Content lines: what a text may hold, escaping, quoting, folding (RFC 5545, 3.1 to 3.3; RFC 6868).

`ics` writes lines as they are given to it; what makes them those of the standard is done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from ics.grammar.parse import ContentLine

OCTETS = 75  # of a line, its end not counted (3.1)
CONTINUES = b"\r\n "
# Line ends of other ages and scripts are line ends; of the other control characters none is kept (3.1, CONTROL).
ENDS_OF_LINES = "\r\v\f\x85\u2028\u2029"
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]) | dict.fromkeys(map(ord, ENDS_OF_LINES), "\n")
CONTROLS |= {ord("\t"): "\t", ord("\n"): "\n"}
HALVES = re.compile("[\ud800-\udfff]")  # of characters: UTF-8 has no octets for them
PLAIN = re.compile(r"[A-Za-z0-9/+_.-]+")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Of a URI: all that it may hold (RFC 3986, 2), and the percent sign of what is encoded already.
IN_A_URI = "!#$%&'()*+,/:;=?@[]~"


def clean(value: str) -> str:
    """A text that any program can read: lines end in \\n, and nothing is in it that has no form in UTF-8."""
    whole = value.replace("\r\n", "\n").translate(CONTROLS)
    return whole if whole.isascii() else HALVES.sub("\ufffd", whole)


def one_line(value: str) -> str:
    """A text in which lines mean nothing: titles, places, names."""
    return " ".join(clean(value).split())


def text(value: str) -> str:
    """A value of type TEXT (3.3.11)."""
    escaped = clean(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def untold(value: str) -> str:
    """What a value of type TEXT says: `text` undone, for what others wrote."""
    return clean(ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value))


def uri(value: str) -> str:
    """A value of type URI (3.3.13): what can't stand in one is percent-encoded."""
    return quote(one_line(value), safe=IN_A_URI)


def parameter(value: str) -> str:
    """A parameter's value (3.2), quoted unless it is a plain word.

    A double quote can't stand in one. RFC 6868 has a sign for it, which Outlook and Google show as it is; an apostrophe
    says the same to everybody. The caret is that RFC's own sign and is doubled.
    """
    told = one_line(value).replace('"', "'").replace("^", "^^")
    return told if PLAIN.fullmatch(told) else f'"{told}"'


def line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> Any:
    """A content line of `ics`. `value` is already of its type; parameters that say nothing are left out."""
    told = {key: [parameter(given)] for key, given in (parameters or {}).items() if one_line(given)}
    return ContentLine(name, told, value)


def folded(lines: Iterable[str]) -> bytes:
    """All lines with their ends, none longer than 75 octets."""
    return b"".join(_fold(one.encode()) + b"\r\n" for one in lines)


def _fold(octets: bytes) -> bytes:
    """Cut so that neither a character nor an escaped sign is torn: some programs join the octets only afterwards."""
    if len(octets) <= OCTETS:
        return octets
    parts, start, room = [], 0, OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # a later octet of a character in UTF-8
            end -= 1
        if octets[end - 1] == ord("\\"):
            end -= 1
        parts.append(octets[start:end])
        start, room = end, OCTETS - 1  # the space that begins a continued line counts
    return CONTINUES.join([*parts, octets[start:]])


def utc(moment: datetime) -> str:
    """A moment in UTC (3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def duration(of: timedelta) -> str:
    """A duration (3.3.6). Weeks stand alone in it, so that 8 days are no week and a day."""
    seconds = int(of.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    days, rest = divmod(seconds, 86_400)
    if days and not rest:
        return f"{sign}P{days // 7}W" if days % 7 == 0 else f"{sign}P{days}D"
    minutes, seconds = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return f"{sign}P{f'{days}D' if days else ''}T{time or '0S'}"
