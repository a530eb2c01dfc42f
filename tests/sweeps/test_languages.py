"""Every page in every language: what a page says in English as well is data, or a word that both languages share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache as limits
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.utils import translation
from django_countries import countries

from tests import factories as f
from tests.checks import catalogue
from workflow.groups.twg_forms import zones

from .reading import Words
from .visiting import answers, client_of
from .world import World

pytestmark = pytest.mark.django_db

ENGLISH = settings.LANGUAGE_CODE
OTHERS = [code for code, _name in settings.LANGUAGES if code != ENGLISH]
# What stands between the pieces that a page puts together, a section's place before its title, a count before its unit,
# a recommendation's number before its words; and months that are short for the same in all three languages.
BETWEEN = re.compile(
    r"\b[A-Z]\.\d+\s+|\b[A-F]\s+(?=[A-Z])|\bRC?\d+\b|\b(?:Jan|Mar|Jun|Nov)\s+\d{4}|\b\d+\s+|\s*[.,:;·()…]+\s*"
)
TEXTS = CharField | TextField | JSONField
NAMES = {"Palabre", "Excel", "Word", "PDF", "CSV", "JSON", "UTC", "bytes"}


@pytest.mark.parametrize("who", ["anonymous", "secretariat", "administrator"])
def test_no_page_speaks_english_to_readers_of_other_languages(world: World, who: str) -> None:
    data, wrong, seen = written_by_people(), set(), 0
    readers = {language: reader(world, who, language) for language in OTHERS}
    for path, english in pages(world, who):
        seen += 1
        for language, client in readers.items():
            left = english & Words.of(client.get(path).text)
            wrong |= {f"{language} {path}: {told}" for told in left if not explained(told, language, data)}
    assert not wrong, "\n".join(sorted(wrong))
    assert seen > 8


def test_english_that_nobody_translated_is_found() -> None:
    left = Words.of('<p>Zyxname</p><p lang="fr">Accueil</p><a title="Untold"><code>x</code> Not translated: 3</a>')
    assert {told for told in left if not explained(told, "pt", "Zyxname")} == {"Untold", "Not translated: 3"}


def test_portuguese_readers_find_countries_dates_and_counts_in_portuguese(world: World) -> None:
    praia = f.twg("CV", names={"en": "TWG", "pt": "GTT de Cabo Verde"}, launched="2009-03-01")
    world.people["Praia"] = f.seat(praia, "secretariat")
    page = reader(world, "Praia", "pt").get(f"/twgs/{praia.code}/").text
    assert '<html lang="pt"' in page
    assert "<dd>Cabo Verde</dd>" in page
    assert "1 de março de 2009" in page
    assert "1 lugar</span>" in page


def reader(world: World, who: str, language: str) -> Client:
    client = client_of(world, who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def pages(world: World, who: str) -> Iterator[tuple[str, set[str]]]:
    """The addresses at which `who` is shown a page, or a refusal, and what these say in English."""
    told = set[frozenset[str]]()
    for answer in answers(world, who):
        if not answer.is_page or answer.path.startswith("/api/") or answer.name == "account_logout":
            continue
        words = Words.of(answer.text)
        if frozenset(words) not in told:  # refusals say the same everywhere
            told.add(frozenset(words))
            limits.clear()
            yield answer.path, words


def explained(told: str, language: str, data: str) -> bool:
    """Whether a text that stands on the English page too may stand there: a name, a datum, a word of both languages."""
    alike, messages = shared(language)
    if told in alike or any(message.fullmatch(told) for message in messages):
        return True
    pieces = [piece for piece in BETWEEN.split(told) if any(letter.isalpha() for letter in piece)]
    return all(piece in alike or piece in data for piece in pieces)


@cache
def shared(language: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """What the language says as English does: "Menu", Togo, Africa/Accra, "version 3" in French."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    forms = [
        form
        for message in catalogue.read(path, language)
        for form in catalogue.forms(message)
        if form and form in catalogue.source_of(message)
        if any(letter.isalpha() for letter in catalogue.PLACE.sub("", form))  # "%(name)s: %(count)s" says nothing
    ]
    fixed = {form for form in forms if not catalogue.PLACE.search(form)}
    patterns = [
        re.compile(".+".join(map(re.escape, catalogue.PLACE.split(form)))) for form in forms if form not in fixed
    ]
    return NAMES | fixed | _countries_alike(language) | {label for _zone, label in zones()}, patterns


def _countries_alike(language: str) -> set[str]:
    with translation.override(ENGLISH):
        english = {str(name) for _code, name in countries}
    with translation.override(language):
        return english & {str(name) for _code, name in countries}


def written_by_people() -> str:
    """Every text in the database that is no code of ours."""
    kinds = [
        kind
        for kind in apps.get_models()
        if kind.__module__.split(".")[0] in ("workflow", "recommendations", "meetings")
    ]
    columns = {kind: [c for c in kind._meta.concrete_fields if isinstance(c, TEXTS)] for kind in kinds}
    codes = {str(code) for found in columns.values() for column in found for code, _label in column.flatchoices or ()}
    told = (
        text
        for kind, found in columns.items()
        for row in kind._default_manager.all()
        for column in found
        for text in _flat(getattr(row, column.attname))
    )
    return "\n".join(text for text in told if text not in codes)


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _flat(inner)
    elif isinstance(value, str):
        yield " ".join(value.split())
