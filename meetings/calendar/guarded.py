"""Calendars of strangers, taken apart line by line within limits (RFC 5545, 3.1 and 3.4).

No calendar parser sees the whole: `icalendar` would remember a stranger's VTIMEZONE for the whole process and expand
its recurrence rules, which can be without end. It is given one line at a time, of the few properties that an answer
needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from icalendar.parser import Contentline

MOST_LINES = 10_000  # 500 attendees, and the zones of Google, which lists each change of the clock
LONGEST_LINE = 20_000  # characters, unfolded
MOST_WANTED = 200_000  # characters of properties that are looked into
MOST_COMPONENTS = 500
DEEPEST = 4
WANTED = frozenset({
    "METHOD", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "COMMENT", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID",
    "TZID", "TZOFFSETTO", "RRULE",
})  # fmt: skip
NAME = re.compile(r"[A-Za-z0-9-]{1,40}(?=[;:])")
FOLD = re.compile(r"\n[ \t]")


class Unreadable(Exception):
    """What was sent is no answer to an invitation; `reason` says why, for people."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Property:
    """A content line. `value` is as it was sent: a text is still escaped."""

    name: str
    value: str
    parameters: Mapping[str, str]


@dataclass
class Component:
    """What stands between BEGIN and END: its wanted properties, and the components within it."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str:
        """The first property's value without the spaces around it; "" where there is none."""
        found = self.first(name)
        return found.value.strip() if found else ""


def calendar(text: str) -> Component:
    """The VCALENDAR of a text. Raises Unreadable for whatever is built otherwise, or too large to be an answer."""
    root = Component("")
    open_ones, count, wanted = [root], 0, 0
    for line in _lines(text):
        word, _colon, name = line.partition(":")
        word = word.strip().upper()
        if word == "BEGIN":
            count += 1
            if count > MOST_COMPONENTS or len(open_ones) > DEEPEST:
                raise Unreadable(_("It is larger than an answer can be."))
            begun = Component(name.strip().upper())
            open_ones[-1].parts.append(begun)
            open_ones.append(begun)
        elif word == "END":
            if len(open_ones) == 1 or open_ones.pop().name != name.strip().upper():
                raise Unreadable(_("It is not built as a calendar's answer is."))
        elif len(open_ones) > 1 and _is_wanted(line):
            wanted += len(line)
            if wanted > MOST_WANTED:
                raise Unreadable(_("It is larger than an answer can be."))
            open_ones[-1].properties.append(_property(line))
    if len(open_ones) > 1 or [part.name for part in root.parts] != ["VCALENDAR"]:
        raise Unreadable(_("It is not built as a calendar's answer is."))
    return root.parts[0]


def _lines(text: str) -> Iterator[str]:
    """The content lines, unfolded."""
    whole = FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if whole.count("\n") > MOST_LINES:
        raise Unreadable(_("It is larger than an answer can be."))
    for line in whole.split("\n"):
        if len(line) > LONGEST_LINE:
            raise Unreadable(_("It is larger than an answer can be."))
        if line.strip():
            yield line


def _is_wanted(line: str) -> bool:
    found = NAME.match(line)
    return found is not None and found[0].upper() in WANTED


def _property(line: str) -> Property:
    try:
        name, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise Unreadable(_("It is not built as a calendar's answer is.")) from error
    return Property(name.upper(), value, {key.upper(): _joined(told) for key, told in parameters.items()})


def _joined(told: str | list[str]) -> str:
    """Names with an unquoted comma come as two values: old programs quote none."""
    return ", ".join(told) if isinstance(told, list) else told
