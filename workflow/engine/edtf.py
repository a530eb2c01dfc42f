"""Dates known only in part, in a small subset of the Extended Date/Time Format (EDTF, ISO 8601-2).

A source that says "June 2009" is not made to say "1 June 2009": the text `2009-06` is kept as it is, shown as it is
known, and turned into an instant only where things must be put in order. Understood are

    2009                a year
    2009-06             a month
    2009-06-15          a day
    2009-04/2009-05     an interval; `..` on one side leaves it open (`2010-01/..`, `../2009`)

A date that is not known at all is no text (None or ""), and this module is not asked about it, save by `display`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils import formats, translation
from django.utils.translation import gettext, pgettext

Precision = Literal["year", "month", "day", "interval"]

MAX_LENGTH = 21  # characters: two days and the stroke between them
_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
# What an event says of its date when nobody knows it; no date itself, so `parse` refuses it.
OPEN = "open"
_OPEN = ".."


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as it is known.

    `first` and `last` are the first and last day that it can be; None where an interval is open. Of an
    interval, `first` is the first day of its start and `last` the last day of its end.
    """

    text: str
    first: date | None
    last: date | None
    precision: Precision

    def __str__(self) -> str:
        return self.text

    @property
    def start(self) -> "Moment | None":
        """The left side of an interval, None if open; anything else is its own start."""
        return self._side(0)

    @property
    def end(self) -> "Moment | None":
        """The right side of an interval, None if open; anything else is its own end."""
        return self._side(1)

    def _side(self, index: int) -> "Moment | None":
        if self.precision != "interval":
            return self
        side = self.text.split("/")[index]
        return None if side == _OPEN else _point(side)


def parse(text: str) -> Moment:
    """Read `text`; raises ValueError, with a message in the reader's language, where it is no such date."""
    before, stroke, after = text.partition("/")
    if not stroke:
        return _point(text)
    if before == after == _OPEN:
        raise ValueError(gettext("An interval needs a date on at least one side: “2010-01/..” or “../2009”."))
    start = None if before == _OPEN else _point(before)
    end = None if after == _OPEN else _point(after)
    first = start.first if start else None
    last = end.last if end else None
    if first and last and first > last:
        raise ValueError(gettext("The interval “%(text)s” ends before it starts.") % {"text": _shown(text)})
    return Moment(text, first, last, "interval")


def validate(text: str) -> None:
    """A Django validator for text columns that hold such a date."""
    try:
        parse(text)
    except ValueError as error:
        raise ValidationError(str(error), code="edtf") from error


def instant(text: str) -> datetime:
    """UTC midnight of the first day that `text` can be, or of the last one if it has no first: for putting in order."""
    moment = parse(text)
    day = moment.first or moment.last
    if day is None:  # parse() refuses "../..", so one of the two is known
        raise ValueError(text)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def display(text: str | None, language: str | None = None) -> str:
    """`text` in words, in `language` or the active one: "June 2009", "April to May 2009"; "" for an unknown date."""
    if not text:
        return ""
    if language:
        with translation.override(language):
            return display(text)
    moment = parse(text)
    if moment.precision != "interval":
        return _point_in_words(moment)
    start, end = moment.start, moment.end
    if start and end:
        return _interval_in_words(start, end)
    if start:
        return _from(start)
    return _until(end) if end else ""


def _point(text: str) -> Moment:
    """A year, a month or a day; ValueError if it is none of them or not in the calendar."""
    match = _POINT.fullmatch(text)
    if not match:
        raise ValueError(
            gettext("“%(text)s” is not a date: write 2009, 2009-06, 2009-06-15 or an interval such as 2009-04/2009-05.")
            % {"text": _shown(text)}
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise ValueError(gettext("“%(text)s” is not in the calendar.") % {"text": text}) from error
    if month is None:
        return Moment(text, first, first.replace(month=12, day=31), "year")
    if day is None:
        return Moment(text, first, first.replace(day=calendar.monthrange(first.year, month)[1]), "month")
    return Moment(text, first, first, "day")


def _shown(text: str) -> str:
    """What was written, cut so that a pasted page does not become the message."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def _format(day: date, name: str) -> str:
    """`day` by the name of one of Django's formats, with the months in the letters of each language."""
    language = (translation.get_language() or "en").split("-")[0]
    words = formats.date_format(day, name)
    if language == "fr" and name in ("DATE_FORMAT", "MONTH_DAY_FORMAT") and day.day == 1:
        words = words.replace("1 ", "1er ", 1)
    # Portuguese months have small letters since the 1990 agreement; Django's catalogue has capitals.
    return words.lower() if language == "pt" else words


def _point_in_words(moment: Moment) -> str:
    first = moment.first
    if first is None or moment.precision == "year":
        return moment.text
    return _format(first, "YEAR_MONTH_FORMAT" if moment.precision == "month" else "DATE_FORMAT")


def _interval_in_words(start: Moment, end: Moment) -> str:
    """Both ends, without saying twice a year or a month that they share."""
    if start.text == end.text:
        return _point_in_words(start)
    first, last = start.first, end.first
    words = {"first": _point_in_words(start), "last": _point_in_words(end)}
    if first and last and first.year == last.year and start.precision == end.precision:
        if start.precision == "month":
            words["first"] = _format(first, "F")
        elif first.month == last.month:
            words["first"] = str(first.day)
        else:
            words["first"] = _format(first, "MONTH_DAY_FORMAT")
    # Translators: both ends of a period, such as "April to May 2009", "15 to 20 June 2009" or "2008 to 2009".
    return pgettext("period", "%(first)s to %(last)s") % words


def _from(start: Moment) -> str:
    words = {"date": _point_in_words(start)}
    if start.precision == "day":
        # Translators: the date is a day; French says "à partir du 15 juin 2009".
        return pgettext("day", "from %(date)s") % words
    # Translators: the date is a year or a month; French says "à partir de janvier 2010".
    return pgettext("year or month", "from %(date)s") % words


def _until(end: Moment) -> str:
    words = {"date": _point_in_words(end)}
    if end.precision == "day":
        # Translators: the date is a day; French says "jusqu’au 15 juin 2009".
        return pgettext("day", "until %(date)s") % words
    # Translators: the date is a year or a month; French says "jusqu’en janvier 2010".
    return pgettext("year or month", "until %(date)s") % words
