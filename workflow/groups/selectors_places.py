"""What a country suggests to the form that opens its TWG: names, a time zone, languages."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django_countries import countries

from . import words
from .models import Region

# Official languages that are among Palabre's, of countries where French or Portuguese is one of them (ISO 3166).
FRENCH = "BF BI BJ CD CF CG CI CM DJ FR GA GN GQ HT KM LU MC MG ML MR NE RW SC SN TD TG VU".split()
PORTUGUESE = "AO BR CV GQ GW MZ PT ST TL".split()
ENGLISH_TOO = {"BI", "CM", "MG", "RW", "SC", "VU"}


def suggestion(country: str) -> dict[str, Any]:
    """Initial values for a country's TWG; only the common ones when there is no such country."""
    common: dict[str, Any] = {"preset": "usual", "cadence_from": 2, "cadence_to": 3, "time_zone": ""}
    if country not in dict(countries):
        return common
    spoken = languages_of(country)
    names = {f"names_{code}": name for code, name in names_for(country, spoken).items()}
    return common | names | {"country": country, "languages": spoken, "time_zone": zone_of(country)}


def names_for(place: str | Region, languages: Iterable[str]) -> dict[str, str]:
    """What the TWG of a country (its ISO code) or of a region is called in each language, until it is named."""
    names = {}
    for code in languages:
        with translation.override(code):
            called = countries.name(place) if isinstance(place, str) else words.in_language(place.names, code)
            names[code] = gettext("Technical Working Group on Migration, %(country)s") % {"country": called}
    return names


def languages_of(country: str) -> list[str]:
    found = [code for code, among in (("fr", FRENCH), ("pt", PORTUGUESE)) if country in among]
    return ["en", *found] if not found or country in ENGLISH_TOO else found


@cache
def _zones_by_country() -> dict[str, str]:
    """The first zone of each country in the time zone database's own table; empty where the machine has none."""
    for folder in zoneinfo.TZPATH:
        try:
            with open(f"{folder}/zone.tab", encoding="utf-8") as table:
                return _parse(table.read())
        except OSError:
            continue
    try:
        return _parse(resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8"))
    except (ModuleNotFoundError, OSError):
        return {}


def _parse(table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in table.splitlines():
        if not line.startswith("#") and line.count("\t") >= 2:
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, zone)
    return found


def zone_of(country: str) -> str:
    return _zones_by_country().get(country, "UTC")
