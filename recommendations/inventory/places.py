"""Places of a profile's template: a part, "C", or a section of it, "C.2"; what a source is for and a gap is of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PLACE = re.compile(r"([A-Z]{1,2})(?:\.([1-9][0-9]{0,2}))?")


def validate(place: Any) -> None:
    """A part's letter, alone or with a section's number."""
    if not isinstance(place, str) or not PLACE.fullmatch(place):
        raise ValidationError(_("Write a part or a section as C or C.2."))


def validate_all(places: Any) -> None:
    """A list of them, each once."""
    if not isinstance(places, list) or len({str(place) for place in places}) != len(places):
        raise ValidationError(_("Give each part or section once."))
    for place in places:
        validate(place)


def part_of(place: str) -> str:
    """The part's letter."""
    return place.partition(".")[0]


def order(place: str) -> tuple[str, int]:
    """C before C.2 before C.10 before D."""
    letter, _dot, number = place.partition(".")
    return letter, int(number or 0)


def in_order(places: Iterable[str]) -> list[str]:
    return sorted(set(places), key=order)


def searched(places: Iterable[str]) -> str:
    """As one text in which a place, or any place of a part, is found by `holding`."""
    return "".join(f" {place}" for place in places) + " "


def holding(place: str) -> list[str]:
    """What stands in that text for a place; for a part, also for each of its sections."""
    return [f" {place} "] if "." in place else [f" {place} ", f" {place}."]
