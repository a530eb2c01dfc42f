"""What stands under figures and tables, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _


def missing(number: int | None) -> str:
    """What stands where a picture should be."""
    if number is None:
        return _("A picture is missing here: add it as a figure and name it by its number.")
    return _("Figure %(number)s is missing: no figure bears this number.") % {"number": number}


def figure_title(number: int, caption: str) -> str:
    """“Figure 3: Returns by year”; the colon as the language sets it."""
    if not caption:
        return _("Figure %(number)s") % {"number": number}
    return _("Figure %(number)s: %(caption)s") % {"number": number, "caption": caption}


def source_line(source: str, year: str) -> str:
    """“Source: INSTAT, 2008”, or nothing."""
    told = ", ".join(part for part in (source, year) if part)
    return _("Source: %(source)s") % {"source": told} if told else ""
