"""Content lines: escaping, quoting, folding (RFC 5545, 3.1-3.3; RFC 6868)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

OCTETS = 75  # of a line, its end not counted (3.1)
QUOTED = frozenset(',;:"')
# RFC 6868: what can't stand in a parameter's value, and how it is written.
CARETS = str.maketrans({"^": "^^", "\n": "^n", '"': "^'"})


def clean(text: str) -> str:
    """Without control characters, of which only tab and newline may stand in a text, nor halves of characters."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(one for one in whole if one in "\t\n" or (ord(one) >= 0x20 and not 0x7F <= ord(one) < 0xA0))


def text(value: str) -> str:
    """A value of type TEXT (3.3.11)."""
    escaped = clean(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def one_line(value: str) -> str:
    """A text in which lines mean nothing: titles, places, names."""
    return " ".join(clean(value).split())


def uri(value: str) -> str:
    """A value of type URI: what can't stand in one is left out."""
    return "".join(one for one in clean(value) if one.isprintable() and one not in ' "<>\\^`{|}')


def parameter(value: str) -> str:
    """A parameter's value, quoted where it must be (3.2)."""
    told = one_line(value).translate(CARETS)
    return f'"{told}"' if QUOTED & set(told) or "^" in told else told


def line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """A content line, unfolded. `value` is already of its type."""
    told = "".join(f";{key}={parameter(given)}" for key, given in (parameters or {}).items() if given)
    return f"{name}{told}:{value}"


def folded(lines: Iterable[str]) -> bytes:
    """All lines, folded so that no character is cut, with their ends."""
    return b"".join(_fold(one) for one in lines)


def _fold(one: str) -> bytes:
    octets = one.encode()
    if len(octets) <= OCTETS:
        return octets + b"\r\n"
    parts, room, part = [], OCTETS, b""
    for character in one:
        written = character.encode()
        if len(part) + len(written) > room:
            parts.append(part)
            part, room = b"", OCTETS - 1  # the space that begins a continued line counts
        part += written
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def utc(moment: datetime) -> str:
    """A moment in UTC (3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def duration(of: timedelta) -> str:
    """A duration (3.3.6) in whole minutes or days."""
    minutes = int(of.total_seconds() // 60)
    sign, minutes = ("-" if minutes < 0 else ""), abs(minutes)
    days, rest = divmod(minutes, 1440)
    if days and not rest:
        return f"{sign}P{days}D"
    hours, minutes = divmod(rest, 60)
    told = (f"{days}D" if days else "") + "T" + (f"{hours}H" if hours else "") + f"{minutes}M"
    return f"{sign}P{told}"
